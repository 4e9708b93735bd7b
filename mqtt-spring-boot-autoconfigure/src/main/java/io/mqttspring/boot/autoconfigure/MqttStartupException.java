package io.mqttspring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * There was no connection when the application started, and {@code mqtt.startup.policy}
 * asks for one.
 */
class MqttStartupException extends RuntimeException {

	MqttStartupException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
