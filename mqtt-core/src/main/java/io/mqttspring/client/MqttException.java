package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * The root of all that this client throws of its own.
 */
public class MqttException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a new exception.
	 * @param message what was wrong, where, and what to do
	 */
	public MqttException(String message) {
		super(message);
	}

	/**
	 * Create a new exception.
	 * @param message what was wrong, where, and what to do
	 * @param cause what led to it, or {@code null}
	 */
	public MqttException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
