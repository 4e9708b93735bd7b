package io.mqttspring.event;

import io.mqttspring.client.Delivery;
import io.mqttspring.client.MqttClient;

/**
 * A message was published and will not be delivered.
 */
public final class MqttDeliveryFailedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final transient Delivery delivery;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param delivery the delivery, with its failure
	 */
	public MqttDeliveryFailedEvent(MqttClient client, Delivery delivery) {
		super(client);
		this.delivery = delivery;
	}

	/**
	 * Return the delivery, with its message and its failure.
	 * @return the delivery
	 */
	public Delivery getDelivery() {
		return this.delivery;
	}

}
