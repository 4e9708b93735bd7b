package io.mqttspring.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How messages wait to be sent.
 *
 * @param timeout the longest wait of one publish call, for room and for the broker
 * together, more than zero (default 30 s)
 * @param maxInFlight messages of QoS 1 and 2 sent and not yet acknowledged, 1 to 65,535;
 * the broker's Receive Maximum holds beside it (default 65,535)
 * @param maxMessages messages that wait to be sent, 1 or more (default 10,000)
 * @param maxBytes bytes of topics and payloads that wait to be sent, and again as many
 * that are sent and not yet acknowledged, 1 or more (default 64 MiB)
 * @param whenFull what happens to one more (default {@link WhenFull#WAIT})
 * @param offlineQos0 what happens to QoS 0 while there is no connection (default
 * {@link OfflineQos0#QUEUE})
 * @param messageExpiry for how long messages that do not say so themselves are worth
 * sending, or {@code null} for ever (default)
 */
public record OutboundOptions(Duration timeout, int maxInFlight, int maxMessages, long maxBytes, WhenFull whenFull,
		OfflineQos0 offlineQos0, @Nullable Duration messageExpiry) {

	/**
	 * The defaults.
	 */
	public static final OutboundOptions DEFAULTS = new OutboundOptions(Duration.ofSeconds(30), 65_535, 10_000, 64 << 20,
			WhenFull.WAIT, OfflineQos0.QUEUE, null);

	public OutboundOptions {
		Require.positive("timeout", timeout);
		Require.between("maxInFlight", maxInFlight, 1, 65_535);
		Require.atLeast("maxMessages", maxMessages, 1);
		Require.atLeast("maxBytes", maxBytes, 1);
		if (messageExpiry != null) {
			Require.positive("messageExpiry", messageExpiry);
			Require.between("messageExpiry", messageExpiry.toSeconds(), 0, 0xFFFF_FFFFL);
		}
	}

	/**
	 * Return these options with another longest wait.
	 * @param timeout more than zero
	 * @return new options
	 */
	public OutboundOptions withTimeout(Duration timeout) {
		return new OutboundOptions(timeout, this.maxInFlight, this.maxMessages, this.maxBytes, this.whenFull,
				this.offlineQos0, this.messageExpiry);
	}

	/**
	 * Return these options with another window.
	 * @param maxInFlight 1 to 65,535
	 * @return new options
	 */
	public OutboundOptions withMaxInFlight(int maxInFlight) {
		return new OutboundOptions(this.timeout, maxInFlight, this.maxMessages, this.maxBytes, this.whenFull,
				this.offlineQos0, this.messageExpiry);
	}

	/**
	 * Return these options with another size of the queue.
	 * @param maxMessages messages that wait to be sent
	 * @param maxBytes bytes of topics and payloads that wait to be sent
	 * @return new options
	 */
	public OutboundOptions withQueue(int maxMessages, long maxBytes) {
		return new OutboundOptions(this.timeout, this.maxInFlight, maxMessages, maxBytes, this.whenFull,
				this.offlineQos0, this.messageExpiry);
	}

	/**
	 * Return these options with another answer to a full queue.
	 * @param whenFull what happens to one more message
	 * @return new options
	 */
	public OutboundOptions withWhenFull(WhenFull whenFull) {
		return new OutboundOptions(this.timeout, this.maxInFlight, this.maxMessages, this.maxBytes, whenFull,
				this.offlineQos0, this.messageExpiry);
	}

	/**
	 * Return these options with another fate of QoS 0 without a connection.
	 * @param offlineQos0 what happens to it
	 * @return new options
	 */
	public OutboundOptions withOfflineQos0(OfflineQos0 offlineQos0) {
		return new OutboundOptions(this.timeout, this.maxInFlight, this.maxMessages, this.maxBytes, this.whenFull,
				offlineQos0, this.messageExpiry);
	}

	/**
	 * Return these options with another default expiry.
	 * @param messageExpiry for how long messages are worth sending, or {@code null}
	 * @return new options
	 */
	public OutboundOptions withMessageExpiry(@Nullable Duration messageExpiry) {
		return new OutboundOptions(this.timeout, this.maxInFlight, this.maxMessages, this.maxBytes, this.whenFull,
				this.offlineQos0, messageExpiry);
	}

	/**
	 * What happens to a message when the queue is full.
	 */
	public enum WhenFull {

		/**
		 * The caller waits for room, up to the timeout.
		 */
		WAIT,

		/**
		 * The call fails with {@link MqttQueueFullException}.
		 */
		FAIL,

		/**
		 * The oldest waiting QoS 0 message makes room; where none waits, as
		 * {@link #WAIT}.
		 */
		DROP_OLDEST_QOS0,

		/**
		 * A QoS 0 message is dropped instead of queued; others wait as with
		 * {@link #WAIT}.
		 */
		DROP_NEWEST_QOS0

	}

	/**
	 * What happens to QoS 0 messages while there is no connection.
	 */
	public enum OfflineQos0 {

		/**
		 * They wait in the queue like all others.
		 */
		QUEUE,

		/**
		 * They fail at once.
		 */
		FAIL,

		/**
		 * They are dropped at once, which the delivery tells, and counted.
		 */
		DROP

	}

}
