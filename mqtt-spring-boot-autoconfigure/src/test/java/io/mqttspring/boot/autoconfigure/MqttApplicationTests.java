package io.mqttspring.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

import io.mqttspring.annotation.MqttSubscribe;
import io.mqttspring.core.MqttTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A whole application against HiveMQ: what is configured fits together.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mqtt.client-id=adapter-1", "mqtt.startup.policy=fail",
				"management.endpoints.web.exposure.include=health,mqtt,metrics",
				"management.endpoint.health.show-details=always" })
@DirtiesContext
class MqttApplicationTests {

	private static HiveMq broker;

	@Autowired
	private MqttTemplate template;

	@Autowired
	private MeterRegistry meterRegistry;

	@Autowired
	private Telemetry telemetry;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void startBroker() {
		broker = new HiveMq();
	}

	@AfterAll
	static void stopBroker() throws Exception {
		broker.close();
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("mqtt.uri", () -> broker.uri());
	}

	@Test
	void sentMessageReachesItsHandlerAsAnObject() {
		this.template.send("fleet/42/telemetry", new Reading(21.5));
		await().untilAsserted(() -> assertThat(this.telemetry.readings).contains(new Reading(21.5)));
	}

	@Test
	void actuatorTellsTheTruth() {
		this.template.send("fleet/42/telemetry", new Reading(22.5));
		assertThat(get("/actuator/health/mqtt")).contains("\"status\":\"UP\"",
				"\"uri\":\"%s\"".formatted(broker.uri()));
		await().untilAsserted(() -> assertThat(get("/actuator/mqtt/default")).contains("\"state\":\"CONNECTED\"",
				"\"clientId\":\"adapter-1\"", "\"filter\":\"fleet/+/telemetry\"", "\"grantedQos\":1",
				"\"awaitingPuback\":0", "\"awaitingHandler\":0"));
		assertThat(get("/actuator/metrics/mqtt.client.connected")).contains("\"value\":1.0");
		assertThat(this.meterRegistry.get("mqtt.client.published").tag("qos", "1").functionCounter().count())
			.isPositive();
	}

	private String get(String path) {
		return RestClient.create("http://localhost:" + this.port).get().uri(path).retrieve().body(String.class);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Telemetry telemetry() {
			return new Telemetry();
		}

	}

	static class Telemetry {

		private final List<Reading> readings = new CopyOnWriteArrayList<>();

		@MqttSubscribe("fleet/+/telemetry")
		void telemetry(Reading reading) {
			this.readings.add(reading);
		}

	}

	record Reading(double temperature) {
	}

}
