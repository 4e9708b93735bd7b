package io.mqttspring.sample;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

import tools.jackson.databind.json.JsonMapper;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;

/**
 * A simulated van with a refrigerated hold: a thing of its own out there, with its own
 * connection to the broker. Uses the client without Spring.
 */
final class Device implements AutoCloseable {

	private static final double COLDEST = -30;

	private static final double WARMEST = 25;

	private final RandomGenerator random = RandomGenerator.getDefault();

	private final String id;

	private final JsonMapper jsonMapper;

	private final MqttClient client;

	// Guarded by this: commands and the schedule come on threads of their own.
	private double target;

	private double temperature;

	private double humidity = 60;

	private double battery = 90;

	Device(String id, double target, MqttClientBuilder client, JsonMapper jsonMapper) {
		this.id = id;
		this.target = target;
		this.temperature = target + 2;
		this.jsonMapper = jsonMapper;
		this.client = client.name(id)
			.clientId(id)
			.subscribe("fleet/" + id + "/command", MqttQos.AT_LEAST_ONCE, this::onCommand)
			.build();
	}

	void start() {
		this.client.start();
	}

	void publishTelemetry() {
		// Without a connection it waits in the queue, for as long as it is worth.
		publish("telemetry", measure(), Duration.ofMinutes(10));
	}

	private synchronized Telemetry measure() {
		this.temperature += (this.target - this.temperature) * 0.05 + this.random.nextGaussian() * 0.08;
		this.humidity = clamp(this.humidity + this.random.nextGaussian() * 0.3, 40, 90);
		this.battery = (this.battery > 20) ? this.battery - 0.02 : 100;
		return new Telemetry(Instant.now().truncatedTo(ChronoUnit.MILLIS), round(this.temperature), this.target,
				round(this.humidity), round(this.battery));
	}

	private void onCommand(MqttMessage message) {
		Command command = this.jsonMapper.readValue(message.payload(), Command.class);
		publish("answer", execute(command), Duration.ofMinutes(1));
	}

	private synchronized Answer execute(Command command) {
		if (command.target() < COLDEST || command.target() > WARMEST) {
			return new Answer(command.id(), false, "This unit holds " + COLDEST + " to " + WARMEST
					+ " °C: the target stays at " + this.target + " °C");
		}
		this.target = command.target();
		return new Answer(command.id(), true, "The target is now " + this.target + " °C");
	}

	private void publish(String kind, Object payload, Duration expiry) {
		this.client.publish(MqttMessage.builder("fleet/" + this.id + "/" + kind)
			.payload(this.jsonMapper.writeValueAsBytes(payload))
			.messageExpiry(expiry)
			.build());
	}

	@Override
	public void close() {
		this.client.close();
	}

	private static double clamp(double value, double min, double max) {
		return Math.max(min, Math.min(max, value));
	}

	private static double round(double value) {
		return Math.round(value * 10) / 10.0;
	}

}
