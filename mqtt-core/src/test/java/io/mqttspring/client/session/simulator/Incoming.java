package io.mqttspring.client.session.simulator;

import java.util.List;

import io.mqttspring.client.MqttReasonCode;

/**
 * What the books say of a message that the broker has for the client.
 */
final class Incoming {

	final long id;

	final int sequence; // in which the broker took it up

	final String topic;

	final byte[] payload;

	final int qos;

	final boolean retained;

	final List<Integer> subscriptionIdentifiers; // sent on 5.0

	int handed; // to handlers

	int handling; // handlers that are at it

	MqttReasonCode result; // of the last handler that ended

	// that told the broker of an error, so that it comes again as a new one
	boolean refused;

	boolean forgotten; // by the broker or the client, with the session

	Incoming(long id, int sequence, String topic, byte[] payload, int qos, boolean retained,
			List<Integer> subscriptionIdentifiers) {
		this.id = id;
		this.sequence = sequence;
		this.topic = topic;
		this.payload = payload;
		this.qos = qos;
		this.retained = retained;
		this.subscriptionIdentifiers = subscriptionIdentifiers;
	}

	@Override
	public String toString() {
		return "message %d (QoS %d, to the client)".formatted(this.id, this.qos);
	}

}
