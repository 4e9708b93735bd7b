package io.mqttspring.event;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.mqttspring.FakeMqttClient;
import io.mqttspring.client.Delivery;
import io.mqttspring.client.MqttConnectException;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;

import static org.assertj.core.api.Assertions.assertThat;

class MqttEventPublisherTests {

	private final FakeMqttClient client = new FakeMqttClient();

	private final List<Object> events = new ArrayList<>();

	private final MqttEventPublisher publisher = new MqttEventPublisher(this.events::add);

	@Test
	void connectedTellsOfTheSession() {
		this.publisher.connected(this.client, true);
		MqttConnectedEvent event = onlyEvent(MqttConnectedEvent.class);
		assertThat(event.getClient()).isSameAs(this.client);
		assertThat(event.isSessionPresent()).isTrue();
	}

	@Test
	void disconnectedTellsWhy() {
		MqttException cause = new MqttException("lost");
		this.publisher.disconnected(this.client, cause);
		assertThat(onlyEvent(MqttDisconnectedEvent.class).getCause()).isSameAs(cause);
	}

	@Test
	void disconnectedByThisSideHasNoCause() {
		this.publisher.disconnected(this.client, null);
		assertThat(onlyEvent(MqttDisconnectedEvent.class).getCause()).isNull();
	}

	@Test
	void connectionFailedTellsWhyAndHowOften() {
		MqttConnectException cause = new MqttConnectException("refused", null, null, true, null);
		this.publisher.connectionFailed(this.client, cause, 3);
		MqttConnectionFailedEvent event = onlyEvent(MqttConnectionFailedEvent.class);
		assertThat(event.getCause()).isSameAs(cause);
		assertThat(event.getAttempt()).isEqualTo(3);
	}

	@Test
	void subscribedTellsFilterAndQos() {
		this.publisher.subscribed(this.client, "fleet/+", MqttQos.EXACTLY_ONCE);
		MqttSubscribedEvent event = onlyEvent(MqttSubscribedEvent.class);
		assertThat(event.getFilter()).isEqualTo("fleet/+");
		assertThat(event.getGrantedQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
	}

	@Test
	void deliveryFailedTellsTheDelivery() {
		this.client.hold();
		Delivery delivery = this.client.publish(MqttMessage.of("fleet/7", "stop"));
		this.publisher.deliveryFailed(this.client, delivery);
		assertThat(onlyEvent(MqttDeliveryFailedEvent.class).getDelivery()).isSameAs(delivery);
	}

	@Test
	void droppedTellsMessageAndCause() {
		MqttMessage message = MqttMessage.of("fleet/7", "stop");
		this.publisher.dropped(this.client, message, MqttDropCause.EXPIRED);
		MqttMessageDroppedEvent event = onlyEvent(MqttMessageDroppedEvent.class);
		assertThat(event.getMessage()).isSameAs(message);
		assertThat(event.getCause()).isEqualTo(MqttDropCause.EXPIRED);
	}

	private <T> T onlyEvent(Class<T> type) {
		assertThat(this.events).singleElement().isInstanceOf(type);
		return type.cast(this.events.get(0));
	}

}
