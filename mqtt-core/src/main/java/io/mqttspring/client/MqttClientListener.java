package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * Told what happens to a client. Called on the client's executor, one call at a time, in
 * the order of events: one that blocks holds up other listeners and callbacks, never the
 * connection.
 */
public interface MqttClientListener {

	/**
	 * The broker has accepted a connection.
	 * @param client the client
	 * @param sessionPresent whether the broker had kept the session
	 */
	default void connected(MqttClient client, boolean sessionPresent) {
	}

	/**
	 * A connection is over.
	 * @param client the client
	 * @param cause why it was lost, or {@code null} if this side closed it
	 */
	default void disconnected(MqttClient client, @Nullable MqttException cause) {
	}

	/**
	 * An attempt to connect failed, at every address.
	 * @param client the client
	 * @param cause why
	 * @param attempt the number of the attempt since the last connection, from 1
	 */
	default void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
	}

	/**
	 * The broker has made a subscription.
	 * @param client the client
	 * @param filter the topic filter
	 * @param granted the QoS that it grants
	 */
	default void subscribed(MqttClient client, String filter, MqttQos granted) {
	}

	/**
	 * The broker has refused a subscription. It is asked for again at each reconnect.
	 * @param client the client
	 * @param filter the topic filter
	 * @param reason why
	 */
	default void subscriptionRefused(MqttClient client, String filter, MqttReasonCode reason) {
	}

	/**
	 * A message was published and will not be delivered.
	 * @param client the client
	 * @param delivery the delivery, with its failure
	 */
	default void deliveryFailed(MqttClient client, Delivery delivery) {
	}

	/**
	 * A message went no further.
	 * @param client the client
	 * @param message the message
	 * @param cause why
	 */
	default void dropped(MqttClient client, MqttMessage message, MqttDropCause cause) {
	}

}
