package io.mqttspring.event;

import org.springframework.context.ApplicationEvent;

import io.mqttspring.client.MqttClient;

/**
 * Something has happened to a client. Published on the client's executor, in the order in
 * which it happened: a listener that blocks holds up other listeners and callbacks, never
 * the connection.
 */
public abstract class MqttEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Create a new event.
	 * @param client the client
	 */
	protected MqttEvent(MqttClient client) {
		super(client);
	}

	/**
	 * Return the client that it happened to.
	 * @return the client
	 */
	public MqttClient getClient() {
		return (MqttClient) getSource();
	}

}
