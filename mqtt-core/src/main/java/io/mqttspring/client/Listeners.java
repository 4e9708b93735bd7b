package io.mqttspring.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Who is told what happens to a client. Thread-safe.
 */
final class Listeners {

	private final MqttClient client;

	private final Guard guard;

	private final List<MqttClientListener> listeners = new CopyOnWriteArrayList<>();

	Listeners(MqttClient client, Guard guard) {
		this.client = client;
		this.guard = guard;
	}

	void add(MqttClientListener listener) {
		this.listeners.add(listener);
	}

	void remove(MqttClientListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Tell all of them, later. Called with the lock held.
	 */
	void tell(BiConsumer<MqttClientListener, MqttClient> event) {
		for (MqttClientListener listener : this.listeners) {
			this.guard.later(() -> event.accept(listener, this.client));
		}
	}

}
