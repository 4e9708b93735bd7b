package io.mqttspring.client;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.session.InboundPublish;
import io.mqttspring.client.session.Session;

/**
 * Takes messages from the session, finds their handlers, and gives them to the lanes.
 */
final class Intake {

	private static final Logger logger = LoggerFactory.getLogger(Intake.class);

	private final Guard guard;

	private final Session session;

	private final Subscriptions subscriptions;

	private final Listeners listeners;

	private final Writer writer;

	private final InboundOptions.Unmatched policy;

	private final Object client; // for messages

	private long unmatched;

	private boolean stopped;

	// Added to while receiving and emptied after it, by the reader alone
	private final List<Arrival> arrived = new ArrayList<>();

	Intake(Guard guard, Session session, Subscriptions subscriptions, Listeners listeners, Writer writer,
			InboundOptions.Unmatched policy, Object client) {
		this.guard = guard;
		this.session = session;
		this.subscriptions = subscriptions;
		this.listeners = listeners;
		this.writer = writer;
		this.policy = policy;
		this.client = client;
	}

	/**
	 * Take a message. Called with the lock held.
	 */
	void take(MqttMessage message, @Nullable InboundPublish owed) {
		if (this.stopped) {
			return; // not acknowledged, so a kept session brings it again
		}
		List<HandlerSubscription> handlers = this.subscriptions.match(message);
		if (handlers.isEmpty()) {
			noHandler(message, owed);
		}
		else {
			this.arrived.add(new Arrival(message, owed, handlers));
		}
	}

	private void noHandler(MqttMessage message, @Nullable InboundPublish owed) {
		this.unmatched++;
		Object packetId = (owed != null) ? owed.packetId() : "none, QoS 0";
		MqttReasonCode result = MqttReasonCode.SUCCESS;
		switch (this.policy) {
			case WARN -> logger.warn("{}: no handler is for the message of topic '{}' (packet id {}): it is dropped",
					this.client, message.topic(), packetId);
			case FAIL -> {
				logger.error("{}: no handler is for the message of topic '{}' (packet id {}): it is refused",
						this.client, message.topic(), packetId);
				result = MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
			}
			case IGNORE -> {
			}
		}
		if (owed != null) {
			this.session.handled(owed, result);
		}
		this.listeners.tell((listener, client) -> listener.dropped(client, message, MqttDropCause.UNMATCHED));
	}

	/**
	 * Give what has arrived to the lanes, waiting where one is full. Called by the
	 * reader, without the lock.
	 */
	void dispatch() {
		for (Arrival arrival : this.arrived) {
			for (HandlerSubscription subscription : arrival.targets()) {
				subscription.laneFor(arrival.message().topic()).put(arrival, subscription);
			}
		}
		this.arrived.clear();
	}

	/**
	 * The last handler of a message has ended. Called by a lane, without the lock.
	 */
	void handled(InboundPublish owed) {
		this.guard.lock();
		try {
			if (this.session.handled(owed, MqttReasonCode.SUCCESS)) {
				this.writer.signal();
			}
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Take nothing more. Called with the lock held.
	 */
	void stop() {
		this.stopped = true;
	}

	long unmatched() {
		return this.unmatched;
	}

}
