package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.test.util.ReflectionTestUtils;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.MqttWill;
import io.mqttspring.client.SessionOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MqttProperties} and {@link MqttPropertiesMapper}.
 */
class MqttPropertiesTests {

	// Of the properties that configure the client, a value of each that is not its
	// default.
	private static final Map<String, Object> CLIENT = new TreeMap<>();

	static {
		CLIENT.put("mqtt.uri", "mqtt://broker.example:1884");
		CLIENT.put("mqtt.uris", "mqtt://one.example,mqtt://two.example");
		CLIENT.put("mqtt.client-id", "adapter-1");
		CLIENT.put("mqtt.version", "3.1.1");
		CLIENT.put("mqtt.username", "user");
		CLIENT.put("mqtt.password", "secret");
		CLIENT.put("mqtt.keep-alive", "61s");
		CLIENT.put("mqtt.connect-timeout", "11s");
		CLIENT.put("mqtt.clean-start", "false");
		CLIENT.put("mqtt.session-expiry-interval", "2h");
		CLIENT.put("mqtt.receive-maximum", "10");
		CLIENT.put("mqtt.max-packet-size", "1MB");
		CLIENT.put("mqtt.topic-alias-maximum", "33");
		CLIENT.put("mqtt.user-properties", Map.of("region", "eu"));
		CLIENT.put("mqtt.socket.tcp-no-delay", "false");
		CLIENT.put("mqtt.socket.keep-alive", "true");
		CLIENT.put("mqtt.socket.send-buffer", "64KB");
		CLIENT.put("mqtt.socket.receive-buffer", "65KB");
		CLIENT.put("mqtt.socket.bind-address", "127.0.0.1");
		CLIENT.put("mqtt.ssl.alpn", "x-amzn-mqtt-ca");
		CLIENT.put("mqtt.ssl.server-name", "broker.example");
		CLIENT.put("mqtt.ssl.verify-hostname", "false");
		CLIENT.put("mqtt.websocket.path", "/ws");
		CLIENT.put("mqtt.websocket.subprotocol", "mqttv3.1");
		CLIENT.put("mqtt.websocket.headers", Map.of("Authorization", "Bearer secret"));
		CLIENT.put("mqtt.proxy.type", "socks5");
		CLIENT.put("mqtt.proxy.host", "proxy.example");
		CLIENT.put("mqtt.proxy.port", "8080");
		CLIENT.put("mqtt.proxy.username", "user");
		CLIENT.put("mqtt.proxy.password", "secret");
		CLIENT.put("mqtt.will.topic", "gone/adapter-1");
		CLIENT.put("mqtt.will.payload", "gone");
		CLIENT.put("mqtt.will.qos", "2");
		CLIENT.put("mqtt.will.retained", "true");
		CLIENT.put("mqtt.will.delay", "5s");
		CLIENT.put("mqtt.will.expiry", "6s");
		CLIENT.put("mqtt.will.content-type", "text/plain");
		CLIENT.put("mqtt.reconnect.enabled", "false");
		CLIENT.put("mqtt.reconnect.initial-delay", "2s");
		CLIENT.put("mqtt.reconnect.max-delay", "3m");
		CLIENT.put("mqtt.reconnect.multiplier", "1.5");
		CLIENT.put("mqtt.reconnect.refused-delay", "6m");
		CLIENT.put("mqtt.reconnect.max-attempts", "7");
		CLIENT.put("mqtt.subscribe.timeout", "31s");
		CLIENT.put("mqtt.subscribe.batch-size", "8");
		CLIENT.put("mqtt.address-order", "random");
		CLIENT.put("mqtt.outbound.timeout", "32s");
		CLIENT.put("mqtt.outbound.max-in-flight", "100");
		CLIENT.put("mqtt.outbound.queue.max-messages", "200");
		CLIENT.put("mqtt.outbound.queue.max-bytes", "2MB");
		CLIENT.put("mqtt.outbound.queue.when-full", "drop-oldest-qos0");
		CLIENT.put("mqtt.outbound.queue.offline-qos0", "drop");
		CLIENT.put("mqtt.outbound.message-expiry", "1h");
		CLIENT.put("mqtt.listener.queue-capacity", "512");
		CLIENT.put("mqtt.listener.unmatched", "ignore");
		CLIENT.put("mqtt.shutdown.timeout", "33s");
	}

