package io.mqttspring.client;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A handler's subscription. It outlives lost connections: it is made again when the
 * broker has lost it. Thread-safe.
 */
public interface Subscription {

	/**
	 * Return what was asked for.
	 * @return filter, QoS and the rest
	 */
	SubscribeOptions options();

	/**
	 * Return what the broker granted, which may be less than was asked for.
	 * @return the QoS, or {@code null} while there is no answer, or after a refusal
	 */
	@Nullable MqttQos grantedQos();

	/**
	 * End this subscription: its handler gets no further message, and the broker is told
	 * when no other handler has the same filter. Waits for the broker's answer.
	 * @throws MqttTimeoutException if there is none in time; the handler is gone all the
	 * same
	 */
	void unsubscribe();

	/**
	 * End this subscription as {@link #unsubscribe()} does, without waiting.
	 * @return a future of the broker's answer
	 */
	CompletableFuture<Void> unsubscribeAsync();

}
