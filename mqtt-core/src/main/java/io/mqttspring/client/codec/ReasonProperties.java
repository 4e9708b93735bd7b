package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttUserProperty;

/**
 * What MQTT 5.0 lets a packet say beside its reason code (MQTT 5.0 §3.4.2.2).
 *
 * @param reasonString the sender's own words, or {@code null}
 * @param userProperties in the order in which they are sent
 */
public record ReasonProperties(@Nullable String reasonString, List<MqttUserProperty> userProperties) {

	/**
	 * Nothing.
	 */
	public static final ReasonProperties NONE = new ReasonProperties(null, List.of());

	public ReasonProperties {
		userProperties = List.copyOf(userProperties);
	}

	/**
	 * Return whether it says nothing.
	 * @return whether there is neither a reason string nor a user property
	 */
	public boolean isEmpty() {
		return this.reasonString == null && this.userProperties.isEmpty();
	}

}
