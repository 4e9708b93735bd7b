package io.mqttspring.client;

/**
 * A user property (MQTT 5.0 §3.3.2.3.7): a name may come more than once, and order is
 * kept.
 *
 * @param name the name, at most 65,535 bytes in UTF-8
 * @param value the value, at most 65,535 bytes in UTF-8
 */
public record MqttUserProperty(String name, String value) {

	public MqttUserProperty {
		MqttTopics.utf8("User property name", name);
		MqttTopics.utf8("User property value", value);
	}

}
