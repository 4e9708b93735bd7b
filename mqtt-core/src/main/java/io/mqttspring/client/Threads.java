package io.mqttspring.client;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Virtual threads on Java 21 and later, daemon threads before.
 */
final class Threads {

	private static final @Nullable MethodHandle OF_VIRTUAL;

	private static final @Nullable MethodHandle UNSTARTED;

	static {
		MethodHandle ofVirtual = null;
		MethodHandle unstarted = null;
		try {
			MethodHandles.Lookup lookup = MethodHandles.publicLookup();
			Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
			ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder))
				.asType(MethodType.methodType(Object.class));
			unstarted = lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class))
				.asType(MethodType.methodType(Thread.class, Object.class, Runnable.class));
		}
		catch (ReflectiveOperationException ex) {
			// Before Java 21 there are none
		}
		OF_VIRTUAL = ofVirtual;
		UNSTARTED = unstarted;
	}

	private Threads() {
	}

	private static Thread create(String name, Runnable task) {
		Thread thread;
		if (OF_VIRTUAL != null && UNSTARTED != null) {
			try {
				thread = (Thread) UNSTARTED.invokeExact((Object) OF_VIRTUAL.invokeExact(), task);
			}
			catch (Throwable ex) {
				throw new IllegalStateException("A virtual thread cannot be made", ex);
			}
			thread.setName(name);
			return thread;
		}
		thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	static Thread start(String name, Runnable task) {
		Thread thread = create(name, task);
		thread.start();
		return thread;
	}

	/**
	 * Return where tasks run.
	 * @param own what the user has named, or {@code null}. What it does not take, for
	 * whatever reason, runs on a thread all the same: an application that shuts down may
	 * end it before its clients, and these have to come to their end.
	 */
	static Executor executor(String name, @Nullable Executor own) {
		if (own != null) {
			return (task) -> {
				try {
					own.execute(task);
				}
				catch (RuntimeException ex) { // RejectedExecutionException mostly
					start(name, task);
				}
			};
		}
		if (OF_VIRTUAL != null) {
			return (task) -> start(name, task);
		}
		ThreadFactory factory = (task) -> create(name, task);
		// Threads that idle end soon, so there is nothing to shut down
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
	}

}
