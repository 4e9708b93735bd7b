package io.mqttspring.core;

import org.springframework.context.SmartLifecycle;

/**
 * When the parts of an application that speaks MQTT start and stop. What has a lower
 * phase starts earlier and stops later.
 */
public final class MqttLifecyclePhases {

	/**
	 * When clients connect, and are closed: before the web server starts to take
	 * requests, and after it has finished them.
	 */
	public static final int CLIENT = SmartLifecycle.DEFAULT_PHASE - 4096;

	/**
	 * When listener containers hand their handlers to the clients: before these connect,
	 * so that what a kept session delivers first finds its handler. They stop after the
	 * clients, because it is {@code MqttClient.close()} that lets handlers come to an
	 * end.
	 */
	public static final int LISTENERS = CLIENT - 1024;

	private MqttLifecyclePhases() {
	}

}
