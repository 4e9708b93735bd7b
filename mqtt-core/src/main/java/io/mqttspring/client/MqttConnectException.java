package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * No connection could be made, or the broker refused it.
 */
public class MqttConnectException extends MqttException {

	private static final long serialVersionUID = 1L;

	private final @Nullable MqttReasonCode reasonCode;

	private final @Nullable String reasonString;

	private final boolean retryable;

	/**
	 * Create a new exception.
	 * @param message what was tried where, why it failed, and what to do
	 * @param reasonCode what CONNACK said, or {@code null} if there was none
	 * @param reasonString the broker's own words, or {@code null}
	 * @param retryable whether it may get better by itself
	 * @param cause what led to it, or {@code null}
	 */
	public MqttConnectException(String message, @Nullable MqttReasonCode reasonCode, @Nullable String reasonString,
			boolean retryable, @Nullable Throwable cause) {
		super(message, cause);
		this.reasonCode = reasonCode;
		this.reasonString = reasonString;
		this.retryable = retryable;
	}

	/**
	 * Return what CONNACK said (MQTT 5.0 §3.2.2.2).
	 * @return the reason code, or {@code null} if no CONNACK came
	 */
	public @Nullable MqttReasonCode reasonCode() {
		return this.reasonCode;
	}

	/**
	 * Return the broker's own words (MQTT 5.0 §3.2.2.3.9).
	 * @return the reason string, or {@code null} if it sent none
	 */
	public @Nullable String reasonString() {
		return this.reasonString;
	}

	/**
	 * Return whether it is worth trying again without changing anything.
	 * @return {@code false} for bad credentials, a refused client id and the like
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

}
