package io.mqttspring.event;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttMessage;

/**
 * A message went no further, on its way out or in.
 */
public final class MqttMessageDroppedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final transient MqttMessage message;

	private final MqttDropCause cause;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param message the message
	 * @param cause why
	 */
	public MqttMessageDroppedEvent(MqttClient client, MqttMessage message, MqttDropCause cause) {
		super(client);
		this.message = message;
		this.cause = cause;
	}

	/**
	 * Return the message.
	 * @return the message
	 */
	public MqttMessage getMessage() {
		return this.message;
	}

	/**
	 * Return why it went no further.
	 * @return the cause
	 */
	public MqttDropCause getCause() {
		return this.cause;
	}

}
