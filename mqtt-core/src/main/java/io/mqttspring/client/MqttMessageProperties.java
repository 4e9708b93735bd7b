package io.mqttspring.client;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What MQTT 5.0 lets a message carry beside its payload (MQTT 5.0 §3.3.2.3). On 3.1.1
 * nothing of it is sent.
 *
 * @param utf8 whether the payload is said to be UTF-8 text (Payload Format Indicator)
 * @param messageExpiry for how long the message is worth delivering, whole seconds up to
 * 4,294,967,295, or {@code null} for ever
 * @param contentType what the payload is, usually a MIME type, or {@code null}
 * @param responseTopic where an answer is awaited, or {@code null}
 * @param correlationData what the answer has to carry, or {@code null}; not copied
 * @param userProperties in the order in which they are sent
 * @param subscriptionIdentifiers of the subscriptions that an arriving message matched;
 * empty on messages to publish
 */
public record MqttMessageProperties(boolean utf8, @Nullable Duration messageExpiry, @Nullable String contentType,
		@Nullable String responseTopic, byte @Nullable [] correlationData, List<MqttUserProperty> userProperties,
		List<Integer> subscriptionIdentifiers) {

	/**
	 * No property at all.
	 */
	public static final MqttMessageProperties NONE = new MqttMessageProperties(false, null, null, null, null, List.of(),
			List.of());

	private static final long MAX_EXPIRY_SECONDS = 0xFFFF_FFFFL;

	public MqttMessageProperties {
		if (messageExpiry != null && (messageExpiry.isNegative() || messageExpiry.toSeconds() > MAX_EXPIRY_SECONDS)) {
			throw new IllegalArgumentException(
					"messageExpiry is %s: it can be 0 to %,d seconds".formatted(messageExpiry, MAX_EXPIRY_SECONDS));
		}
		if (contentType != null) {
			MqttTopics.utf8("Content type", contentType);
		}
		if (responseTopic != null) {
			MqttTopics.checkName(responseTopic);
		}
		if (correlationData != null && correlationData.length > 65_535) {
			throw new IllegalArgumentException(
					"Correlation data has %,d bytes: at most 65,535 are allowed".formatted(correlationData.length));
		}
		userProperties = List.copyOf(userProperties);
		subscriptionIdentifiers = List.copyOf(subscriptionIdentifiers);
	}

}
