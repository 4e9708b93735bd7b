package io.mqttspring.client;

/**
 * A version of the protocol.
 */
public enum MqttVersion {

	/**
	 * MQTT 3.1.1 (protocol level 4).
	 */
	MQTT_3_1_1(4, "3.1.1"),

	/**
	 * MQTT 5.0 (protocol level 5).
	 */
	MQTT_5(5, "5");

	private final int level;

	private final String label;

	MqttVersion(int level, String label) {
		this.level = level;
		this.label = label;
	}

	/**
	 * Return the protocol level in CONNECT (MQTT 5.0 §3.1.2.2).
	 * @return 4 or 5
	 */
	public int level() {
		return this.level;
	}

	/**
	 * Return the version as it is written in properties.
	 * @return {@code 3.1.1} or {@code 5}
	 */
	@Override
	public String toString() {
		return this.label;
	}

}
