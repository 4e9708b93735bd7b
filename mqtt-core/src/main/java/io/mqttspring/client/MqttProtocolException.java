package io.mqttspring.client;

/**
 * The broker sent what the protocol does not allow; the connection is closed with
 * {@link #reasonCode()} (MQTT 5.0 §4.13).
 */
public class MqttProtocolException extends MqttException {

	private static final long serialVersionUID = 1L;

	private final MqttReasonCode reasonCode;

	/**
	 * Create a new exception.
	 * @param reasonCode the code that DISCONNECT carries to the broker
	 * @param message what was wrong with which packet
	 */
	public MqttProtocolException(MqttReasonCode reasonCode, String message) {
		super(message);
		this.reasonCode = reasonCode;
	}

	/**
	 * Return the code that DISCONNECT carries to the broker.
	 * @return a code of 0x80 or more
	 */
	public MqttReasonCode reasonCode() {
		return this.reasonCode;
	}

}
