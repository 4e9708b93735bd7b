package io.mqttspring.client;

/**
 * The outgoing queue had no room for a message: the message was not accepted.
 */
public class MqttQueueFullException extends MqttException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a new exception.
	 * @param message how full the queue is and what to do
	 */
	public MqttQueueFullException(String message) {
		super(message);
	}

}
