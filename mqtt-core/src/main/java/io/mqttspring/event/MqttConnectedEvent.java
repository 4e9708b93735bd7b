package io.mqttspring.event;

import io.mqttspring.client.MqttClient;

/**
 * The broker has accepted a connection.
 */
public final class MqttConnectedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final boolean sessionPresent;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param sessionPresent whether the broker had kept the session
	 */
	public MqttConnectedEvent(MqttClient client, boolean sessionPresent) {
		super(client);
		this.sessionPresent = sessionPresent;
	}

	/**
	 * Return whether the broker had kept the session.
	 * @return whether it had
	 */
	public boolean isSessionPresent() {
		return this.sessionPresent;
	}

}
