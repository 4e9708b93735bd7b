package io.mqttspring.client.session.simulator;

import java.nio.charset.StandardCharsets;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttUserProperty;

/**
 * What the books say of a message that was published.
 */
final class Outgoing {

	final long id;

	final int sequence; // in which it was offered

	final MqttMessage message;

	final long expiryNanos; // -1 = none

	final long acceptedAt;

	boolean accepted;

	// As long as the session, as far as the client knows
	int packetId;

	boolean sent; // taken from the client to be written

	boolean gotPubrec;

	boolean mayBeGivenUp; // more than the broker takes by now: it is released instead

	// For good
	boolean everSent;

	boolean writtenToSocket;

	boolean toldWritten;

	Integer answer; // the reason code that ends its flow, as the client got it

	boolean completedByLostSession;

	String end; // how it ended, or null

	MqttDropCause dropped;

	int taken; // by the broker

	long takenInSession; // the last one of the broker's

	boolean excused; // from being delivered, or from being delivered once

	Outgoing(long id, int sequence, MqttMessage message, long expiryNanos, long acceptedAt) {
		this.id = id;
		this.sequence = sequence;
		this.message = message;
		this.expiryNanos = expiryNanos;
		this.acceptedAt = acceptedAt;
	}

	int qos() {
		return this.message.qos().level();
	}

	boolean isInFlight() {
		return this.packetId != 0;
	}

	/**
	 * Return the size of its PUBLISH, by the specification.
	 */
	long packetSize(boolean version5) {
		long size = 2 + utf8(this.message.topic()) + ((qos() > 0) ? 2 : 0) + this.message.payload().length;
		if (version5) {
			long properties = propertiesSize();
			size += lengthSize(properties) + properties;
		}
		return 1 + lengthSize(size) + size;
	}

	private long propertiesSize() {
		MqttMessageProperties properties = this.message.properties();
		long size = properties.utf8() ? 2 : 0;
		size += (this.expiryNanos >= 0) ? 5 : 0;
		size += (properties.contentType() != null) ? 3 + utf8(properties.contentType()) : 0;
		size += (properties.responseTopic() != null) ? 3 + utf8(properties.responseTopic()) : 0;
		size += (properties.correlationData() != null) ? 3 + properties.correlationData().length : 0;
		for (MqttUserProperty property : properties.userProperties()) {
			size += 5 + utf8(property.name()) + utf8(property.value());
		}
		return size;
	}

	private static long utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	private static long lengthSize(long length) {
		return (length < 128) ? 1 : (length < 16_384) ? 2 : (length < 2_097_152) ? 3 : 4;
	}

	@Override
	public String toString() {
		return "message %d (QoS %d, packet id %d)".formatted(this.id, qos(), this.packetId);
	}

}
