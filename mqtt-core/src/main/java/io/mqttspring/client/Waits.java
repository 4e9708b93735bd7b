package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for a future in the way of a blocking call: its failure is thrown as it is.
 */
final class Waits {

	private Waits() {
	}

	static <T> T get(CompletableFuture<T> future, Duration timeout, HandlerWait handlerWait,
			Supplier<MqttTimeoutException> tooLate) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			handlerWait.check();
			long left = Math.max(0, deadline - System.nanoTime());
			try {
				return future.get(handlerWait.limit(left), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				if (left == 0) {
					throw tooLate.get();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new MqttException("The thread was interrupted while it waited", ex);
			}
			catch (ExecutionException ex) {
				if (ex.getCause() instanceof MqttException cause) {
					throw cause;
				}
				throw new MqttException("It failed: " + ex.getCause(), ex.getCause());
			}
		}
	}

}
