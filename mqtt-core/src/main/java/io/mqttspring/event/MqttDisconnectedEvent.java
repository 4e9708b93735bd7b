package io.mqttspring.event;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttException;

/**
 * A connection is over.
 */
public final class MqttDisconnectedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final @Nullable MqttException cause;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param cause why it was lost, or {@code null} if this side closed it
	 */
	public MqttDisconnectedEvent(MqttClient client, @Nullable MqttException cause) {
		super(client);
		this.cause = cause;
	}

	/**
	 * Return why the connection was lost.
	 * @return the cause, or {@code null} if this side closed it
	 */
	public @Nullable MqttException getCause() {
		return this.cause;
	}

}
