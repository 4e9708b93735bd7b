package io.mqttspring.client;

/**
 * How often a message is delivered (MQTT 5.0 §4.3, 3.1.1 §4.3).
 */
public enum MqttQos {

	/**
	 * QoS 0: once or, when the connection is lost on the way, never.
	 */
	AT_MOST_ONCE,

	/**
	 * QoS 1: acknowledged by PUBACK; may come twice after a lost connection.
	 */
	AT_LEAST_ONCE,

	/**
	 * QoS 2: acknowledged in two steps, delivered exactly once as long as both sides keep
	 * the session.
	 */
	EXACTLY_ONCE;

	private static final MqttQos[] VALUES = values();

	/**
	 * Return the QoS with the given number.
	 * @param level 0, 1 or 2
	 * @return the QoS
	 * @throws IllegalArgumentException if there is none of that number
	 */
	public static MqttQos of(int level) {
		if (level < 0 || level > 2) {
			throw new IllegalArgumentException("QoS is %d: it can be 0, 1 or 2".formatted(level));
		}
		return VALUES[level];
	}

	/**
	 * Return the number that stands for this QoS on the wire.
	 * @return 0, 1 or 2
	 */
	public int level() {
		return ordinal();
	}

}
