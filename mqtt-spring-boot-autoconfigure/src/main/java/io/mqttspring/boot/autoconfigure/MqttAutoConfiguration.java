package io.mqttspring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;

/**
 * Auto-configuration for MQTT.
 */
@AutoConfiguration
public final class MqttAutoConfiguration {

	MqttAutoConfiguration() {
	}

}
