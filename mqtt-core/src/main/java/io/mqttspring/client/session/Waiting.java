package io.mqttspring.client.session;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttQos;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.PacketEncoder;
import io.mqttspring.client.session.OutboundPublish.Stage;

/**
 * The books of the messages that wait to be sent: how many they are, whether there is
 * room for one more, and until when they are worth sending. The messages themselves are
 * in the {@link Outbox}.
 */
final class Waiting {

	private static final long NO_TIME = Long.MAX_VALUE;

	private final OutboundOptions options;

	private int messages;

	private long bytes;

	private int qos0Messages;

	private long qos0Bytes;

	private int expiring;

	private long nextExpiry; // none of them expires before

	Waiting(OutboundOptions options) {
		this.options = options;
	}

	void add(OutboundPublish publish) {
		publish.stage = Stage.QUEUED;
		Duration expiry = expiry(publish);
		if (expiry != null) {
			long end = publish.acceptedAt() + expiry.toNanos();
			if (this.expiring == 0 || end - this.nextExpiry < 0) {
				this.nextExpiry = end;
			}
		}
		count(publish, 1);
	}

	void remove(OutboundPublish publish) {
		count(publish, -1);
	}

	private void count(OutboundPublish publish, int change) {
		this.messages += change;
		this.bytes += (long) change * publish.size();
		if (publish.message().qos() == MqttQos.AT_MOST_ONCE) {
			this.qos0Messages += change;
			this.qos0Bytes += (long) change * publish.size();
		}
		if (expiry(publish) != null) {
			this.expiring += change;
		}
	}

	int messages() {
		return this.messages;
	}

	long bytes() {
		return this.bytes;
	}

	int qos0Messages() {
		return this.qos0Messages;
	}

	// ---- room

	boolean hasRoom(int size) {
		return hasRoom(size, this.messages, this.bytes);
	}

	/**
	 * Return whether there would be room if all of QoS 0 were gone.
	 */
	boolean hasRoomWithoutQos0(int size) {
		return hasRoom(size, this.messages - this.qos0Messages, this.bytes - this.qos0Bytes);
	}

	// One that is larger than the whole queue may wait in it alone
	private boolean hasRoom(int size, int messages, long bytes) {
		return messages == 0 || (messages < this.options.maxMessages() && bytes + size <= this.options.maxBytes());
	}

	/**
	 * Return whether there is room for many, so that who waits for it need not come one
	 * by one.
	 */
	boolean hasAmpleRoom() {
		return this.messages < this.options.maxMessages() - this.options.maxMessages() / 8
				&& this.bytes < this.options.maxBytes() - this.options.maxBytes() / 8;
	}

	// ---- expiry

	/**
	 * Return how long no message expires.
	 * @return nanoseconds, not positive if one may have, or {@link Long#MAX_VALUE}
	 */
	long untilNextExpiry(long now) {
		return (this.expiring > 0) ? this.nextExpiry - now : NO_TIME;
	}

	/**
	 * Set how long no message expires.
	 */
	void nextExpiry(long nanos, long now) {
		this.nextExpiry = now + nanos;
	}

	@Nullable Duration expiry(OutboundPublish publish) {
		Duration own = publish.message().properties().messageExpiry();
		return (own != null) ? own : this.options.messageExpiry();
	}

	/**
	 * Return how long a message is still worth sending.
	 * @return nanoseconds, not positive if it has expired, or {@link Long#MAX_VALUE}
	 */
	long left(OutboundPublish publish, long now) {
		Duration expiry = expiry(publish);
		return (expiry != null) ? publish.acceptedAt() + expiry.toNanos() - now : NO_TIME;
	}

	/**
	 * Return what the broker is told.
	 * @return seconds, or {@link PacketEncoder#NO_EXPIRY}
	 */
	long secondsLeft(OutboundPublish publish, long now) {
		Duration expiry = expiry(publish);
		if (expiry == null) {
			return PacketEncoder.NO_EXPIRY;
		}
		long waited = (now - publish.acceptedAt()) / 1_000_000_000L;
		return Math.max(1, expiry.toSeconds() - waited);
	}

}
