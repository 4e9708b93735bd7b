package io.mqttspring.client;

import java.util.Map;

/**
 * The broker refused one or more topic filters.
 */
public class MqttSubscribeException extends MqttException {

	private static final long serialVersionUID = 1L;

	private final transient Map<String, MqttReasonCode> refused;

	/**
	 * Create a new exception.
	 * @param message which filters were refused and why
	 * @param refused the refused filters, each with the broker's reason
	 */
	public MqttSubscribeException(String message, Map<String, MqttReasonCode> refused) {
		super(message);
		this.refused = Map.copyOf(refused);
	}

	/**
	 * Return the refused filters, each with the broker's reason (MQTT 5.0 §3.9.3).
	 * @return an unmodifiable map
	 */
	public Map<String, MqttReasonCode> refused() {
		return this.refused;
	}

}
