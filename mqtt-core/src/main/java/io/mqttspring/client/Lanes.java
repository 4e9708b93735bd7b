package io.mqttspring.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.session.InboundPublish;

/**
 * All lanes of a client, and when they may hold more than their capacity: while a handler
 * waits for what only the reader can bring, the reader must not wait for handlers.
 * Thread-safe without a lock of its own.
 */
final class Lanes {

	private static final Logger logger = LoggerFactory.getLogger(Lanes.class);

	/**
	 * How many bytes a lane may hold while a handler waits. By bytes and not by messages:
	 * it bounds memory, and a burst of small messages is no reason to fail.
	 */
	static final long MOST_HELD_BACK = 16 << 20;

	private final Executor executor;

	private final int capacity;

	private final Object client; // for messages

	private final Consumer<InboundPublish> handled;

	private final List<Lane> all = new CopyOnWriteArrayList<>();

	private final AtomicInteger waitingHandlers = new AtomicInteger();

	private final AtomicInteger busy = new AtomicInteger();

	private final AtomicLong heldBack = new AtomicLong();

	private final AtomicLong overflows = new AtomicLong();

	private volatile boolean unbounded;

	Lanes(Object client, Executor executor, int capacity, Consumer<InboundPublish> handled) {
		this.client = client;
		this.executor = executor;
		this.capacity = capacity;
		this.handled = handled;
	}

	Lane[] create(String name, int count) {
		Lane[] lanes = new Lane[count];
		for (int i = 0; i < count; i++) {
			lanes[i] = new Lane(name, this, this.capacity);
		}
		this.all.addAll(List.of(lanes));
		return lanes;
	}

	void remove(Lane[] lanes) {
		List<Lane> removed = List.of(lanes);
		this.all.removeAll(removed);
		removed.forEach(Lane::retire);
	}

	/**
	 * Run a task on the executor.
	 * @return whether there was a thread for it
	 */
	boolean execute(Runnable task) {
		try {
			this.executor.execute(task);
			return true;
		}
		catch (Throwable ex) { // the system has no more threads, say: the reader goes on
			logger.error("{}: no thread for a handler; its messages wait until there is one", this.client, ex);
			return false;
		}
	}

	void busy(int change) {
		this.busy.addAndGet(change);
	}

	int busy() {
		return this.busy.get();
	}

	void countHeldBack() {
		this.heldBack.incrementAndGet();
	}

	long heldBack() {
		return this.heldBack.get();
	}

	/**
	 * Return whether this thread runs a handler of this client.
	 */
	boolean isCurrent() {
		Lane lane = Lane.current();
		return lane != null && lane.lanes() == this;
	}

	/**
	 * Return whether a lane that is full may take one more message.
	 * @param bytes that it holds
	 */
	boolean mayExceed(long bytes) {
		if (this.unbounded) {
			return true;
		}
		if (this.waitingHandlers.get() == 0) {
			return false;
		}
		if (bytes < MOST_HELD_BACK) {
			return true;
		}
		if (this.overflows.getAndIncrement() == 0) {
			logger.warn(
					"{}: the reader stops although a handler waits for the broker: {} bytes of messages are held for a lane. Calls in handlers that wait fail until there are fewer; do not wait there",
					this.client, bytes);
		}
		// Whoever waits is told by hasOverflowed
		return false;
	}

	/**
	 * A handler begins to wait for what only the reader can bring.
	 * @return to be given to {@link #hasOverflowed}
	 */
	long beginWait() {
		long overflows = this.overflows.get();
		this.waitingHandlers.incrementAndGet();
		recheck();
		return overflows;
	}

	void endWait() {
		this.waitingHandlers.decrementAndGet();
	}

	/**
	 * Return whether so much has arrived since a wait began that the reader has stopped
	 * again, so that the wait cannot end well.
	 */
	boolean hasOverflowed(long begin) {
		return this.overflows.get() != begin;
	}

	MqttException overflow() {
		return new MqttException(
				"%s: a handler waits for the broker, and the reader has stopped because %,d bytes of messages are held for a lane: do not wait in handlers; what was to be published is not given up"
					.formatted(this.client, MOST_HELD_BACK));
	}

	/**
	 * Set whether all limits are off: what a connection that is gone had brought must not
	 * wait, nor hold up the next one.
	 */
	void unbounded(boolean unbounded) {
		this.unbounded = unbounded;
		if (unbounded) {
			recheck();
		}
	}

	private void recheck() {
		this.all.forEach(Lane::recheck);
	}

	void handle(String handlerName, Arrival arrival, HandlerSubscription subscription) {
		MqttMessage message = arrival.message();
		try {
			if (subscription.isActive()) {
				subscription.handler().handle(message);
			}
		}
		catch (Throwable ex) { // somebody's code: the lane and the connection go on
			InboundPublish owed = arrival.owed();
			if (owed != null) {
				logger.error("{}: handler '{}' failed on a message of topic '{}' (packet id {}); it is acknowledged",
						this.client, handlerName, message.topic(), owed.packetId(), ex);
			}
			else {
				logger.error("{}: handler '{}' failed on a message of topic '{}' (QoS 0)", this.client, handlerName,
						message.topic(), ex);
			}
		}
		Thread.interrupted(); // set by this handler: not for the next one
		InboundPublish owed = arrival.owed();
		if (arrival.handlerEnded() && owed != null) {
			this.handled.accept(owed);
		}
	}

	/**
	 * Wait until all lanes have handled what they hold, or the time is over.
	 */
	void drain(long deadline) {
		this.all.forEach((lane) -> lane.awaitIdle(deadline));
	}

	/**
	 * Begin with no further message.
	 * @return how many are not handled
	 */
	int stop() {
		return this.all.stream().mapToInt(Lane::stop).sum();
	}

}
