package io.mqttspring.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.mqttspring.FakeMqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatistics;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttClientStatus.InFlight;
import io.mqttspring.client.MqttClientStatus.Queue;
import io.mqttspring.client.MqttClientStatus.SubscriptionStatus;
import io.mqttspring.client.MqttConnectException;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;

class MqttClientMetricsTests {

	private static final MqttClientStatus CONNECTED = new MqttClientStatus("plant", MqttClientState.CONNECTED,
			"mqtt://localhost:1883", "fake", MqttVersion.MQTT_5, Instant.EPOCH, false, 0, null, null,
			new InFlight(1, 2, 3, 4, 5, 6, Duration.ofMillis(1500)), new Queue(7, 8000),
			List.of(new SubscriptionStatus("a", MqttQos.AT_LEAST_ONCE, MqttQos.AT_LEAST_ONCE, null, List.of("x")),
					new SubscriptionStatus("b", MqttQos.AT_LEAST_ONCE, MqttQos.AT_MOST_ONCE, null, List.of("x")),
					new SubscriptionStatus("c", MqttQos.AT_LEAST_ONCE, null, MqttReasonCode.NOT_AUTHORIZED,
							List.of("x")),
					new SubscriptionStatus("d", MqttQos.AT_LEAST_ONCE, null, null, List.of("x"))));

	private final FakeMqttClient client = new FakeMqttClient("plant");

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	MqttClientMetricsTests() {
		new MqttClientMetrics(this.client).bindTo(this.registry);
	}

