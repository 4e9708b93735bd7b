package io.mqttspring.client.session.simulator;

import io.mqttspring.client.MqttVersion;

/**
 * What a broker takes on one connection, as its CONNACK says.
 *
 * @param version the version spoken
 * @param receiveMaximum messages of QoS 1 and 2 ahead of its acknowledgements
 * @param maximumQos the highest QoS
 * @param retainAvailable whether RETAIN may be set
 * @param maximumPacketSize bytes of the largest packet
 * @param topicAliasMaximum topic aliases
 */
public record Limits(MqttVersion version, int receiveMaximum, int maximumQos, boolean retainAvailable,
		long maximumPacketSize, int topicAliasMaximum) {

	static final long NO_SIZE = 268_435_460;

	static Limits none(MqttVersion version) {
		return new Limits(version, 65_535, 2, true, NO_SIZE, 0);
	}

	boolean isVersion5() {
		return this.version == MqttVersion.MQTT_5;
	}

}
