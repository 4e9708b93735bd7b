package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * An answer of the broker that somebody waits for. Who blocks is woken at once; the
 * future is completed on the client's executor, where it may run somebody's code. A
 * callback that blocks for an answer so never waits for itself. Guarded by the lock.
 *
 * @param <T> what the future brings
 */
final class Pending<T> {

	private final Guard guard;

	private final CompletableFuture<T> future;

	private boolean done;

	private @Nullable MqttException failure;

	Pending(Guard guard) {
		this.guard = guard;
		this.future = new ClientFuture<>(guard);
	}

	CompletableFuture<T> future() {
		return this.future;
	}

	/**
	 * Return whether the answer is a failure. Called with the lock held.
	 */
	boolean isFailed() {
		return this.failure != null;
	}

	/**
	 * Bring the answer, if it is the first one. Called with the lock held.
	 */
	void complete(@Nullable T value) {
		if (!this.done) {
			this.done = true;
			this.guard.changed();
			this.guard.later(() -> this.future.complete(value));
		}
	}

	/**
	 * Bring the failure, if it is the first answer. Called with the lock held.
	 */
	void fail(MqttException failure) {
		if (!this.done) {
			this.done = true;
			this.failure = failure;
			this.guard.changed();
			this.guard.later(() -> this.future.completeExceptionally(failure));
		}
	}

	/**
	 * Wait for the answer. Called without the lock.
	 * @throws MqttException if it is a failure, or the thread is interrupted
	 */
	void await(Duration timeout, HandlerWait handlerWait, Supplier<MqttTimeoutException> tooLate) {
		this.guard.lock();
		try {
			if (!this.guard.await(() -> this.done, System.nanoTime() + timeout.toNanos(), handlerWait)) {
				throw tooLate.get();
			}
			if (this.failure != null) {
				throw this.failure;
			}
		}
		finally {
			this.guard.unlock();
			handlerWait.end();
		}
	}

}
