package io.mqttspring.sample;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Appender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SampleTest
class SampleApplicationTests {

	@Autowired
	private Readings readings;

	@Autowired
	private FleetHandlers handlers;

	@Autowired
	private JdbcClient jdbc;

	@Value("${mqtt.uri}")
	private String brokerUri;

	@LocalServerPort
	private int port;

	private RestTestClient client;

	@BeforeEach
	void bindClient() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void telemetryOfAllVansReachesTheDatabase() {
		Instant start = Instant.now();
		await().untilAsserted(() -> assertThat(this.readings.since(start)).extracting(Reading::deviceId)
			.contains("van-1", "van-2", "van-3", "van-4", "van-5", "van-6"));
		JsonNode first = get("/api/readings").at("/0");
		assertThat(first.at("/temperature").isNumber()).isTrue();
		assertThat(Instant.parse(first.at("/time").asString())).isBefore(Instant.now());
	}

	@Test
	void readingThatArrivesTwiceIsSavedOnce() {
		Telemetry telemetry = new Telemetry(Instant.now().truncatedTo(ChronoUnit.MILLIS), 4.2, 4, 60, 90);
		this.handlers.telemetry(telemetry, "van-twice");
		this.handlers.telemetry(telemetry, "van-twice");
		assertThat(this.readings.since(telemetry.time())).filteredOn("deviceId", "van-twice")
			.containsExactly(new Reading("van-twice", telemetry));
	}

	@Test
	void oldReadingsAreDeleted() {
		this.readings.save(new Reading("van-old", Instant.now(), 4.2, 4, 60, 90));
		this.readings.deleteOld();
		assertThat(this.readings.isKnown("van-old")).isTrue();
		this.jdbc.sql("update reading set received = dateadd(hour, -1, received) where device_id = 'van-old'").update();
		this.readings.deleteOld();
		assertThat(this.readings.isKnown("van-old")).isFalse();
	}

	@Test
	void commandGoesToTheVanAndItsAnswerComesBack() throws Exception {
		try (LiveFeedReader feed = new LiveFeedReader(this.port)) {
			String id = setTarget("van-1", 5);
			await().untilAsserted(() -> assertThat(feed.lines()).contains("event:answer",
					"data:{\"commandId\":\"%s\",\"accepted\":true,\"text\":\"The target is now 5.0 °C\"}"
						.formatted(id)));
			await().untilAsserted(() -> assertThat(feed.lines())
				.anyMatch((line) -> line.contains("\"van-1\"") && line.contains("\"target\":5.0")));
		}
	}

	@Test
	void vanRefusesWhatItCannotDo() throws Exception {
		try (LiveFeedReader feed = new LiveFeedReader(this.port)) {
			String id = setTarget("van-2", -60);
			await().untilAsserted(() -> assertThat(feed.lines())
				.anyMatch((line) -> line.contains(id) && line.contains("\"accepted\":false")));
		}
	}

	@Test
	void commandForAnUnknownVanIsNotSent() {
		this.client.post()
			.uri("/api/devices/{id}/target", "van-99")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"celsius\": 5}")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("No van 'van-99' has been heard of");
	}

	@Test
	void actuatorTellsOfTheConnection() {
		await().untilAsserted(
				() -> assertThat(get("/actuator/health").at("/components/mqtt/status").asString()).isEqualTo("UP"));
		assertThat(get("/actuator/metrics/mqtt.client.connected").at("/measurements/0/value").asInt()).isOne();
		JsonNode status = get("/actuator/mqtt/default");
		assertThat(status.at("/state").asString()).isEqualTo("CONNECTED");
		assertThat(status.at("/uri").asString()).isEqualTo(this.brokerUri);
		assertThat(status.at("/subscriptions").findValuesAsString("filter"))
			.containsExactlyInAnyOrder("fleet/+/telemetry", "fleet/+/answer");
	}

	@Test
	void brokerInTheSameJvmLeavesTheLoggingAlone() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders()).toIterable()
			.extracting(Appender::getName)
			.containsExactly("CONSOLE");
		assertThat(context.getTurboFilterList()).extracting((filter) -> filter.getClass().getName())
			.noneMatch((name) -> name.startsWith("com.hivemq"));
	}

	private JsonNode get(String path) {
		return this.client.get().uri(path).exchange().expectBody(JsonNode.class).returnResult().getResponseBody();
	}

	private String setTarget(String van, double celsius) {
		Command command = this.client.post()
			.uri("/api/devices/{id}/target", van)
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"celsius\": %s}".formatted(celsius))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(Command.class)
			.returnResult()
			.getResponseBody();
		return command.id();
	}

}
