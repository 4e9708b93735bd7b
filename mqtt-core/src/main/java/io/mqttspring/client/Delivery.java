package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a published message. Thread-safe.
 */
public interface Delivery {

	/**
	 * Return the message.
	 * @return what was handed to {@code publish}
	 */
	MqttMessage message();

	/**
	 * Wait until the message is written to the socket.
	 * @param timeout the longest wait, more than zero
	 * @return this
	 * @throws MqttTimeoutException if that takes longer; the message is not given up
	 * @throws MqttPublishException if it will not be delivered
	 * @throws MqttException if the thread is interrupted, which stays set
	 */
	Delivery awaitSent(Duration timeout);

	/**
	 * Wait until the broker has the message: PUBACK for QoS 1, PUBCOMP for QoS 2; for QoS
	 * 0 as {@link #awaitSent}.
	 * @param timeout the longest wait, more than zero
	 * @return this
	 * @throws MqttTimeoutException if that takes longer; the message is not given up
	 * @throws MqttPublishException if it will not be delivered, or was refused
	 * @throws MqttException if the thread is interrupted, which stays set
	 */
	Delivery awaitAcknowledged(Duration timeout);

	/**
	 * Return a future of the same. It is completed on the client's executor, in the order
	 * of the acknowledgements; to cancel it does not take back the message.
	 * @return a future that ends with this, or with an {@link MqttPublishException}
	 */
	CompletableFuture<Delivery> acknowledged();

	/**
	 * Return whether the message is written to the socket.
	 * @return {@code true} from then on
	 */
	boolean isSent();

	/**
	 * Return whether all is over, well or not.
	 * @return {@code true} from then on
	 */
	boolean isDone();

	/**
	 * Return why it was not delivered.
	 * @return the failure, or {@code null} while there is none
	 */
	@Nullable MqttException failure();

	/**
	 * Return what the broker answered: {@link MqttReasonCode#SUCCESS} or
	 * {@link MqttReasonCode#NO_MATCHING_SUBSCRIBERS} when it was delivered. For a message
	 * that was not sent because the broker had said that it does not take it, the code
	 * for that.
	 * @return the reason code, or {@code null} before the answer, and for QoS 0
	 */
	@Nullable MqttReasonCode reasonCode();

}