	private static final String BAD_VALUES = """
			mqtt.uri                        | http://host           | Scheme 'http' of a broker's address is not supported
			mqtt.uris[0]                    | mqtt://host:0         | Port 0 of broker 'host' is none
			mqtt.version                    | 4                     | it can be auto, 5 or 3.1.1
			mqtt.keep-alive                 | 60ms                  | keepAlive is PT0.06S: it has to be whole seconds
			mqtt.keep-alive                 | 65536s                | keepAlive is 65,536: it can be 0 to 65,535
			mqtt.connect-timeout            | 0s                    | connectTimeout is PT0S: it has to be more than zero
			mqtt.session-expiry-interval    | -1s                   | expiryInterval is -1: it can be 0 to
			mqtt.receive-maximum            | 0                     | receiveMaximum is 0: it can be 1 to 65,535
			mqtt.max-packet-size            | 1B                    | maximumPacketSize is 1: it can be 1,024 to
			mqtt.max-packet-size            | 2GB                   | it can be 0B to 2,147,483,647B
			mqtt.topic-alias-maximum        | 65536                 | topicAliasMaximum is 65,536: it can be 0 to 65,535
			mqtt.socket.send-buffer         | -1B                   | it can be 0B to 2,147,483,647B
			mqtt.socket.receive-buffer      | -1B                   | it can be 0B to 2,147,483,647B
			mqtt.websocket.path             | mqtt                  | has to begin with '/'
			mqtt.websocket.subprotocol      | a b                   | subprotocol of a WebSocket is none
			mqtt.ssl.bundle                 | broker                | no address has TLS: it has to begin with 'mqtts://'
			mqtt.ssl.alpn                   | mqtt                  | no address has TLS: it has to begin with 'mqtts://'
			mqtt.ssl.server-name            | broker                | no address has TLS: it has to begin with 'mqtts://'
			mqtt.will.topic                 | gone/#                | '#' is a wildcard
			mqtt.reconnect.initial-delay    | 0s                    | initialDelay is PT0S: it has to be more than zero
			mqtt.reconnect.max-delay        | 500ms                 | maxDelay PT0.5S is shorter than initialDelay PT1S
			mqtt.reconnect.multiplier       | 0.5                   | multiplier is 0.5: it can be 1.0 or more
			mqtt.reconnect.refused-delay    | 0s                    | refusedDelay is PT0S: it has to be more than zero
			mqtt.reconnect.max-attempts     | -1                    | maxAttempts is -1: it has to be 0 or more
			mqtt.subscribe.timeout          | 0s                    | subscribeTimeout is PT0S: it has to be more than zero
			mqtt.subscribe.batch-size       | 0                     | subscribeBatchSize is 0: it has to be 1 or more
			mqtt.outbound.timeout           | 0s                    | timeout is PT0S: it has to be more than zero
			mqtt.outbound.max-in-flight     | 65536                 | maxInFlight is 65,536: it can be 1 to 65,535
			mqtt.outbound.queue.max-messages| 0                     | maxMessages is 0: it has to be 1 or more
			mqtt.outbound.queue.max-bytes   | 0B                    | maxBytes is 0: it has to be 1 or more
			mqtt.outbound.message-expiry    | 0s                    | messageExpiry is PT0S: it has to be more than zero
			mqtt.listener.queue-capacity    | 0                     | laneCapacity is 0: it can be 1 to
			mqtt.startup.timeout            | 0s                    | it has to be more than zero
			mqtt.shutdown.timeout           | -1s                   | shutdownTimeout is PT-1S: it cannot be negative
			""";

	@Test
	void defaultsAreThoseOfTheClient() {
		MqttClientBuilder untouched = MqttClient.builder(MqttProperties.DEFAULT_URI).session(SessionOptions.NOT_KEPT);
		assertThat(builder(Map.of())).usingRecursiveComparison().ignoringFields("clientId").isEqualTo(untouched);
	}

	@Test
	void defaultsWithClientIdAreThoseOfTheClient() {
		MqttClientBuilder untouched = MqttClient.builder(MqttProperties.DEFAULT_URI)
			.clientId("adapter-1")
			.session(SessionOptions.KEPT);
		assertThat(builder(Map.of("mqtt.client-id", "adapter-1"))).usingRecursiveComparison().isEqualTo(untouched);
	}

	@Test
	void defaultsOfWillAreThoseOfTheClient() {
		MqttClientBuilder expected = MqttClient.builder(MqttProperties.DEFAULT_URI)
			.session(SessionOptions.NOT_KEPT)
			.will(new MqttWill(MqttMessage.builder("gone").build()));
		assertThat(builder(Map.of("mqtt.will.topic", "gone"))).usingRecursiveComparison()
			.ignoringFields("clientId")
			.isEqualTo(expected);
	}

