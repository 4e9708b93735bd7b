package io.mqttspring.event;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttConnectException;

/**
 * An attempt to connect has failed, at every address.
 */
public final class MqttConnectionFailedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final MqttConnectException cause;

	private final int attempt;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param cause why
	 * @param attempt the number of the attempt since the last connection, from 1
	 */
	public MqttConnectionFailedEvent(MqttClient client, MqttConnectException cause, int attempt) {
		super(client);
		this.cause = cause;
		this.attempt = attempt;
	}

	/**
	 * Return why it failed.
	 * @return the cause
	 */
	public MqttConnectException getCause() {
		return this.cause;
	}

	/**
	 * Return how many attempts have failed since the last connection.
	 * @return the number of the attempt, from 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

}
