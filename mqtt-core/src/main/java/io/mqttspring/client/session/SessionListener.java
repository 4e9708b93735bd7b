package io.mqttspring.client.session;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.codec.ConnAck;

/**
 * Told what a {@link Session} takes in. Called from within {@link Session#receive
 * receive}.
 */
public interface SessionListener {

	/**
	 * The broker has accepted the connection. What waits has been encoded.
	 * @param connAck what it says
	 */
	void onConnected(ConnAck connAck);

	/**
	 * The broker has refused the connection.
	 * @param connAck why
	 */
	void onRefused(ConnAck connAck);

	/**
	 * A message for handlers.
	 * @param message the message
	 * @param owed to be given to {@link Session#handled handled} when it was handled, or
	 * {@code null} for QoS 0
	 */
	void onMessage(MqttMessage message, @Nullable InboundPublish owed);

	/**
	 * PINGRESP.
	 */
	void onPingAnswered();

	/**
	 * The broker ends the connection.
	 * @param reason why
	 * @param reasonString its own words, or {@code null}
	 */
	void onDisconnectedByBroker(MqttReasonCode reason, @Nullable String reasonString);

	/**
	 * The broker sent what means nothing here and does no harm.
	 * @param what what it was
	 */
	void onIgnored(String what);

}
