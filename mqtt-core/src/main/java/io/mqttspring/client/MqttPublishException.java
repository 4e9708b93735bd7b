package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * A message was not delivered: the broker refused it, it was dropped or expired here, or
 * it was not accepted without a connection.
 */
public class MqttPublishException extends MqttException {

	private static final long serialVersionUID = 1L;

	private final @Nullable MqttReasonCode reasonCode;

	/**
	 * Create a new exception.
	 * @param message why, and what to do
	 * @param reasonCode what the broker answered, or {@code null} if it never saw the
	 * message
	 */
	public MqttPublishException(String message, @Nullable MqttReasonCode reasonCode) {
		super(message);
		this.reasonCode = reasonCode;
	}

	/**
	 * Return what the broker answered, or the code for what it would have to answer.
	 * @return the reason code, or {@code null} if the broker never saw the message
	 */
	public @Nullable MqttReasonCode reasonCode() {
		return this.reasonCode;
	}

}