	@Test
	void noPropertyOfTheClientIsIgnored() {
		CLIENT.forEach((property, value) -> {
			Map<String, Object> base = baseOf(property);
			Map<String, Object> changed = new HashMap<>(base);
			changed.put(property, value);
			assertThat(builder(changed)).as(property)
				.usingRecursiveComparison()
				.ignoringFields(property.equals("mqtt.client-id") ? "session" : "clientId")
				.isNotEqualTo(builder(base));
		});
	}

	private static Map<String, Object> baseOf(String property) {
		if (property.startsWith("mqtt.will.") && !property.equals("mqtt.will.topic")) {
			return Map.of("mqtt.will.topic", "gone");
		}
		if (property.startsWith("mqtt.ssl.")) {
			return Map.of("mqtt.uri", "mqtts://broker.example");
		}
		if (property.startsWith("mqtt.proxy.") && !property.equals("mqtt.proxy.host")) {
			return Map.of("mqtt.proxy.host", "proxy", "mqtt.proxy.username", "me");
		}
		return Map.of();
	}

	@Test
	void eachPropertyIsKnownToATest() {
		assertThat(MqttMetadata.all()).extracting(MqttMetadata::name)
			.filteredOn((name) -> name.startsWith("mqtt."))
			.filteredOn((name) -> !CLIENT.containsKey(name))
			// MqttAutoConfigurationTests, MqttClientLifecycleTests and MqttSslTests have
			// these.
			.containsExactlyInAnyOrder("mqtt.ssl.bundle", "mqtt.ssl.reload", "mqtt.enabled", "mqtt.startup.policy",
					"mqtt.startup.timeout", "mqtt.listener.auto-startup", "mqtt.listener.concurrency",
					"mqtt.listener.qos", "mqtt.template.default-topic", "mqtt.template.qos", "mqtt.template.retained",
					"mqtt.template.wait", "mqtt.template.content-type");
	}

