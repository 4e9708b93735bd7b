package io.mqttspring.client;

/**
 * Something did not happen within its time limit. It may still happen: the message says.
 */
public class MqttTimeoutException extends MqttException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a new exception.
	 * @param message what was waited for, for how long, and what becomes of it
	 */
	public MqttTimeoutException(String message) {
		super(message);
	}

}