	@Test
	void allMetersAreThereFromTheStartAndNameTheClient() {
		assertThat(this.registry.getMeters()).allMatch((meter) -> "plant".equals(meter.getId().getTag("client")));
		Set<String> names = this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toSet());
		assertThat(names).containsExactlyInAnyOrder("mqtt.client.connected", "mqtt.client.connects",
				"mqtt.client.published", "mqtt.client.received", "mqtt.client.bytes", "mqtt.client.inflight",
				"mqtt.client.inflight.oldest", "mqtt.client.queue.messages", "mqtt.client.queue.bytes",
				"mqtt.client.acknowledged", "mqtt.client.dropped", "mqtt.client.subscriptions",
				"mqtt.listener.lanes.busy");
	}

	@Test
	void metersOfOneNameHaveTheSameTags() { // which Prometheus insists on
		connectionFails(Map.of("NETWORK", 1L));
		Map<String, Set<Set<String>>> tags = this.registry.getMeters()
			.stream()
			.map(Meter::getId)
			.collect(Collectors.groupingBy(Meter.Id::getName,
					Collectors.mapping(
							(id) -> id.getTags().stream().map((tag) -> tag.getKey()).collect(Collectors.toSet()),
							Collectors.toSet())));
		assertThat(tags).allSatisfy((name, keys) -> assertThat(keys).as(name).hasSize(1));
	}

	@Test
	void statusIsReadWhenAsked() {
		assertThat(gauge("mqtt.client.connected")).isZero();
		assertThat(gauge("mqtt.client.inflight.oldest")).isZero();
		this.client.status(CONNECTED);
		assertThat(gauge("mqtt.client.connected")).isOne();
		assertThat(inFlight("outbound", "1", "awaitingPuback")).isEqualTo(1);
		assertThat(inFlight("outbound", "2", "awaitingPubrec")).isEqualTo(2);
		assertThat(inFlight("outbound", "2", "awaitingPubcomp")).isEqualTo(3);
		assertThat(inFlight("inbound", "1", "awaitingHandler")).isEqualTo(4);
		assertThat(inFlight("inbound", "2", "awaitingHandler")).isEqualTo(5);
		assertThat(inFlight("inbound", "2", "awaitingPubrel")).isEqualTo(6);
		assertThat(this.registry.get("mqtt.client.inflight.oldest").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(1.5);
		assertThat(gauge("mqtt.client.queue.messages")).isEqualTo(7);
		assertThat(gauge("mqtt.client.queue.bytes")).isEqualTo(8000);
		assertThat(gauge("mqtt.client.subscriptions", "state", "granted")).isEqualTo(2);
		assertThat(gauge("mqtt.client.subscriptions", "state", "refused")).isEqualTo(1);
		assertThat(gauge("mqtt.client.subscriptions", "state", "pending")).isEqualTo(1);
	}

	@Test
	void statisticsAreReadWhenAsked() {
		this.client.statistics(new MqttClientStatistics(3, Map.of(), Map.of(MqttQos.AT_LEAST_ONCE, 10L),
				Map.of(MqttQos.EXACTLY_ONCE, 20L), 10, Map.of(MqttQos.AT_LEAST_ONCE, 9L),
				Map.of(MqttQos.AT_LEAST_ONCE, Duration.ofMillis(18)), 1, Map.of(MqttDropCause.QUEUE_FULL, 4L), 1000,
				2000, 0, 5));
		assertThat(counter("mqtt.client.connects", "outcome", "success", "reason", "none")).isEqualTo(3);
		assertThat(counter("mqtt.client.published", "qos", "1")).isEqualTo(10);
		assertThat(counter("mqtt.client.published", "qos", "0")).isZero();
		assertThat(counter("mqtt.client.received", "qos", "2")).isEqualTo(20);
		assertThat(counter("mqtt.client.bytes", "direction", "outbound")).isEqualTo(1000);
		assertThat(counter("mqtt.client.bytes", "direction", "inbound")).isEqualTo(2000);
		assertThat(counter("mqtt.client.dropped", "cause", "QUEUE_FULL")).isEqualTo(4);
		assertThat(counter("mqtt.client.dropped", "cause", "EXPIRED")).isZero();
		assertThat(counter("mqtt.client.dropped", "cause", "REFUSED")).isEqualTo(1);
		FunctionTimer acknowledged = this.registry.get("mqtt.client.acknowledged").tag("qos", "1").functionTimer();
		assertThat(acknowledged.count()).isEqualTo(9);
		assertThat(acknowledged.mean(TimeUnit.MILLISECONDS)).isEqualTo(2);
		assertThat(gauge("mqtt.listener.lanes.busy")).isEqualTo(5);
	}

	@Test
	void reasonsOfFailuresAppearWhenTheyAreFirstSeen() {
		assertThat(this.registry.find("mqtt.client.connects").tag("outcome", "failure").meters()).isEmpty();
		connectionFails(Map.of("NETWORK", 1L));
		connectionFails(Map.of("NETWORK", 2L, "NOT_AUTHORIZED", 1L));
		assertThat(counter("mqtt.client.connects", "outcome", "failure", "reason", "NETWORK")).isEqualTo(2);
		assertThat(counter("mqtt.client.connects", "outcome", "failure", "reason", "NOT_AUTHORIZED")).isEqualTo(1);
	}

	@Test
	void reasonsSeenBeforeAreThereFromTheStart() {
		connectionFails(Map.of("NETWORK", 5L));
		SimpleMeterRegistry later = new SimpleMeterRegistry();
		new MqttClientMetrics(this.client).bindTo(later);
		assertThat(later.get("mqtt.client.connects").tag("reason", "NETWORK").functionCounter().count()).isEqualTo(5);
	}

	private void connectionFails(Map<String, Long> failures) {
		MqttClientStatistics nothing = FakeMqttClient.NOTHING_DONE;
		this.client.statistics(new MqttClientStatistics(0, failures, nothing.published(), nothing.received(), 0,
				nothing.acknowledged(), nothing.acknowledgeTime(), 0, nothing.dropped(), 0, 0, 0, 0));
		MqttConnectException cause = new MqttConnectException("failed", null, null, true, null);
		this.client.listeners().forEach((listener) -> listener.connectionFailed(this.client, cause, 1));
	}

	private double inFlight(String direction, String qos, String stage) {
		return gauge("mqtt.client.inflight", "direction", direction, "qos", qos, "stage", stage);
	}

	private double gauge(String name, String... tags) {
		return this.registry.get(name).tags(tags).gauge().value();
	}

	private double counter(String name, String... tags) {
		return this.registry.get(name).tags(tags).functionCounter().count();
	}

}
