package io.mqttspring.boot.autoconfigure.docs;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.stereotype.Component;

import io.mqttspring.annotation.MqttSubscribe;
import io.mqttspring.client.Delivery;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.Wait;
import io.mqttspring.core.MqttTemplate;

/**
 * The examples of README and guide, so that they compile. {@link DocumentationTests}
 * holds that they are the same.
 */
final class Examples {

	private Examples() {
	}

	static void clientOfTheReadme() {
		try (MqttClient client = MqttClient.builder("mqtt://localhost:1883").clientId("adapter-1").build()) {
			client.connect();
			client.subscribe("plant/+/state", MqttQos.AT_LEAST_ONCE, (message) -> handle(message));
			Delivery delivery = client.publish(MqttMessage.of("plant/7/command", "stop"));
			delivery.awaitAcknowledged(Duration.ofSeconds(5));
		}
	}

	static void clientOfTheGuide() {
		try (MqttClient client = MqttClient.builder("mqtt://localhost:1883")
			.clientId("adapter-1")
			.subscribe("plant/+/state", MqttQos.AT_LEAST_ONCE, (message) -> handle(message))
			.build()) {
			client.connect();
			client.publish(MqttMessage.of("plant/7/command", "stop"), Wait.ACKNOWLEDGED);
		}
	}

	private static void handle(MqttMessage message) {
	}

	@Component
	class Fleet {

		private final MqttTemplate mqttTemplate;

		Fleet(MqttTemplate mqttTemplate) {
			this.mqttTemplate = mqttTemplate;
		}

		@MqttSubscribe("fleet/{deviceId}/telemetry")
		void telemetry(Reading reading, @DestinationVariable String deviceId) {
			if (reading.temperature() > 80) {
				this.mqttTemplate.send("fleet/" + deviceId + "/command", new Command("cool-down"));
			}
		}

		record Reading(double temperature) {
		}

		record Command(String name) {
		}

	}

	static class Receive {

		private final Readings readings = (deviceId, reading) -> {
		};

		@MqttSubscribe("fleet/{deviceId}/telemetry")
		void telemetry(Reading reading, @DestinationVariable String deviceId) {
			this.readings.save(deviceId, reading);
		}

		interface Readings {

			void save(String deviceId, Reading reading);

		}

		record Reading(double temperature) {
		}

	}

	static class Send {

		private static final Logger log = LoggerFactory.getLogger(Send.class);

		private final MqttTemplate mqttTemplate;

		Send(MqttTemplate mqttTemplate) {
			this.mqttTemplate = mqttTemplate;
		}

		void send(Command command, byte[] config) {
			this.mqttTemplate.send("fleet/42/command", new Command("reboot"));
			this.mqttTemplate.send("fleet/42/config", config, MqttQos.EXACTLY_ONCE, true);
			this.mqttTemplate.newMessage(command)
				.withTopic("fleet/{id}/command", 42)
				.withExpiry(Duration.ofMinutes(5))
				.sendAsync()
				.thenAccept((result) -> log.debug("{} after {}", result.reasonCode(), result.timeToAcknowledgement()));
		}

		record Command(String name) {
		}

	}

}
