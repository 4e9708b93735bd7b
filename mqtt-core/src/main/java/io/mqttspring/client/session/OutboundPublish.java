package io.mqttspring.client.session;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttPublishException;
import io.mqttspring.client.MqttReasonCode;

/**
 * A message on its way out: message, entry of the in-flight table and node of the list
 * that keeps the order, in one object. The session calls the methods that tell of its
 * progress, each at most once, and with the same guard as all its own methods.
 */
public abstract class OutboundPublish {

	private final MqttMessage message;

	private final long acceptedAt;

	@Nullable OutboundPublish previous;

	@Nullable OutboundPublish next;

	Stage stage = Stage.NEW;

	int packetId; // 0 = none

	boolean attempted; // its PUBLISH may have reached the broker

	boolean onWire; // sent on this connection, so it counts in the send quota

	@Nullable MqttPublishException refusal; // why it is not sent again, and only released

	private boolean written;

	/**
	 * Create a message on its way out.
	 * @param message the message
	 * @param acceptedAt the time in nanoseconds
	 */
	protected OutboundPublish(MqttMessage message, long acceptedAt) {
		this.message = message;
		this.acceptedAt = acceptedAt;
	}

	/**
	 * Return the message.
	 * @return the message
	 */
	public final MqttMessage message() {
		return this.message;
	}

	final long acceptedAt() {
		return this.acceptedAt;
	}

	final int size() {
		return this.message.topicLength() + this.message.payload().length;
	}

	final void markWritten() {
		if (!this.written) {
			this.written = true;
			onWritten();
		}
	}

	/**
	 * The message is written to the socket, for the first time.
	 */
	protected abstract void onWritten();

	/**
	 * All is over, and well.
	 * @param reason what the broker answered, or {@code null} for QoS 0
	 */
	protected abstract void onAcknowledged(@Nullable MqttReasonCode reason);

	/**
	 * All is over, and the message is not delivered.
	 * @param cause why
	 * @param reason what the broker answered, or {@code null} if it was not the broker
	 * @param drop why it was dropped, or {@code null} if the broker refused it
	 */
	protected abstract void onFailed(MqttException cause, @Nullable MqttReasonCode reason,
			@Nullable MqttDropCause drop);

	/**
	 * Where a message stands.
	 */
	enum Stage {

		/** Not accepted yet. */
		NEW,

		/** Accepted, with no packet id. */
		QUEUED,

		/** QoS 0, encoded and not known to be written. */
		ENCODED,

		/** QoS 1, with a packet id. */
		AWAITING_PUBACK,

		/** QoS 2, with a packet id. */
		AWAITING_PUBREC,

		/** QoS 2, PUBREC came. */
		AWAITING_PUBCOMP,

		/** All is over. */
		DONE

	}

}
