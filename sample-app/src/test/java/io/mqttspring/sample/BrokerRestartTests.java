package io.mqttspring.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.EntityExchangeResult;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Points the sample at a Mosquitto, and kills it again and again.
 */
class BrokerRestartTests {

	private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");

	@TempDir
	private Path folder;

	private int brokerPort;

	private Process mosquitto;

	private RestTestClient client;

	@BeforeEach
	void configureMosquitto() throws IOException {
		Assumptions.assumeTrue(Files.isExecutable(MOSQUITTO), "Mosquitto is not installed (Debian: mosquitto)");
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
		// Below those that the system gives to outgoing connections: while the broker is
		// away, a client could else be given it and reach itself
		try (ServerSocket socket = new ServerSocket(ThreadLocalRandom.current().nextInt(20_000, 32_000))) {
			this.brokerPort = socket.getLocalPort();
		}
		Files.writeString(this.folder.resolve("mosquitto.conf"), """
				listener %d 127.0.0.1
				allow_anonymous true
				""".formatted(this.brokerPort));
	}

	@AfterEach
	void endMosquitto() throws InterruptedException {
		if (this.mosquitto != null) {
			killMosquitto();
		}
	}

	@Test
	void eachRestartOfTheBrokerEndsInAReconnectAndResumedTelemetry() throws Exception {
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(SampleApplication.class).run(
				"--server.port=0", "--mqtt.uri=mqtt://127.0.0.1:" + this.brokerPort, "--mqtt.reconnect.max-delay=1s",
				"--sample.fleet.interval=200ms", "--management.health.mqtt.grace-period=2s")) {
			int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
			try (LiveFeedReader feed = new LiveFeedReader(port)) {
				// The application starts before its broker does.
				assertAway();
				for (int restart = 1; restart <= 3; restart++) {
					startMosquitto();
					assertThereWithAllHandlers(application.getBean(Readings.class), feed, restart);
					killMosquitto();
					assertAway();
				}
				// An open page is a request that never ends: it must not hold up the end.
				assertThat(CompletableFuture.runAsync(application::close, (close) -> new Thread(close).start()))
					.succeedsWithin(Duration.ofSeconds(10));
				await().until(feed::isOver);
			}
		}
	}

	private void assertAway() {
		await().untilAsserted(() -> {
			JsonNode status = get("/actuator/mqtt/default");
			assertThat(status.at("/state").asString()).isIn("CONNECTING", "RECONNECTING");
			assertThat(status.at("/lastError").asString()).contains("127.0.0.1:" + this.brokerPort);
			assertThat(status.at("/attempts").asInt()).isPositive();
		});
		assertThat(get("/actuator/metrics/mqtt.client.connected").at("/measurements/0/value").asInt()).isZero();
		assertThat(get("/actuator/health").at("/components/mqtt/status").asString()).isIn("RECONNECTING", "DOWN");
		// Beyond the grace period it is no longer taken for a short outage.
		await().untilAsserted(() -> {
			EntityExchangeResult<JsonNode> health = exchange("/actuator/health");
			assertThat(health.getStatus()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
			assertThat(health.getResponseBody().at("/components/mqtt/status").asString()).isEqualTo("DOWN");
		});
	}

	private void assertThereWithAllHandlers(Readings readings, LiveFeedReader feed, double target) {
		await().untilAsserted(() -> {
			JsonNode status = get("/actuator/mqtt/default");
			assertThat(status.at("/state").asString()).isEqualTo("CONNECTED");
			assertThat(status.at("/attempts").asInt()).isZero();
			assertThat(status.at("/lastError").isNull()).isTrue();
			assertThat(status.at("/subscriptions").findValuesAsString("grantedQos")).containsExactly("1", "1");
		});
		assertThat(get("/actuator/metrics/mqtt.client.connected").at("/measurements/0/value").asInt()).isOne();
		assertThat(get("/actuator/health").at("/components/mqtt/status").asString()).isEqualTo("UP");
		Instant connected = Instant.now();
		await().untilAsserted(
				() -> assertThat(readings.since(connected).stream().map(Reading::deviceId).distinct()).hasSize(6));
		String command = setTarget("van-1", target);
		await().untilAsserted(() -> assertThat(feed.lines())
			.anyMatch((line) -> line.contains(command) && line.contains("\"accepted\":true")));
		await().untilAsserted(() -> assertThat(readings.since(connected))
			.anyMatch((reading) -> reading.deviceId().equals("van-1") && reading.target() == target));
	}

	private JsonNode get(String path) {
		return exchange(path).getResponseBody();
	}

	private EntityExchangeResult<JsonNode> exchange(String path) {
		return this.client.get().uri(path).exchange().expectBody(JsonNode.class).returnResult();
	}

	private String setTarget(String van, double celsius) {
		return this.client.post()
			.uri("/api/devices/{id}/target", van)
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"celsius\": %s}".formatted(celsius))
			.exchange()
			.expectBody(Command.class)
			.returnResult()
			.getResponseBody()
			.id();
	}

	private void startMosquitto() throws IOException {
		this.mosquitto = new ProcessBuilder(
				List.of(MOSQUITTO.toString(), "-c", this.folder.resolve("mosquitto.conf").toString()))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	private void killMosquitto() throws InterruptedException {
		this.mosquitto.destroyForcibly().waitFor();
	}

}
