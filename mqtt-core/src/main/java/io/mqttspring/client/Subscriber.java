package io.mqttspring.client;

import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.session.Session;

/**
 * Makes and ends subscriptions, and tells who waits what the broker said.
 */
final class Subscriber {

	private static final Logger logger = LoggerFactory.getLogger(Subscriber.class);

	private final Guard guard;

	private final Session session;

	private final Lanes lanes;

	private final Listeners listeners;

	private final Writer writer;

	private final Duration timeout;

	private final Object client; // for messages

	private final Subscriptions subscriptions = new Subscriptions(this);

	Subscriber(Guard guard, Session session, Lanes lanes, Listeners listeners, Writer writer, Duration timeout,
			Object client) {
		this.guard = guard;
		this.session = session;
		this.lanes = lanes;
		this.listeners = listeners;
		this.writer = writer;
		this.timeout = timeout;
		this.client = client;
	}

	Guard guard() {
		return this.guard;
	}

	/**
	 * Return all subscriptions, for who holds the lock.
	 */
	Subscriptions subscriptions() {
		return this.subscriptions;
	}

	/**
	 * Add a handler, or return the same one where it is there already. If the broker had
	 * refused that, it is asked again.
	 */
	Made subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		this.guard.lock();
		try {
			HandlerSubscription same = this.subscriptions.find(options, handler);
			if (same != null) {
				FilterEntry entry = this.subscriptions.find(options.filter());
				if (same.answered().isFailed() && entry != null) {
					same.askAgain();
					this.session.subscribe(entry);
					this.writer.signal();
				}
				return new Made(same, false);
			}
			HandlerSubscription subscription = new HandlerSubscription(options, handler, this,
					this.lanes.create(options.name(), options.concurrency()));
			this.session.subscribe(this.subscriptions.add(subscription));
			this.writer.signal();
			return new Made(subscription, true);
		}
		finally {
			this.guard.unlock();
		}
	}

	Pending<Void> unsubscribe(HandlerSubscription subscription) {
		Pending<Void> ended = new Pending<>(this.guard);
		this.guard.lock();
		try {
			subscription.deactivate();
			this.lanes.remove(subscription.lanes());
			if (this.subscriptions.remove(subscription)) {
				this.session.unsubscribe(new UnsubscribeEnd(subscription.options().filter(), ended, this.client));
				this.writer.signal();
			}
			else {
				ended.complete(null);
			}
		}
		finally {
			this.guard.unlock();
		}
		return ended;
	}

	List<Pending<Void>> unsubscribe(String filter) {
		List<HandlerSubscription> handlers;
		this.guard.lock();
		try {
			FilterEntry entry = this.subscriptions.find(filter);
			handlers = (entry != null) ? entry.handlers() : List.of();
		}
		finally {
			this.guard.unlock();
		}
		return handlers.stream().map(this::unsubscribe).toList();
	}

	/**
	 * Wait for the broker's answer to SUBSCRIBE or UNSUBSCRIBE.
	 */
	void await(Pending<?> answer, String packet, String filter) {
		answer.await(this.timeout, HandlerWait.begin(this.lanes), () -> new MqttTimeoutException(
				"%s got no %s for '%s' within %s".formatted(this.client, packet, filter, this.timeout)));
	}

	/**
	 * The broker has answered. Called with the lock held.
	 */
	void answered(FilterEntry entry, MqttReasonCode reason) {
		String filter = entry.entry().filter();
		MqttQos granted = entry.grantedQos();
		if (granted == null) {
			logger.warn(
					"{}: the broker refused the subscription to '{}': {} (0x{}); it is asked for again at each reconnect",
					this.client, filter, reason, Integer.toHexString(reason.code()));
			this.listeners.tell((listener, client) -> listener.subscriptionRefused(client, filter, reason));
		}
		else {
			if (granted.level() < entry.entry().qos().level()) {
				logger.warn("{}: the broker granted QoS {} instead of {} to the subscription to '{}'", this.client,
						granted.level(), entry.entry().qos().level(), filter);
			}
			this.listeners.tell((listener, client) -> listener.subscribed(client, filter, granted));
		}
		for (HandlerSubscription handler : entry.handlers()) {
			handler.answer(reason, granted);
		}
	}

	/**
	 * A subscription.
	 *
	 * @param subscription the subscription
	 * @param isNew whether it was not there before
	 */
	record Made(HandlerSubscription subscription, boolean isNew) {
	}

}
