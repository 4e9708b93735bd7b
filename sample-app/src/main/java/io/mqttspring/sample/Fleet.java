package io.mqttspring.sample;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import io.mqttspring.boot.autoconfigure.MqttProperties;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.ReconnectOptions;

/**
 * Runs the simulated vans, at the broker that the application uses. With real devices at
 * hand, set {@code sample.fleet.size} to 0.
 */
@Component
final class Fleet implements SmartLifecycle {

	private static final double[] TARGETS = { 4, -18, 7, 2, -20, 12 };

	private final int size;

	private final MqttProperties properties;

	private final JsonMapper jsonMapper;

	private volatile List<Device> devices = List.of();

	private volatile boolean running;

	Fleet(@Value("${sample.fleet.size}") int size, MqttProperties properties, JsonMapper jsonMapper) {
		this.size = size;
		this.properties = properties;
		this.jsonMapper = jsonMapper;
	}

	@Override
	public void start() {
		this.devices = IntStream.range(0, this.size).mapToObj(this::device).toList();
		this.devices.forEach(Device::start);
		this.running = true;
	}

	private Device device(int index) {
		MqttProperties mqtt = this.properties;
		MqttClientBuilder client = MqttClient.builder(uris(mqtt))
			.credentials(mqtt.getUsername(), mqtt.getPassword())
			.shutdownTimeout(Duration.ofSeconds(2))
			.reconnect(ReconnectOptions.DEFAULTS.withDelays(mqtt.getReconnect().getInitialDelay(),
					mqtt.getReconnect().getMaxDelay()));
		return new Device("van-" + (index + 1), TARGETS[index % TARGETS.length], client, this.jsonMapper);
	}

	private static String[] uris(MqttProperties mqtt) {
		return (mqtt.getUri() != null) ? new String[] { mqtt.getUri() } : mqtt.getUris().toArray(String[]::new);
	}

	@Scheduled(fixedRateString = "${sample.fleet.interval}")
	void publishTelemetry() {
		this.devices.forEach(Device::publishTelemetry);
	}

	@Override
	public void stop() {
		List<Device> stopping = this.devices;
		this.devices = List.of();
		stopping.forEach(Device::close);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