	@Test
	void eachPropertyIsDescribedInASentence() {
		assertThat(MqttMetadata.all())
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).endsWith("."));
	}

	@ParameterizedTest
	@CsvSource({ "0, AT_MOST_ONCE", "1, AT_LEAST_ONCE", "2, EXACTLY_ONCE", "at-most-once, AT_MOST_ONCE",
			"AT_LEAST_ONCE, AT_LEAST_ONCE", "exactlyOnce, EXACTLY_ONCE" })
	void qosIsANumberOrAName(String value, MqttQos expected) {
		assertThat(bind(Map.of("mqtt.template.qos", value)).getTemplate().getQos()).isEqualTo(expected);
	}

	@Test
	void qosFromYamlIsANumber() {
		assertThat(bind(Map.of("mqtt.template.qos", 2)).getTemplate().getQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3", "-1", "often", "" })
	void qosThatIsNoneIsRefused(String value) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("mqtt.template.qos", value)))
			.withMessageContaining("mqtt.template.qos")
			.withStackTraceContaining("QoS can be 0, 1, 2, at-most-once, at-least-once or exactly-once");
	}

	@Test
	void versionFromYamlIsANumber() {
		assertThat(builder(Map.of("mqtt.version", 5))).hasFieldOrPropertyWithValue("version", MqttVersion.MQTT_5);
	}

	@Test
	void versionCanBeNamedAuto() {
		assertThat(builder(Map.of("mqtt.version", "auto"))).hasFieldOrPropertyWithValue("version", null);
	}

	@Test
	void randomClientIdHasTheApplicationsNameInIt() {
		assertThat(clientId("Fleet Adapter (EU-1)")).matches("FleetAdapt[0-9a-f]{13}");
		assertThat(clientId("iot")).matches("iot[0-9a-f]{20}");
		assertThat(clientId(null)).matches("mqtt[0-9a-f]{19}");
		assertThat(clientId("灯塔")).matches("mqtt[0-9a-f]{19}");
		assertThat(clientId("iot")).isNotEqualTo(clientId("iot"));
	}

	@Test
	void sessionOfAKnownClientIdIsKeptAsTold() {
		assertThat(builder(
				Map.of("mqtt.client-id", "adapter-1", "mqtt.clean-start", true, "mqtt.session-expiry-interval", "1d")))
			.hasFieldOrPropertyWithValue("session", new SessionOptions(true, Duration.ofDays(1)));
	}

	@Test
	void blankClientIdIsARandomOne() {
		assertThat(builder(Map.of("mqtt.client-id", " "))).hasFieldOrPropertyWithValue("session",
				SessionOptions.NOT_KEPT);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = BAD_VALUES)
	void badValueIsRefusedWithTheNameOfTheProperty(String property, String value, String reason) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> {
			builder(Map.of(property, value));
			mapper(Map.of(property, value)).startupTimeout();
		})
			.withMessageStartingWith(property + ": ")
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getValue()).isNotNull());
	}

	@Test
	void badWillIsRefusedWithTheNameOfTheProperty() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.will.topic", "gone", "mqtt.will.delay", "-1s")))
			.withMessageStartingWith("mqtt.will.delay: ");
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.will.topic", "gone", "mqtt.will.expiry", "-1s")))
			.withMessageStartingWith("mqtt.will.expiry: ");
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.will.topic", "gone", "mqtt.will.payload", "x".repeat(65_536))))
			.withMessageStartingWith("mqtt.will.payload: ")
			.satisfies((ex) -> assertThat(ex.getValue()).isNull());
	}

	@ParameterizedTest
	@CsvSource({ "mqtt.will.payload, gone", "mqtt.will.qos, 0", "mqtt.will.retained, true", "mqtt.will.delay, 1s",
			"mqtt.will.expiry, 1s", "mqtt.will.content-type, text/plain" })
	void willWithoutTopicIsRefused(String property, String value) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> builder(Map.of(property, value)))
			.withMessage("mqtt.will.topic: it is not set, and the other properties under 'mqtt.will' have no effect "
					+ "without it");
	}

	@Test
	void badProxyIsRefusedWithTheNameOfTheProperty() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.proxy.host", "proxy", "mqtt.proxy.port", "0")))
			.withMessage("mqtt.proxy.port: port of the proxy is 0: it can be 1 to 65,535");
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.proxy.host", "proxy", "mqtt.proxy.password", "s3cr3t")))
			.withMessage("mqtt.proxy.password: the proxy has a password, and no username")
			.satisfies((ex) -> assertThat(ex.getValue()).isNull());
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.proxy.username", "me")))
			.withMessageStartingWith("mqtt.proxy.host: it is not set");
	}

	@Test
	void badHeaderIsRefusedAndNotShown() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.websocket.headers.Authorization", "s3cr3t\r\nX: y")))
			.withMessageStartingWith("mqtt.websocket.headers.Authorization: header of a WebSocket's request is none")
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getValue()).doesNotContain("s3cr3t"));
	}

	@Test
	void uriAndUrisTogetherAreRefused() {
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.uri", "mqtt://one", "mqtt.uris", "mqtt://two")))
			.withMessage("mqtt.uri: 'mqtt.uris' is set, too, and only one of them can be");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mqtt://user:s3cr3t@host", "mqtts://user:s3cr3t@host", "mqtt://user:s3cr3t@",
			"mqtt://user:s3@cr3t@host", "mqtt://user:s3cr3t@host:99999999" })
	void passwordInAnAddressIsNotShown(String uri) {
		assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> builder(Map.of("mqtt.uri", uri)))
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getValue()).doesNotContain("s3", "cr3t"));
	}

	@Test
	void queryOfAnAddressIsNotShown() {
		for (Map<String, Object> bad : List.<Map<String, Object>>of(
				Map.of("mqtt.uri", "wss://host:0/mqtt?token=s3cr3t"),
				Map.of("mqtt.websocket.path", "mqtt?token=s3cr3t"))) {
			assertThatExceptionOfType(InvalidMqttPropertyException.class).isThrownBy(() -> builder(bad))
				.satisfies((ex) -> assertThat(ex.getMessage() + ex.getValue()).doesNotContain("s3cr3t"));
		}
	}

	@Test
	void badSecretsAreRefusedAndNotShown() {
		String tooLong = "s3cr3t".repeat(11_000);
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.password", tooLong)))
			.withMessageStartingWith("mqtt.password: ")
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getValue()).doesNotContain("s3cr3t"));
		assertThatExceptionOfType(InvalidMqttPropertyException.class)
			.isThrownBy(() -> builder(Map.of("mqtt.user-properties.token", tooLong)))
			.withMessageStartingWith("mqtt.user-properties.token: ")
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getValue()).doesNotContain("s3cr3t"));
	}

	private static MqttProperties bind(Map<String, Object> properties) {
		ApplicationConversionService conversionService = new ApplicationConversionService();
		conversionService.addConverter(new MqttQosConverter());
		return new Binder(List.of(new MapConfigurationPropertySource(properties)), null, conversionService)
			.bindOrCreate("mqtt", Bindable.of(MqttProperties.class));
	}

	private static MqttPropertiesMapper mapper(Map<String, Object> properties) {
		return new MqttPropertiesMapper(bind(properties), null);
	}

	private static MqttClientBuilder builder(Map<String, Object> properties) {
		return mapper(properties).builder(null, null);
	}

	private static String clientId(String applicationName) {
		return (String) ReflectionTestUtils
			.getField(new MqttPropertiesMapper(new MqttProperties(), applicationName).builder(null, null), "clientId");
	}

}
