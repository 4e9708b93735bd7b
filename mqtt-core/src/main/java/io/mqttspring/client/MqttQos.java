package io.mqttspring.client;

/**
 * The quality of service of a message or a subscription (MQTT 5.0 and 3.1.1, §4.3).
 */
public enum MqttQos {

	/**
	 * QoS 0: sent once, lost when the connection breaks.
	 */
	AT_MOST_ONCE,

	/**
	 * QoS 1: sent again until acknowledged, so it may arrive twice.
	 */
	AT_LEAST_ONCE,

	/**
	 * QoS 2: arrives once, for the price of a second round trip.
	 */
	EXACTLY_ONCE

}
