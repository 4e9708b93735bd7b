package io.mqttspring.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The one lock of a client, and what it takes to use it well. It guards the session and
 * every field of {@link Connection}, {@link Lifecycle}, {@link Publisher},
 * {@link Subscriber}, {@link Subscriptions}, {@link Intake} and {@link Writer} that is
 * not final. It is never held during I/O, a wait that is not on one of its conditions, or
 * anybody else's code: that is left to {@link #later}, and handed over by
 * {@link #unlock()}.
 */
final class Guard {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final SerialTasks events;

	private final Lanes lanes;

	private int waiters; // for changed

	private boolean eventsAdded;

	Guard(SerialTasks events, Lanes lanes) {
		this.events = events;
		this.lanes = lanes;
	}

	void lock() {
		this.lock.lock();
	}

	/**
	 * Unlock, and hand over what {@link #later} has gathered.
	 */
	void unlock() {
		boolean flush = this.eventsAdded;
		this.eventsAdded = false;
		this.lock.unlock();
		if (flush) {
			this.events.flush();
		}
	}

	/**
	 * Ask for something with the lock held.
	 */
	<T extends @Nullable Object> T get(Supplier<T> question) {
		lock();
		try {
			return question.get();
		}
		finally {
			unlock();
		}
	}

	/**
	 * Do something with the lock held.
	 */
	void run(Runnable action) {
		lock();
		try {
			action.run();
		}
		finally {
			unlock();
		}
	}

	Condition newCondition() {
		return this.lock.newCondition();
	}

	/**
	 * Run a task on the client's executor, after the lock is released. Called with the
	 * lock held.
	 */
	void later(Runnable task) {
		this.events.add(task);
		this.eventsAdded = true;
	}

	/**
	 * Hand over what was gathered before a wait, which does not unlock. Called with the
	 * lock held.
	 * @return whether the lock was released meanwhile
	 */
	boolean handOver() {
		if (!this.eventsAdded) {
			return false;
		}
		unlock();
		lock();
		return true;
	}

	SerialTasks events() {
		return this.events;
	}

	Lanes lanes() {
		return this.lanes;
	}

	/**
	 * Wake who waits in {@link #awaitChange}. Called with the lock held.
	 */
	void changed() {
		if (this.waiters > 0) {
			this.changed.signalAll();
		}
	}

	/**
	 * Wait until something is so. Called with the lock held.
	 * @param until what is waited for
	 * @param deadline in the time of {@link System#nanoTime()}
	 * @param handlerWait what a waiting handler is watched by
	 * @return whether it is so
	 * @throws MqttException if the thread is interrupted, which stays set
	 */
	boolean await(BooleanSupplier until, long deadline, HandlerWait handlerWait) {
		this.waiters++;
		try {
			while (!until.getAsBoolean()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return false;
				}
				handlerWait.check();
				if (!handOver()) {
					this.changed.awaitNanos(handlerWait.limit(left));
				}
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MqttException("The thread was interrupted while it waited for the broker", ex);
		}
		finally {
			this.waiters--;
		}
	}

	/**
	 * Wait until something is so, and go on when interrupted: who calls has to come to an
	 * end, within the deadline. Called with the lock held.
	 * @param until what is waited for
	 * @param deadline in the time of {@link System#nanoTime()}
	 * @return whether it is so
	 */
	boolean awaitChange(BooleanSupplier until, long deadline) {
		boolean interrupted = false;
		this.waiters++;
		try {
			while (!until.getAsBoolean()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return false;
				}
				try {
					if (!handOver()) {
						this.changed.awaitNanos(left);
					}
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			return true;
		}
		finally {
			this.waiters--;
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
