package io.mqttspring.client.session;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;

/**
 * A message of QoS 1 or 2 that arrived and is owed an acknowledgement.
 */
public final class InboundPublish {

	private final MqttMessage message;

	private final int packetId;

	int connection; // the number of the connection that it can be acknowledged on

	@Nullable MqttReasonCode handled; // null until it is

	@Nullable InboundPublish next; // in order of arrival

	InboundPublish(MqttMessage message, int packetId, int connection) {
		this.message = message;
		this.packetId = packetId;
		this.connection = connection;
	}

	/**
	 * Return the message.
	 * @return the message
	 */
	public MqttMessage message() {
		return this.message;
	}

	/**
	 * Return the broker's packet id.
	 * @return 1 to 65,535
	 */
	public int packetId() {
		return this.packetId;
	}

}
