package io.mqttspring.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.session.InboundPublish;

/**
 * A message that arrived, on its way through the lanes of its handlers.
 */
final class Arrival {

	private static final AtomicIntegerFieldUpdater<Arrival> HANDLERS = AtomicIntegerFieldUpdater
		.newUpdater(Arrival.class, "handlers");

	private static final int OVERHEAD = 200;

	private final MqttMessage message;

	private final @Nullable InboundPublish owed;

	private final List<HandlerSubscription> targets;

	private volatile int handlers; // those that have not ended yet

	Arrival(MqttMessage message, @Nullable InboundPublish owed, List<HandlerSubscription> targets) {
		this.message = message;
		this.owed = owed;
		this.targets = targets;
		this.handlers = targets.size();
	}

	MqttMessage message() {
		return this.message;
	}

	/**
	 * Return about how much memory it takes.
	 */
	int bytes() {
		return OVERHEAD + this.message.topic().length() + this.message.payload().length;
	}

	/**
	 * Return what the broker is to be told when all handlers have ended.
	 */
	@Nullable InboundPublish owed() {
		return this.owed;
	}

	List<HandlerSubscription> targets() {
		return this.targets;
	}

	/**
	 * A handler has ended.
	 * @return whether it was the last one
	 */
	boolean handlerEnded() {
		return HANDLERS.decrementAndGet(this) == 0;
	}

}
