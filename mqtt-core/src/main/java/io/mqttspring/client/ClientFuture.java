package io.mqttspring.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What all futures of a client are. A handler that waits for one lets the reader go on,
 * as with a call that blocks: else the reader could wait for the handler, and the handler
 * for what the reader brings. A callback that waits for one would wait for itself, and is
 * told so. What is made of one by {@code thenApply} and the like is such a future too.
 *
 * @param <T> what it brings
 */
final class ClientFuture<T> extends CompletableFuture<T> {

	private final Guard guard;

	ClientFuture(Guard guard) {
		this.guard = guard;
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new ClientFuture<>(this.guard);
	}

	@Override
	public T get() throws InterruptedException, ExecutionException {
		try {
			awaitInHandler(Long.MAX_VALUE);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("The end of time has come", ex);
		}
		return super.get();
	}

	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		long deadline = System.nanoTime() + unit.toNanos(timeout);
		awaitInHandler(unit.toNanos(timeout));
		return super.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	@Override
	public T join() {
		boolean interrupted = false;
		while (true) {
			try {
				awaitInHandler(Long.MAX_VALUE);
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true; // join goes on
			}
			catch (TimeoutException ex) {
				throw new IllegalStateException("The end of time has come", ex);
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return super.join();
	}

	private void awaitInHandler(long nanos) throws InterruptedException, TimeoutException {
		if (isDone()) {
			return;
		}
		if (this.guard.events().isCurrent()) {
			throw new IllegalStateException(
					"A callback or listener waits for a future, which is completed after it: use the call that blocks, or thenAccept");
		}
		if (!this.guard.lanes().isCurrent()) {
			return;
		}
		long begin = System.nanoTime();
		HandlerWait handlerWait = HandlerWait.begin(this.guard.lanes());
		try {
			while (!isDone()) {
				long left = nanos - (System.nanoTime() - begin);
				if (left <= 0) {
					throw new TimeoutException();
				}
				handlerWait.check();
				awaitDone(handlerWait.limit(left));
			}
		}
		finally {
			handlerWait.end();
		}
	}

	private void awaitDone(long nanos) throws InterruptedException {
		try {
			super.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException | CancellationException ex) {
			// Whether it is done is asked next
		}
	}

}
