package io.mqttspring.client.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs what blocks beside the test, each on a thread of its own. The common pool is no
 * place for it: on two cores that pool has one thread, and from JDK 25 on every
 * {@code CompletableFuture} without an executor waits for it.
 */
public final class Background {

	private static final Executor THREADS = (task) -> {
		Thread thread = new Thread(task, "test-background");
		thread.setDaemon(true);
		thread.start();
	};

	private Background() {
	}

	public static CompletableFuture<Void> run(Runnable task) {
		return CompletableFuture.runAsync(task, THREADS);
	}

	public static <T> CompletableFuture<T> supply(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, THREADS);
	}

}
