package io.mqttspring.client.session;

import java.util.List;

import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.codec.PacketEncoder;

/**
 * Where packets are encoded to: two buffers, of which one is filled while the other is
 * written. And what CONNACK said about what may be sent.
 */
final class Output {

	/**
	 * Where encoding messages stops until the buffer is taken.
	 */
	private static final int HIGH_WATER = 64 << 10;

	// As long as one connection
	PacketEncoder encoder = new PacketEncoder(MqttVersion.MQTT_5);

	MqttVersion version = MqttVersion.MQTT_5;

	ConnAck limits = NO_LIMITS;

	boolean connected;

	boolean disconnected; // DISCONNECT is encoded: nothing may follow it [MQTT-3.14.4-1]

	OutputBuffer filling = new OutputBuffer();

	private OutputBuffer spare = new OutputBuffer();

	private static final ConnAck NO_LIMITS = new ConnAck(false, MqttReasonCode.SUCCESS, null, 65_535,
			MqttQos.EXACTLY_ONCE, true, ConnAck.LARGEST_PACKET, null, 0, null, List.of(), true, false, true, null, null,
			null, null, null);

	void begin(MqttVersion version) {
		this.version = version;
		this.encoder = new PacketEncoder(version);
		this.limits = NO_LIMITS;
		this.disconnected = false;
	}

	/**
	 * Return whether packets may be encoded: between CONNACK and our DISCONNECT.
	 */
	boolean isOpen() {
		return this.connected && !this.disconnected;
	}

	boolean hasRoom() {
		return this.filling.length() < HIGH_WATER;
	}

	/**
	 * Swap the buffers. The one returned is the caller's until the next call.
	 */
	OutputBuffer take() {
		OutputBuffer full = this.filling;
		// What a large message has grown is not kept, nor anything while idle
		this.spare.clear((full.length() > HIGH_WATER / 16) ? HIGH_WATER * 2 : HIGH_WATER / 16);
		this.filling = this.spare;
		this.spare = full;
		return full;
	}

	/**
	 * The connection is gone. A write of the old buffer may still be going on, so it is
	 * not used again.
	 */
	void reset() {
		this.connected = false;
		this.filling = new OutputBuffer();
		this.spare = new OutputBuffer();
	}

}
