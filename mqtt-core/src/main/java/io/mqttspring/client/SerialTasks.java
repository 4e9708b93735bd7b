package io.mqttspring.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order, on an executor: callbacks, futures and
 * listeners. Thread-safe: {@code tasks}, {@code running} and {@code runner} are guarded
 * by this object's monitor, which is never held while a task runs.
 */
final class SerialTasks {

	private static final Logger logger = LoggerFactory.getLogger(SerialTasks.class);

	private final Executor executor;

	private final Runnable onIdle;

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private boolean running;

	private volatile int size; // of tasks, for who needs it only about

	private volatile @Nullable Thread runner;

	SerialTasks(Executor executor, Runnable onIdle) {
		this.executor = executor;
		this.onIdle = onIdle;
	}

	/**
	 * Add a task, to be run after the next {@link #flush()}. Never waits and calls
	 * nobody.
	 */
	synchronized void add(Runnable task) {
		this.tasks.add(task);
		this.size = this.tasks.size();
	}

	/**
	 * Hand over what was added. Not to be called with a lock held.
	 */
	void flush() {
		synchronized (this) {
			if (this.running || this.tasks.isEmpty()) {
				return;
			}
			this.running = true;
		}
		try {
			this.executor.execute(this::run);
		}
		catch (Throwable ex) { // the system has no more threads, say
			synchronized (this) {
				this.running = false; // the next flush tries again
			}
			logger.error("No thread for callbacks and listeners; they wait until there is one", ex);
		}
	}

	/**
	 * Return about how many tasks wait.
	 */
	int size() {
		return this.size;
	}

	/**
	 * Return whether this thread is running a task.
	 */
	boolean isCurrent() {
		return this.runner == Thread.currentThread();
	}

	private void run() {
		this.runner = Thread.currentThread();
		Runnable task;
		while ((task = next()) != null) {
			try {
				task.run();
			}
			catch (Throwable ex) { // somebody's code: the others go on
				logger.error("A callback or listener failed", ex);
			}
			Thread.interrupted(); // set by this task: not for the next one
		}
		this.onIdle.run();
	}

	private synchronized @Nullable Runnable next() {
		Runnable task = this.tasks.poll();
		this.size = this.tasks.size();
		if (task == null) {
			this.running = false;
			this.runner = null;
		}
		return task;
	}

}
