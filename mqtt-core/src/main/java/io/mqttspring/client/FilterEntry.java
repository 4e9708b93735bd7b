package io.mqttspring.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.session.SessionSubscription;

/**
 * A topic filter as the broker knows it, and the handlers that share it. Guarded by the
 * connection's lock.
 */
final class FilterEntry extends SessionSubscription {

	private final Subscriber subscriber;

	// Never changed but replaced: messages under way keep the list that they were given
	private List<HandlerSubscription> handlers;

	private @Nullable MqttReasonCode answer;

	FilterEntry(SubscribeEntry entry, int identifier, Subscriber subscriber, List<HandlerSubscription> handlers) {
		super(entry, identifier);
		this.subscriber = subscriber;
		this.handlers = List.copyOf(handlers);
	}

	List<HandlerSubscription> handlers() {
		return this.handlers;
	}

	boolean remove(HandlerSubscription handler) {
		List<HandlerSubscription> left = new ArrayList<>(this.handlers);
		boolean removed = left.remove(handler);
		this.handlers = List.copyOf(left);
		return removed;
	}

	@Nullable MqttQos grantedQos() {
		return (this.answer != null && !this.answer.isError()) ? MqttQos.of(this.answer.code()) : null;
	}

	MqttClientStatus.SubscriptionStatus status() {
		return new MqttClientStatus.SubscriptionStatus(entry().filter(), entry().qos(), grantedQos(),
				(this.answer != null && this.answer.isError()) ? this.answer : null,
				this.handlers.stream().map((handler) -> handler.options().name()).toList());
	}

	// A refusal stays known: the broker was not asked again for nothing
	@Override
	protected void onWanted() {
		if (this.answer != null && !this.answer.isError()) {
			this.answer = null;
		}
	}

	@Override
	protected void onAnswer(MqttReasonCode reason) {
		this.answer = reason;
		this.subscriber.answered(this, reason);
	}

}
