package io.mqttspring.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.messaging.MessageHeaders;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttUserProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MqttHeaderMapperTests {

	private static final byte[] CORRELATION = { 1, 2 };

	@Test
	void flagsOfAMessageAreHeaders() {
		MqttMessage message = MqttMessage.received("fleet/7", new byte[0], MqttQos.EXACTLY_ONCE, true, true,
				MqttMessageProperties.NONE);
		assertThat(MqttHeaderMapper.toHeaders(message)).isEqualTo(Map.of(MqttHeaders.RECEIVED_TOPIC, "fleet/7",
				MqttHeaders.RECEIVED_QOS, 2, MqttHeaders.RECEIVED_RETAINED, true, MqttHeaders.DUPLICATE, true));
	}

	@Test
	void eachFlagHasItsOwnHeader() {
		for (boolean flag : new boolean[] { false, true }) {
			MqttMessage message = MqttMessage.received("fleet/7", new byte[0], MqttQos.EXACTLY_ONCE, flag, !flag,
					MqttMessageProperties.NONE);
			assertThat(MqttHeaderMapper.toHeaders(message))
				.containsEntry(MqttHeaders.RECEIVED_RETAINED, message.retained())
				.containsEntry(MqttHeaders.DUPLICATE, message.duplicate());
			assertThat(message.retained()).isNotEqualTo(message.duplicate());
		}
	}

	@Test
	void propertiesOfAMessageAreHeaders() {
		MqttMessage message = received(new MqttUserProperty("traceparent", "00-1"));
		assertThat(MqttHeaderMapper.toHeaders(message)).containsEntry(MessageHeaders.CONTENT_TYPE, "application/json")
			.containsEntry(MqttHeaders.RESPONSE_TOPIC, "answers")
			.containsEntry(MqttHeaders.CORRELATION_DATA, CORRELATION)
			.containsEntry(MqttHeaders.MESSAGE_EXPIRY_INTERVAL, 60L)
			.containsEntry("traceparent", "00-1");
	}

	@Test
	void userPropertyCannotStandInForAHeaderThatSteers() {
		MqttMessage message = received(new MqttUserProperty("mqtt_receivedTopic", "other"),
				new MqttUserProperty("contentType", "text/html"), new MqttUserProperty("replyChannel", "shutdown"),
				new MqttUserProperty("errorChannel", "shutdown"), new MqttUserProperty("id", "1"),
				new MqttUserProperty("timestamp", "1"), new MqttUserProperty("mqtt_topic", "elsewhere"),
				new MqttUserProperty("mqtt_qos", "0"));
		assertThat(MqttHeaderMapper.toHeaders(message)).containsEntry(MqttHeaders.RECEIVED_TOPIC, "fleet/7")
			.containsEntry(MessageHeaders.CONTENT_TYPE, "application/json")
			.doesNotContainKeys("replyChannel", "errorChannel", "id", "timestamp", MqttHeaders.TOPIC, MqttHeaders.QOS);
	}

	private static MqttMessage received(MqttUserProperty... userProperties) {
		MqttMessageProperties properties = new MqttMessageProperties(false, Duration.ofMinutes(1), "application/json",
				"answers", CORRELATION, List.of(userProperties), List.of());
		return MqttMessage.received("fleet/7", new byte[0], MqttQos.AT_LEAST_ONCE, false, false, properties);
	}

	@Test
	void headersAreSetOnAMessage() {
		MqttMessage.Builder builder = MqttMessage.builder("fleet/7");
		MqttHeaderMapper.fromHeaders(new MessageHeaders(Map.of(MqttHeaders.QOS, 2, MqttHeaders.RETAINED, true,
				MessageHeaders.CONTENT_TYPE, "text/plain", MqttHeaders.RESPONSE_TOPIC, "answers",
				MqttHeaders.CORRELATION_DATA, "7", MqttHeaders.MESSAGE_EXPIRY_INTERVAL, 60L, "other", "stays here")),
				builder);
		MqttMessage message = builder.build();
		assertThat(message.qos()).isEqualTo(MqttQos.EXACTLY_ONCE);
		assertThat(message.retained()).isTrue();
		assertThat(message.properties().contentType()).isEqualTo("text/plain");
		assertThat(message.properties().responseTopic()).isEqualTo("answers");
		assertThat(message.properties().correlationData()).isEqualTo("7".getBytes(StandardCharsets.UTF_8));
		assertThat(message.properties().messageExpiry()).isEqualTo(Duration.ofMinutes(1));
		assertThat(message.properties().userProperties()).isEmpty();
	}

	@Test
	void headerOfAWrongTypeIsRefusedByName() {
		refused(MqttHeaders.QOS, "high",
				"Header 'mqtt_qos' is a java.lang.String: it has to be 0, 1 or 2, or a MqttQos");
		refused(MqttHeaders.RETAINED, "yes", "Header 'mqtt_retained' is a java.lang.String: it has to be a Boolean");
		refused(MqttHeaders.MESSAGE_EXPIRY_INTERVAL, "1m",
				"Header 'mqtt_messageExpiryInterval' is a java.lang.String: it has to be a number of seconds, or a Duration");
		refused(MqttHeaders.CORRELATION_DATA, 7,
				"Header 'mqtt_correlationData' is a java.lang.Integer: it has to be a byte[] or a String");
		refused(MqttHeaders.RESPONSE_TOPIC, 7,
				"Header 'mqtt_responseTopic' is a java.lang.Integer: it has to be a String");
	}

	private static void refused(String header, Object value, String message) {
		MqttMessage.Builder builder = MqttMessage.builder("fleet/7");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MqttHeaderMapper.fromHeaders(new MessageHeaders(Map.of(header, value)), builder))
			.withMessage(message);
	}

}
