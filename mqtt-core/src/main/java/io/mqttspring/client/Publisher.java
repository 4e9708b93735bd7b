package io.mqttspring.client;

import java.util.concurrent.locks.Condition;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.session.Session;
import io.mqttspring.client.session.Session.Offer;
import io.mqttspring.client.transport.Transport;

/**
 * Hands messages to the session, and lets callers wait for room in the queue.
 */
final class Publisher {

	private static final Logger logger = LoggerFactory.getLogger(Publisher.class);

	private static final long WARN_NANOS = 60_000_000_000L;

	private final Guard guard;

	private final Session session;

	private final Lanes lanes;

	private final Listeners listeners;

	private final OutboundOptions options;

	private final Object client; // for messages

	private final Condition room;

	private int roomWaiters;

	private boolean closed;

	private int unobserved; // failures that were not logged

	private long warned = System.nanoTime() - WARN_NANOS;

	Publisher(Guard guard, Session session, Lanes lanes, Listeners listeners, OutboundOptions options, Object client) {
		this.guard = guard;
		this.session = session;
		this.lanes = lanes;
		this.listeners = listeners;
		this.options = options;
		this.client = client;
		this.room = guard.newCondition();
	}

	PublishDelivery publish(MqttMessage message, Wait wait, @Nullable DeliveryCallback callback, Writer writer) {
		message.topicLength(); // checks the topic of a message that was received before
		long now = System.nanoTime();
		long deadline = now + this.options.timeout().toNanos();
		PublishDelivery delivery = new PublishDelivery(message, now, this, callback);
		Transport transport;
		long offset;
		this.guard.lock();
		try {
			offer(delivery, deadline);
			if (!this.session.isConnected() || mayExpire(message)) {
				writer.start();
				writer.wake(); // so that it notices when the message expires
			}
			transport = writer.transport();
			offset = writer.offset();
			if (wait != Wait.NONE && writer.canWriteAtOnce()) {
				writer.write();
			}
			writer.signal();
		}
		finally {
			this.guard.unlock();
		}
		if (wait != Wait.NONE) {
			delivery.await(wait, deadline, this.options.timeout());
			if (wait == Wait.ACKNOWLEDGED && message.qos() != MqttQos.AT_MOST_ONCE) {
				this.guard.lock();
				writer.taken(transport, offset);
				this.guard.unlock();
			}
		}
		return delivery;
	}

	private boolean mayExpire(MqttMessage message) {
		return message.properties().messageExpiry() != null || this.options.messageExpiry() != null;
	}

	private void offer(PublishDelivery delivery, long deadline) {
		requireOpen();
		Offer offer = isHeldUpByCallbacks() ? Offer.FULL : this.session.publish(delivery, System.nanoTime());
		if (offer == Offer.FULL) {
			offer = waitForRoom(delivery, deadline);
		}
		if (offer == Offer.OFFLINE) {
			throw new MqttPublishException(
					"Message to '%s' was not accepted: %s is not connected, and mqtt.outbound.queue.offline-qos0 is 'fail'"
						.formatted(delivery.message().topic(), this.client),
					null);
		}
	}

	private void requireOpen() {
		if (this.closed) {
			throw new MqttException("%s is closed: build a new client".formatted(this.client));
		}
	}

	// Callbacks that are slower than the broker must not pile up either
	private boolean isHeldUpByCallbacks() {
		return this.guard.events().size() > this.options.maxMessages() && !this.guard.events().isCurrent();
	}

	private Offer waitForRoom(PublishDelivery delivery, long deadline) {
		if (this.options.whenFull() == OutboundOptions.WhenFull.FAIL) {
			throw queueFull("");
		}
		HandlerWait handlerWait = beginWait();
		this.roomWaiters++;
		try {
			while (true) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					throw queueFull(" and stayed so for %s".formatted(this.options.timeout()));
				}
				handlerWait.check();
				if (!this.guard.handOver()) {
					this.room.awaitNanos(handlerWait.limit(left));
				}
				requireOpen();
				if (!isHeldUpByCallbacks()) {
					Offer offer = this.session.publish(delivery, System.nanoTime());
					if (offer != Offer.FULL) {
						return offer;
					}
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MqttException(
					"The thread was interrupted while it waited for room in the queue of %s; the message to '%s' was not accepted"
						.formatted(this.client, delivery.message().topic()),
					ex);
		}
		finally {
			this.roomWaiters--;
			handlerWait.end();
		}
	}

	private MqttQueueFullException queueFull(String since) {
		if (isHeldUpByCallbacks()) {
			return new MqttQueueFullException(
					"%,d callbacks, futures and listeners of %s wait to be called%s, and so no more messages are accepted: what is called has to come back sooner"
						.formatted(this.guard.events().size(), this.client, since));
		}
		Session.Counts counts = this.session.counts();
		return new MqttQueueFullException(
				"The outgoing queue of %s is full%s: %,d of %,d messages, %,d of %,d bytes, %,d in flight, %s; publish less, or raise mqtt.outbound.queue"
					.formatted(this.client, since, counts.queuedMessages(), this.options.maxMessages(),
							counts.queuedBytes(), this.options.maxBytes(), counts.onWire(),
							this.session.isConnected() ? "connected" : "not connected"));
	}

	/**
	 * Let callers that wait for room try again, when there is enough of it for them not
	 * to come one by one. Called with the lock held.
	 */
	void signalRoom() {
		if (this.roomWaiters > 0 && this.session.hasAmpleRoom()) {
			this.room.signalAll();
		}
	}

	/**
	 * Callbacks have caught up. Called without the lock.
	 */
	void callbacksDone() {
		this.guard.lock();
		try {
			signalRoom();
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Take nothing more, and give up what is not delivered. Called with the lock held.
	 */
	void close() {
		this.closed = true;
		this.session.close();
		this.room.signalAll();
	}

	// ---- for deliveries

	/**
	 * Return the client and whether it is connected, for messages. Called without the
	 * lock.
	 */
	String state() {
		return "%s is %s".formatted(this.client,
				this.guard.get(this.session::isConnected) ? "connected" : "not connected");
	}

	Guard guard() {
		return this.guard;
	}

	HandlerWait beginWait() {
		return HandlerWait.begin(this.lanes);
	}

	// Where nobody waits for a message, the log is the only one to tell
	private void warn(MqttException cause) {
		long now = System.nanoTime();
		this.unobserved++;
		if (now - this.warned < WARN_NANOS) {
			return;
		}
		logger.warn("{}: {} (nobody waits for it; {} such messages since this was last logged)", this.client,
				cause.getMessage(), this.unobserved);
		this.unobserved = 0;
		this.warned = now;
	}

	/**
	 * A message went no further.
	 * @param observed whether somebody waits for it
	 */
	void deliveryFailed(PublishDelivery delivery, MqttException cause, @Nullable MqttDropCause drop, boolean observed) {
		if (!observed && drop != MqttDropCause.CLOSED) { // close tells of all together
			warn(cause);
		}
		this.listeners.tell((listener, client) -> listener.deliveryFailed(client, delivery));
		if (drop != null) {
			this.listeners.tell((listener, client) -> listener.dropped(client, delivery.message(), drop));
		}
	}

}
