package io.mqttspring.boot.autoconfigure;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttEndpoint} and {@link MqttEndpointAutoConfiguration}.
 */
class MqttEndpointTests {

	private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

	private static final String IDLE = """
			{ "state": "CONNECTED", "uri": "mqtt://broker.example:1883", "clientId": "adapter-1", "version": "5",
			  "since": "2026-01-01T00:00:00Z", "sessionPresent": false, "attempts": 0, "lastError": null,
			  "server": { "receiveMaximum": 10, "maximumQos": 2, "maximumPacketSize": 268435460,
			    "topicAliasMaximum": 5, "keepAlive": "PT1M" },
			  "inFlight": {
			    "outbound": { "qos1": { "awaitingPuback": 0 }, "qos2": { "awaitingPubrec": 0, "awaitingPubcomp": 0 } },
			    "inbound": { "qos1": { "awaitingHandler": 0 }, "qos2": { "awaitingHandler": 0, "awaitingPubrel": 0 } },
			    "oldest": null },
			  "queue": { "messages": 7, "bytes": 8 },
			  "subscriptions": [
			    { "filter": "fleet/+/telemetry", "qos": 1, "grantedQos": 1, "listeners": [ "telemetry" ] } ] }
			""";

	private static final String BUSY = """
			{ "state": "CONNECTED", "uri": "mqtt://broker.example:1883", "clientId": "adapter-1", "version": "5",
			  "since": "2026-01-01T00:00:00Z", "sessionPresent": false, "attempts": 0, "lastError": null,
			  "server": { "receiveMaximum": 10, "maximumQos": 2, "maximumPacketSize": 268435460,
			    "topicAliasMaximum": 5, "keepAlive": "PT1M" },
			  "inFlight": {
			    "outbound": { "qos1": { "awaitingPuback": 1 }, "qos2": { "awaitingPubrec": 2, "awaitingPubcomp": 3 } },
			    "inbound": { "qos1": { "awaitingHandler": 4 }, "qos2": { "awaitingHandler": 5, "awaitingPubrel": 6 } },
			    "oldest": "PT1.5S" },
			  "queue": { "messages": 7, "bytes": 8 },
			  "subscriptions": [
			    { "filter": "fleet/#", "qos": 2, "grantedQos": null, "listeners": [ "all" ] },
			    { "filter": "fleet/+/telemetry", "qos": 1, "grantedQos": 1, "listeners": [ "telemetry" ] } ] }
			""";

	private static final String AWAY = """
			{ "state": "RECONNECTING", "uri": "mqtt://broker.example:1883", "clientId": "adapter-1", "version": "5",
			  "since": "2026-01-01T00:00:00Z", "sessionPresent": false, "attempts": 3,
			  "lastError": "Connection refused", "server": null,
			  "inFlight": {
			    "outbound": { "qos1": { "awaitingPuback": 0 }, "qos2": { "awaitingPubrec": 0, "awaitingPubcomp": 0 } },
			    "inbound": { "qos1": { "awaitingHandler": 0 }, "qos2": { "awaitingHandler": 0, "awaitingPubrel": 0 } },
			    "oldest": null },
			  "queue": { "messages": 7, "bytes": 8 }, "subscriptions": [] }
			""";

	private final WebApplicationContextRunner webContextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, EndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				MqttEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mqtt");

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=mqtt")
		.withBean("mqttClient", MqttClient.class,
				() -> client("default", TestStatus.of(MqttClientState.CONNECTED, SINCE)));

	@Test
	void showsAllClients() {
		get("/actuator/mqtt", """
				{ "clients": { "default": %s, "plant": %s, "press": %s } }
				""".formatted(IDLE, BUSY, AWAY));
	}

	@Test
	void showsOneClient() {
		get("/actuator/mqtt/default", IDLE);
		get("/actuator/mqtt/plant", BUSY);
		get("/actuator/mqtt/press", AWAY);
	}

	@Test
	void clientThatIsNotThereIsNotFound() {
		this.webContextRunner
			.withBean("mqttClient", MqttClient.class,
					() -> client("default", TestStatus.of(MqttClientState.CONNECTED, SINCE)))
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/actuator/mqtt/nobody"))
				.hasStatus(HttpStatus.NOT_FOUND));
	}

	@Test
	void accessCanBeDenied() {
		this.contextRunner.withPropertyValues("management.endpoint.mqtt.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttEndpoint.class));
	}

	@Test
	void isNotThereUnlessExposed() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttEndpoint.class));
	}

	@Test
	void backsOffToTheUsersOwn() {
		MqttEndpoint own = mock();
		this.contextRunner.withBean("ownEndpoint", MqttEndpoint.class, () -> own)
			.run((context) -> assertThat(context).getBean(MqttEndpoint.class).isSameAs(own));
	}

	@Test
	void isNotThereWithoutClient() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=mqtt")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttEndpoint.class));
	}

	@Test
	void isNotThereWithoutActuator() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttEndpoint"));
	}

	@Test
	void clientsOfOneNameAreRefused() {
		this.contextRunner
			.withBean("other", MqttClient.class,
					() -> client("default", TestStatus.of(MqttClientState.CONNECTED, SINCE)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("Beans 'mqttClient' and 'other' are both MQTT clients of the name 'default', which would "
						+ "mix them up in health and metrics: give one another name with MqttClientBuilder.name()"));
	}

	private void get(String path, String expected) {
		this.webContextRunner
			.withBean("mqttClient", MqttClient.class,
					() -> client("default", TestStatus.of(MqttClientState.CONNECTED, SINCE)))
			.withBean("plantMqttClient", MqttClient.class, () -> client("plant", TestStatus.busy(SINCE)))
			.withBean("pressMqttClient", MqttClient.class,
					() -> client("press", TestStatus.of(MqttClientState.RECONNECTING, SINCE)))
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri(path)).hasStatusOk()
				.bodyJson()
				.isStrictlyEqualTo(expected));
	}

	private static MqttClient client(String name, MqttClientStatus status) {
		MqttClient client = mock();
		given(client.name()).willReturn(name);
		given(client.status()).willReturn(status);
		return client;
	}

}
