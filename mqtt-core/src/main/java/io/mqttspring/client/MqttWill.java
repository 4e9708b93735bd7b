package io.mqttspring.client;

import java.time.Duration;

/**
 * What the broker publishes when this client goes without a DISCONNECT (MQTT 5.0
 * §3.1.2.5).
 *
 * @param message topic, payload, QoS, RETAIN and properties of the will; the payload has
 * at most 65,535 bytes
 * @param delay how long the broker waits, and does nothing if the client is back by then;
 * whole seconds, without effect on 3.1.1 (MQTT 5.0 §3.1.3.2.2)
 */
public record MqttWill(MqttMessage message, Duration delay) {

	public MqttWill {
		if (message.payload().length > 65_535) {
			throw new IllegalArgumentException("The payload of the will has %,d bytes: at most 65,535 are allowed"
				.formatted(message.payload().length));
		}
		if (delay.isNegative() || delay.toSeconds() > 0xFFFF_FFFFL) {
			throw new IllegalArgumentException(
					"The delay of the will is %s: it can be 0 to 4,294,967,295 seconds".formatted(delay));
		}
	}

	/**
	 * Create a will that is published at once.
	 * @param message the message
	 */
	public MqttWill(MqttMessage message) {
		this(message, Duration.ZERO);
	}

}
