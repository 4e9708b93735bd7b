package io.mqttspring.core;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;

/**
 * How sending ended well.
 *
 * @param message what was sent
 * @param reasonCode what the broker answered, or {@code null} for QoS 0, which it does
 * not answer
 * @param timeToAcknowledgement from the call to the broker's answer; for QoS 0, until it
 * was written to the socket
 */
public record MqttSendResult(MqttMessage message, @Nullable MqttReasonCode reasonCode, Duration timeToAcknowledgement) {

	/**
	 * Return where it was sent to.
	 * @return the topic
	 */
	public String topic() {
		return this.message.topic();
	}

}
