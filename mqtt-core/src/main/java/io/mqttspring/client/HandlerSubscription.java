package io.mqttspring.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A handler, its lanes, and what the broker said to its filter. What is volatile is
 * written with the lock held.
 */
final class HandlerSubscription implements Subscription {

	private final SubscribeOptions options;

	private final MqttMessageHandler handler;

	private final Lane[] lanes;

	private final Subscriber subscriber;

	private volatile Pending<Subscription> answered;

	private volatile boolean active = true;

	private volatile @Nullable MqttQos granted;

	HandlerSubscription(SubscribeOptions options, MqttMessageHandler handler, Subscriber subscriber, Lane[] lanes) {
		this.options = options;
		this.handler = handler;
		this.subscriber = subscriber;
		this.answered = new Pending<>(subscriber.guard());
		this.lanes = lanes;
	}

	@Override
	public SubscribeOptions options() {
		return this.options;
	}

	@Override
	public @Nullable MqttQos grantedQos() {
		return this.granted;
	}

	@Override
	public void unsubscribe() {
		this.subscriber.await(this.subscriber.unsubscribe(this), "UNSUBACK", this.options.filter());
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync() {
		return this.subscriber.unsubscribe(this).future();
	}

	MqttMessageHandler handler() {
		return this.handler;
	}

	Lane[] lanes() {
		return this.lanes;
	}

	/**
	 * Messages of one topic share a lane, and so keep their order.
	 */
	Lane laneFor(String topic) {
		return (this.lanes.length == 1) ? this.lanes[0]
				: this.lanes[Math.floorMod(topic.hashCode() * 0x9E3779B9 >>> 8, this.lanes.length)];
	}

	/**
	 * Return the broker's answer, the first one since it was asked by a call.
	 */
	Pending<Subscription> answered() {
		return this.answered;
	}

	/**
	 * What the broker has answered counts no more. Called with the lock held.
	 */
	void askAgain() {
		this.answered = new Pending<>(this.subscriber.guard());
	}

	/**
	 * The broker has answered. Called with the lock held.
	 */
	void answer(MqttReasonCode reason, @Nullable MqttQos granted) {
		this.granted = granted;
		if (reason.isError()) {
			String filter = this.options.filter();
			this.answered.fail(new MqttSubscribeException(
					"The broker refused the subscription to '%s': %s (0x%02X)".formatted(filter, reason, reason.code()),
					Map.of(filter, reason)));
		}
		else {
			this.answered.complete(this);
		}
	}

	boolean isActive() {
		return this.active;
	}

	void deactivate() {
		this.active = false;
	}

}
