package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttUserProperty;

/**
 * The properties of one packet (MQTT 5.0 §2.2.2), written aside first because their
 * length goes before them. Not thread-safe.
 */
final class PropertyWriter {

	private static final int KEEP = 4096;

	private final OutputBuffer buffer = new OutputBuffer();

	PropertyWriter begin() {
		this.buffer.clear(KEEP);
		return this;
	}

	PropertyWriter flag(int id, boolean value) {
		this.buffer.writeByte(id);
		this.buffer.writeByte(value ? 1 : 0);
		return this;
	}

	PropertyWriter number16(int id, int value) {
		this.buffer.writeByte(id);
		this.buffer.writeShort(value);
		return this;
	}

	PropertyWriter number32(int id, long value) {
		this.buffer.writeByte(id);
		this.buffer.writeInt(value);
		return this;
	}

	PropertyWriter variable(int id, int value) {
		this.buffer.writeByte(id);
		this.buffer.writeVariableInt(value);
		return this;
	}

	PropertyWriter string(int id, @Nullable String value) {
		if (value != null) {
			this.buffer.writeByte(id);
			this.buffer.writeString(value);
		}
		return this;
	}

	PropertyWriter binary(int id, byte @Nullable [] value) {
		if (value != null) {
			this.buffer.writeByte(id);
			this.buffer.writeBinary(value);
		}
		return this;
	}

	PropertyWriter userProperties(List<MqttUserProperty> properties) {
		for (MqttUserProperty property : properties) {
			this.buffer.writeByte(PropertyId.USER_PROPERTY);
			this.buffer.writeString(property.name());
			this.buffer.writeString(property.value());
		}
		return this;
	}

	PropertyWriter reason(ReasonProperties properties) {
		return string(PropertyId.REASON_STRING, properties.reasonString()).userProperties(properties.userProperties());
	}

	/**
	 * Add what a message carries.
	 * @param properties the properties
	 * @param expirySeconds the expiry that is left, or -1 for none
	 */
	PropertyWriter message(MqttMessageProperties properties, long expirySeconds) {
		if (properties.utf8()) {
			flag(PropertyId.PAYLOAD_FORMAT, true);
		}
		if (expirySeconds >= 0) {
			number32(PropertyId.MESSAGE_EXPIRY, expirySeconds);
		}
		string(PropertyId.CONTENT_TYPE, properties.contentType());
		string(PropertyId.RESPONSE_TOPIC, properties.responseTopic());
		binary(PropertyId.CORRELATION_DATA, properties.correlationData());
		return userProperties(properties.userProperties());
	}

	/**
	 * Return how many bytes length and properties take.
	 */
	int size() {
		return PacketEncoder.variableIntSize(this.buffer.length()) + this.buffer.length();
	}

	void writeTo(OutputBuffer out) {
		out.writeVariableInt(this.buffer.length());
		out.writeAll(this.buffer);
	}

}
