package io.mqttspring.event;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

import io.mqttspring.client.Delivery;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttConnectException;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;

/**
 * Publishes what happens to clients as application events. To be added to the clients as
 * a listener; one serves all of them.
 */
public final class MqttEventPublisher implements MqttClientListener {

	private final ApplicationEventPublisher publisher;

	/**
	 * Create a new listener.
	 * @param publisher publishes the events
	 */
	public MqttEventPublisher(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void connected(MqttClient client, boolean sessionPresent) {
		this.publisher.publishEvent(new MqttConnectedEvent(client, sessionPresent));
	}

	@Override
	public void disconnected(MqttClient client, @Nullable MqttException cause) {
		this.publisher.publishEvent(new MqttDisconnectedEvent(client, cause));
	}

	@Override
	public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
		this.publisher.publishEvent(new MqttConnectionFailedEvent(client, cause, attempt));
	}

	@Override
	public void subscribed(MqttClient client, String filter, MqttQos granted) {
		this.publisher.publishEvent(new MqttSubscribedEvent(client, filter, granted));
	}

	@Override
	public void deliveryFailed(MqttClient client, Delivery delivery) {
		this.publisher.publishEvent(new MqttDeliveryFailedEvent(client, delivery));
	}

	@Override
	public void dropped(MqttClient client, MqttMessage message, MqttDropCause cause) {
		this.publisher.publishEvent(new MqttMessageDroppedEvent(client, message, cause));
	}

}
