package io.mqttspring.listener;

import org.jspecify.annotations.Nullable;

/**
 * A listener asks for what it cannot get. The message says which one, what was wrong, and
 * what to do.
 */
public class InvalidMqttListenerException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message which listener, what was wrong, and what to do
	 * @param cause what was thrown before, or {@code null}
	 */
	public InvalidMqttListenerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
