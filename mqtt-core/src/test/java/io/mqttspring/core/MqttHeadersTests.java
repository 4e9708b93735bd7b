package io.mqttspring.core;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MqttHeadersTests {

	/**
	 * As in {@code org.springframework.integration.mqtt.support.MqttHeaders} 7.1.2.
	 */
	@Test
	void namesAreThoseOfSpringIntegration() throws Exception {
		Map<String, Object> constants = new TreeMap<>();
		for (Field field : MqttHeaders.class.getFields()) {
			constants.put(field.getName(), field.get(null));
		}
		assertThat(constants).containsExactlyInAnyOrderEntriesOf(
				Map.ofEntries(Map.entry("PREFIX", "mqtt_"), Map.entry("QOS", "mqtt_qos"), Map.entry("ID", "mqtt_id"),
						Map.entry("RECEIVED_QOS", "mqtt_receivedQos"), Map.entry("DUPLICATE", "mqtt_duplicate"),
						Map.entry("RETAINED", "mqtt_retained"), Map.entry("RECEIVED_RETAINED", "mqtt_receivedRetained"),
						Map.entry("TOPIC", "mqtt_topic"), Map.entry("RECEIVED_TOPIC", "mqtt_receivedTopic"),
						Map.entry("MESSAGE_EXPIRY_INTERVAL", "mqtt_messageExpiryInterval"),
						Map.entry("TOPIC_ALIAS", "mqtt_topicAlias"), Map.entry("RESPONSE_TOPIC", "mqtt_responseTopic"),
						Map.entry("CORRELATION_DATA", "mqtt_correlationData")));
	}

}
