package io.mqttspring.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttUserProperty;

/**
 * Turns what a message carries beside its payload into message headers, and back.
 */
public final class MqttHeaderMapper {

	/**
	 * Names that steer what is done with a message here, and so are not for a sender to
	 * set by a user property.
	 */
	private static final Set<String> RESERVED = Set.of(MessageHeaders.ID, MessageHeaders.TIMESTAMP,
			MessageHeaders.CONTENT_TYPE, MessageHeaders.REPLY_CHANNEL, MessageHeaders.ERROR_CHANNEL, "nativeHeaders");

	private MqttHeaderMapper() {
	}

	/**
	 * Return the headers of a message that has arrived. Each user property is a header of
	 * its name, the last one where a name comes more than once; a user property cannot
	 * stand in for a header of {@link MqttHeaders} or of Spring's own.
	 * @param message the message
	 * @return a new map
	 */
	public static Map<String, Object> toHeaders(MqttMessage message) {
		Map<String, Object> headers = new HashMap<>();
		MqttMessageProperties properties = message.properties();
		if (properties != MqttMessageProperties.NONE) {
			for (MqttUserProperty property : properties.userProperties()) {
				if (!isReserved(property.name())) {
					headers.put(property.name(), property.value());
				}
			}
			putIfThere(headers, MessageHeaders.CONTENT_TYPE, properties.contentType());
			putIfThere(headers, MqttHeaders.RESPONSE_TOPIC, properties.responseTopic());
			putIfThere(headers, MqttHeaders.CORRELATION_DATA, properties.correlationData());
			Duration expiry = properties.messageExpiry();
			putIfThere(headers, MqttHeaders.MESSAGE_EXPIRY_INTERVAL, (expiry != null) ? expiry.toSeconds() : null);
		}
		headers.put(MqttHeaders.RECEIVED_TOPIC, message.topic());
		headers.put(MqttHeaders.RECEIVED_QOS, message.qos().level());
		headers.put(MqttHeaders.RECEIVED_RETAINED, message.retained());
		headers.put(MqttHeaders.DUPLICATE, message.duplicate());
		return headers;
	}

	private static boolean isReserved(String name) {
		return name.startsWith(MqttHeaders.PREFIX) || RESERVED.contains(name);
	}

	private static void putIfThere(Map<String, Object> headers, String name, @Nullable Object value) {
		if (value != null) {
			headers.put(name, value);
		}
	}

	/**
	 * Set what the headers of a message to publish say. Other headers than those of
	 * {@link MqttHeaders} and the content type stay here.
	 * @param headers the headers
	 * @param message builds the message
	 * @throws IllegalArgumentException if a header has a value that cannot stand for what
	 * it is to set
	 */
	static void fromHeaders(MessageHeaders headers, MqttMessage.Builder message) {
		Object qos = headers.get(MqttHeaders.QOS);
		if (qos != null) {
			message.qos(qos(qos));
		}
		Object retained = headers.get(MqttHeaders.RETAINED);
		if (retained != null) {
			message.retained(retained(retained));
		}
		Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
		if (contentType != null) {
			message.contentType(contentType.toString());
		}
		Object expiry = headers.get(MqttHeaders.MESSAGE_EXPIRY_INTERVAL);
		if (expiry != null) {
			message.messageExpiry(expiry(expiry));
		}
		String responseTopic = string(headers, MqttHeaders.RESPONSE_TOPIC);
		if (responseTopic != null) {
			message.responseTopic(responseTopic);
		}
		Object correlationData = headers.get(MqttHeaders.CORRELATION_DATA);
		if (correlationData != null) {
			message.correlationData(correlationData(correlationData));
		}
	}

	/**
	 * Return a header that has to be a string.
	 */
	static @Nullable String string(MessageHeaders headers, String name) {
		Object value = headers.get(name);
		if (value == null || value instanceof String) {
			return (String) value;
		}
		throw wrong(name, value, "a String");
	}

	private static MqttQos qos(Object value) {
		if (value instanceof MqttQos qos) {
			return qos;
		}
		if (value instanceof Number number) {
			return MqttQos.of(number.intValue());
		}
		throw wrong(MqttHeaders.QOS, value, "0, 1 or 2, or a MqttQos");
	}

	private static boolean retained(Object value) {
		if (value instanceof Boolean retained) {
			return retained;
		}
		throw wrong(MqttHeaders.RETAINED, value, "a Boolean");
	}

	private static Duration expiry(Object value) {
		if (value instanceof Duration expiry) {
			return expiry;
		}
		if (value instanceof Number seconds) {
			return Duration.ofSeconds(seconds.longValue());
		}
		throw wrong(MqttHeaders.MESSAGE_EXPIRY_INTERVAL, value, "a number of seconds, or a Duration");
	}

	private static byte[] correlationData(Object value) {
		if (value instanceof byte[] bytes) {
			return bytes;
		}
		if (value instanceof String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		throw wrong(MqttHeaders.CORRELATION_DATA, value, "a byte[] or a String");
	}

	private static IllegalArgumentException wrong(String name, Object value, String right) {
		return new IllegalArgumentException(
				"Header '%s' is a %s: it has to be %s".formatted(name, value.getClass().getName(), right));
	}

}
