package io.mqttspring.client.session;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttPublishException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ReasonProperties;
import io.mqttspring.client.session.OutboundPublish.Stage;

/**
 * Messages on their way out: the queue, the window, and the flows of QoS 1 and 2 (MQTT
 * 5.0 §4.3, §4.4, §4.9).
 */
final class Outbound {

	private static final long NO_TIME = Long.MAX_VALUE;

	// As long as the session, through any number of connections
	private final OutboundOptions options;

	private final PacketIds ids;

	private final Output output;

	private final Outbox outbox = new Outbox();

	private final Waiting waiting;

	private final int[] inFlight = new int[Stage.values().length];

	private int inFlightTotal;

	private long inFlightBytes;

	private final SendWindow window = new SendWindow(); // as long as one connection

	// Since the session was made
	private final long[] published = new long[3];

	private final long[] acknowledged = new long[3];

	private final long[] acknowledgeNanos = new long[3];

	private final Map<MqttDropCause, Long> dropped = new EnumMap<>(MqttDropCause.class);

	private long accepted;

	private long failed;

	Outbound(OutboundOptions options, PacketIds ids, Output output) {
		this.options = options;
		this.waiting = new Waiting(options);
		this.ids = ids;
		this.output = output;
	}

	// ---- in

	Session.Offer offer(OutboundPublish publish, long now) {
		MqttMessage message = publish.message();
		boolean qos0 = message.qos() == MqttQos.AT_MOST_ONCE;
		if (qos0 && !this.output.isOpen() && this.options.offlineQos0() != OutboundOptions.OfflineQos0.QUEUE) {
			if (this.options.offlineQos0() == OutboundOptions.OfflineQos0.FAIL) {
				return Session.Offer.OFFLINE;
			}
			this.accepted++;
			drop(publish, MqttDropCause.OFFLINE,
					"there is no connection, and mqtt.outbound.queue.offline-qos0 is 'drop'");
			return Session.Offer.ACCEPTED;
		}
		boolean straight = this.outbox.cursor == null && this.output.isOpen() && this.output.hasRoom()
				&& hasRoomInFlight(publish);
		if (!straight && !makeRoom(publish.size())) {
			if (qos0 && this.options.whenFull() == OutboundOptions.WhenFull.DROP_NEWEST_QOS0) {
				this.accepted++;
				drop(publish, MqttDropCause.QUEUE_FULL, "the outgoing queue is full (%,d messages, %,d bytes)"
					.formatted(this.waiting.messages(), this.waiting.bytes()));
				return Session.Offer.ACCEPTED;
			}
			return Session.Offer.FULL;
		}
		this.accepted++;
		this.outbox.add(publish);
		this.waiting.add(publish);
		if (straight) {
			pump(now);
		}
		return Session.Offer.ACCEPTED;
	}

	private boolean makeRoom(int size) {
		// Nothing is dropped for a message that has to wait all the same
		boolean drop = this.options.whenFull() == OutboundOptions.WhenFull.DROP_OLDEST_QOS0
				&& this.waiting.hasRoomWithoutQos0(size);
		while (!this.waiting.hasRoom(size)) {
			if (!drop) {
				return false;
			}
			OutboundPublish oldest = this.outbox.cursor;
			while (oldest != null && (oldest.stage != Stage.QUEUED || oldest.message().qos() != MqttQos.AT_MOST_ONCE)) {
				oldest = oldest.next;
			}
			if (oldest == null) {
				throw new IllegalStateException(
						this.waiting.qos0Messages() + " QoS 0 messages are counted, and none waits");
			}
			int messages = this.waiting.messages();
			long bytes = this.waiting.bytes();
			this.waiting.remove(oldest);
			this.outbox.remove(oldest);
			drop(oldest, MqttDropCause.QUEUE_FULL,
					"the outgoing queue was full (%,d messages, %,d bytes) and this was its oldest of QoS 0"
						.formatted(messages, bytes));
		}
		return true;
	}

	boolean hasAmpleRoom() {
		return this.waiting.hasAmpleRoom();
	}

	// ---- out

	/**
	 * Encode what may be sent now, until the buffer is full.
	 */
	void pump(long now) {
		if (!this.output.isOpen()) {
			return;
		}
		for (OutboundPublish next = this.outbox.cursor; next != null
				&& this.output.hasRoom(); next = this.outbox.cursor) {
			if (!send(next, now)) {
				return;
			}
		}
	}

	/**
	 * Send the message at the cursor, or give it up.
	 * @return whether the cursor has moved on
	 */
	private boolean send(OutboundPublish publish, long now) {
		if (publish.stage == Stage.AWAITING_PUBCOMP) { // only PUBREL is left to be sent
			this.output.encoder.pubRel(this.output.filling, publish.packetId, MqttReasonCode.SUCCESS,
					ReasonProperties.NONE);
			this.outbox.encoded(publish);
			this.window.enter(publish);
			return true;
		}
		MqttQos qos = publish.message().qos();
		if (!hasRoomInFlight(publish)) {
			return false;
		}
		if (publish.stage == Stage.QUEUED && this.waiting.left(publish, now) <= 0) {
			dropExpired(publish);
			return true;
		}
		MqttPublishException refusal = checkLimits(publish, now);
		if (refusal != null) {
			if (publish.stage == Stage.AWAITING_PUBREC) {
				// The broker may know its packet id, and would take the next message with
				// it for this one: it has to forget the id before that is free
				publish.refusal = refusal;
				enter(publish, Stage.AWAITING_PUBCOMP);
				return send(publish, now);
			}
			giveUp(publish, refusal);
			return true;
		}
		if (qos != MqttQos.AT_MOST_ONCE) {
			if (publish.packetId == 0) {
				publish.packetId = this.ids.allocate(publish);
				if (publish.packetId == 0) {
					return false;
				}
				this.waiting.remove(publish);
				enter(publish, (qos == MqttQos.AT_LEAST_ONCE) ? Stage.AWAITING_PUBACK : Stage.AWAITING_PUBREC);
				this.inFlightTotal++;
				this.inFlightBytes += publish.size();
			}
			this.window.enter(publish);
		}
		else {
			this.waiting.remove(publish);
			publish.stage = Stage.ENCODED;
		}
		this.output.encoder.publish(this.output.filling, publish.message(), publish.packetId, publish.attempted,
				this.waiting.secondsLeft(publish, now));
		this.published[qos.level()]++;
		this.outbox.encoded(publish);
		return true;
	}

	// By bytes too: a broker that takes and does not acknowledge would else be given all
	// that the window has numbers for, of any size
	private boolean hasRoomInFlight(OutboundPublish publish) {
		boolean isNew = publish.packetId == 0 && publish.message().qos() != MqttQos.AT_MOST_ONCE;
		return this.window.hasRoom(publish.message().qos()) && (!isNew || this.inFlightTotal == 0
				|| this.inFlightBytes + publish.size() <= this.options.maxBytes());
	}

	private void enter(OutboundPublish publish, Stage stage) {
		this.inFlight[publish.stage.ordinal()]--;
		publish.stage = stage;
		this.inFlight[stage.ordinal()]++;
	}

	private @Nullable MqttPublishException checkLimits(OutboundPublish publish, long now) {
		MqttMessage message = publish.message();
		String again = publish.attempted ? " again" : "";
		ConnAck limits = this.output.limits;
		if (message.qos().level() > limits.maximumQos().level()) {
			return new MqttPublishException(
					"Message to '%s' was not sent%s: the broker takes at most QoS %d, and it has %d [MQTT-3.2.2-11]"
						.formatted(message.topic(), again, limits.maximumQos().level(), message.qos().level()),
					MqttReasonCode.QOS_NOT_SUPPORTED);
		}
		if (message.retained() && !limits.retainAvailable()) {
			return new MqttPublishException(
					"Message to '%s' was not sent%s: the broker keeps no retained messages [MQTT-3.2.2-14]"
						.formatted(message.topic(), again),
					MqttReasonCode.RETAIN_NOT_SUPPORTED);
		}
		// Most are plain and far below the limit, so the exact size is seldom asked for
		boolean surelyFits = message.properties() == MqttMessageProperties.NONE
				&& message.payload().length + message.topicLength() + 64L <= limits.maximumPacketSize();
		if (!surelyFits) {
			long size = this.output.encoder.publishSize(message, this.waiting.secondsLeft(publish, now));
			if (size > limits.maximumPacketSize()) {
				return new MqttPublishException(
						"Message to '%s' was not sent%s: its packet of %,d bytes is above the broker's maximum of %,d [MQTT-3.2.2-15]"
							.formatted(message.topic(), again, size, limits.maximumPacketSize()),
						MqttReasonCode.PACKET_TOO_LARGE);
			}
		}
		return null;
	}

	void writing() {
		for (OutboundPublish publish = this.outbox.mark; publish != this.outbox.cursor
				&& publish != null; publish = publish.next) {
			publish.attempted = true;
		}
		this.outbox.writing();
	}

	void written(long now) {
		OutboundPublish end = this.outbox.mark;
		for (OutboundPublish publish = this.outbox.unwritten; publish != end && publish != null;) {
			OutboundPublish next = publish.next;
			if (publish.refusal == null) { // else only its PUBREL is
				publish.markWritten();
			}
			if (publish.stage == Stage.ENCODED) {
				this.outbox.remove(publish);
				acknowledge(publish, null, now);
			}
			publish = next;
		}
		this.outbox.written();
	}

	// ---- expiry

	/**
	 * Give up what is no longer worth sending.
	 * @return nanoseconds until there is more of it, or {@link Long#MAX_VALUE}
	 */
	long expire(long now) {
		long until = this.waiting.untilNextExpiry(now);
		if (until > 0) {
			return until;
		}
		long least = NO_TIME;
		for (OutboundPublish publish = this.outbox.cursor; publish != null;) {
			OutboundPublish next = publish.next;
			if (publish.stage == Stage.QUEUED) {
				long left = this.waiting.left(publish, now);
				if (left <= 0) {
					dropExpired(publish);
				}
				else {
					least = Math.min(least, left);
				}
			}
			publish = next;
		}
		this.waiting.nextExpiry(least, now);
		return least;
	}

	private void dropExpired(OutboundPublish publish) {
		this.waiting.remove(publish);
		this.outbox.remove(publish);
		drop(publish, MqttDropCause.EXPIRED,
				"it was not sent within its expiry of %s".formatted(this.waiting.expiry(publish)));
	}

	// ---- acknowledgements

	void onPubAck(int packetId, MqttReasonCode reason, @Nullable String reasonString, long now,
			SessionListener listener) {
		OutboundPublish publish = find("PUBACK", packetId, Stage.AWAITING_PUBACK, listener);
		if (publish != null) {
			finish(publish, reason, reasonString, now);
		}
	}

	void onPubRec(int packetId, MqttReasonCode reason, @Nullable String reasonString, long now) {
		Object owner = this.ids.owner(packetId);
		if (owner == null) {
			MqttReasonCode answer = (this.output.version == MqttVersion.MQTT_5)
					? MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND : MqttReasonCode.SUCCESS;
			if (!reason.isError() && this.output.isOpen()) {
				this.output.encoder.pubRel(this.output.filling, packetId, answer, ReasonProperties.NONE);
			}
			return;
		}
		if (!(owner instanceof OutboundPublish publish)
				|| (publish.stage != Stage.AWAITING_PUBREC && publish.stage != Stage.AWAITING_PUBCOMP)) {
			throw wrongFlow("PUBREC", packetId);
		}
		if (reason.isError()) {
			finish(publish, reason, reasonString, now);
			return;
		}
		publish.markWritten();
		if (publish.stage == Stage.AWAITING_PUBREC) {
			enter(publish, Stage.AWAITING_PUBCOMP);
		}
		if (publish.onWire && this.output.isOpen()) { // else when its turn comes
			this.output.encoder.pubRel(this.output.filling, packetId, MqttReasonCode.SUCCESS, ReasonProperties.NONE);
		}
	}

	void onPubComp(int packetId, MqttReasonCode reason, @Nullable String reasonString, long now,
			SessionListener listener) {
		OutboundPublish publish = find("PUBCOMP", packetId, Stage.AWAITING_PUBCOMP, listener);
		if (publish != null) {
			// PACKET_IDENTIFIER_NOT_FOUND: the broker took the message with PUBREC, and
			// has forgotten the id since
			finish(publish, MqttReasonCode.SUCCESS, reasonString, now);
		}
	}

	private @Nullable OutboundPublish find(String packet, int packetId, Stage stage, SessionListener listener) {
		Object owner = this.ids.owner(packetId);
		if (owner == null) {
			listener.onIgnored("%s for packet id %d, which is not in use".formatted(packet, packetId));
			return null;
		}
		if (!(owner instanceof OutboundPublish publish) || publish.stage != stage) {
			throw wrongFlow(packet, packetId);
		}
		return publish;
	}

	private static MqttProtocolException wrongFlow(String packet, int packetId) {
		return new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
				"%s for packet id %d, which waits for another packet".formatted(packet, packetId));
	}

	private void finish(OutboundPublish publish, MqttReasonCode reason, @Nullable String reasonString, long now) {
		if (publish.refusal != null) {
			giveUp(publish, publish.refusal);
			return;
		}
		leaveFlight(publish);
		this.outbox.remove(publish);
		publish.markWritten();
		if (reason.isError()) {
			this.failed++;
			publish.stage = Stage.DONE;
			publish
				.onFailed(new MqttPublishException(
						"Message to '%s' was refused by the broker: %s (0x%02X)%s".formatted(publish.message().topic(),
								reason, reason.code(), (reasonString != null) ? ", '" + reasonString + "'" : ""),
						reason), reason, null);
		}
		else {
			acknowledge(publish, reason, now);
		}
	}

	private void leaveFlight(OutboundPublish publish) {
		this.inFlight[publish.stage.ordinal()]--;
		this.inFlightTotal--;
		this.inFlightBytes -= publish.size();
		this.ids.release(publish.packetId);
		publish.packetId = 0;
		this.window.leave(publish);
	}

	private void acknowledge(OutboundPublish publish, @Nullable MqttReasonCode reason, long now) {
		int qos = publish.message().qos().level();
		this.acknowledged[qos]++;
		this.acknowledgeNanos[qos] += now - publish.acceptedAt();
		publish.stage = Stage.DONE;
		publish.onAcknowledged(reason);
	}

	private void giveUp(OutboundPublish publish, MqttPublishException refusal) {
		giveUp(publish, refusal, refusal.reasonCode(), MqttDropCause.NOT_SUPPORTED);
	}

	private void giveUp(OutboundPublish publish, MqttException cause, @Nullable MqttReasonCode reason,
			MqttDropCause drop) {
		switch (publish.stage) {
			case QUEUED -> this.waiting.remove(publish);
			case AWAITING_PUBACK, AWAITING_PUBREC, AWAITING_PUBCOMP -> leaveFlight(publish);
			default -> {
			}
		}
		this.outbox.remove(publish);
		end(publish, cause, reason, drop);
	}

	private void drop(OutboundPublish publish, MqttDropCause cause, String why) {
		end(publish, new MqttPublishException(
				"Message to '%s' was dropped: %s".formatted(publish.message().topic(), why), null), null, cause);
	}

	private void end(OutboundPublish publish, MqttException cause, @Nullable MqttReasonCode reason,
			MqttDropCause drop) {
		this.dropped.merge(drop, 1L, Long::sum);
		publish.stage = Stage.DONE;
		publish.onFailed(cause, reason, drop);
	}

	// ---- connections

	/**
	 * CONNACK has come.
	 * @param sessionPresent whether the broker knows the packet ids in flight
	 */
	void connected(boolean sessionPresent, long now) {
		this.window.open(this.output.version, this.output.limits, this.options.maxInFlight());
		if (!sessionPresent) {
			forgetIds(now);
		}
	}

	/**
	 * The broker has lost the session: what it has not acknowledged is sent anew. What it
	 * has taken with PUBREC is its own, and never sent twice.
	 */
	private void forgetIds(long now) {
		for (OutboundPublish publish = this.outbox.head; publish != null;) {
			OutboundPublish next = publish.next;
			switch (publish.stage) {
				case AWAITING_PUBACK, AWAITING_PUBREC -> sendAnew(publish);
				case AWAITING_PUBCOMP -> finish(publish, MqttReasonCode.SUCCESS, null, now);
				default -> {
				}
			}
			publish = next;
		}
	}

	private void sendAnew(OutboundPublish publish) {
		if (publish.packetId != 0) {
			leaveFlight(publish);
		}
		publish.attempted = false;
		this.waiting.add(publish);
	}

	void connectionLost() {
		for (OutboundPublish publish = this.outbox.head; publish != this.outbox.cursor && publish != null;) {
			OutboundPublish next = publish.next;
			if (!publish.attempted) {
				sendAnew(publish);
			}
			else if (publish.stage == Stage.ENCODED) {
				this.outbox.remove(publish);
				drop(publish, MqttDropCause.CONNECTION_LOST,
						"the connection was lost while it was being written, and QoS 0 is not sent twice");
			}
			publish.onWire = false;
			publish = next;
		}
		this.window.clear();
		this.outbox.rewind();
		if (this.options.offlineQos0() != OutboundOptions.OfflineQos0.QUEUE && this.waiting.qos0Messages() > 0) {
			dropQueuedQos0();
		}
	}

	private void dropQueuedQos0() {
		for (OutboundPublish publish = this.outbox.head; publish != null;) {
			OutboundPublish next = publish.next;
			if (publish.stage == Stage.QUEUED && publish.message().qos() == MqttQos.AT_MOST_ONCE) {
				this.waiting.remove(publish);
				this.outbox.remove(publish);
				drop(publish, MqttDropCause.OFFLINE,
						"the connection was lost, and mqtt.outbound.queue.offline-qos0 does not let it wait");
			}
			publish = next;
		}
	}

	void close() {
		for (OutboundPublish publish = this.outbox.head; publish != null;) {
			OutboundPublish next = publish.next;
			giveUp(publish,
					new MqttPublishException(
							"Message to '%s' was given up: the client was closed before it was %s".formatted(
									publish.message().topic(), (publish.packetId == 0) ? "sent" : "acknowledged"),
							null),
					null, MqttDropCause.CLOSED);
			publish = next;
		}
	}

	// ---- figures

	boolean isEmpty() {
		return this.outbox.head == null;
	}

	int queuedMessages() {
		return this.waiting.messages();
	}

	long queuedBytes() {
		return this.waiting.bytes();
	}

	int inFlight(Stage stage) {
		return this.inFlight[stage.ordinal()];
	}

	int onWire() {
		return this.window.onWire();
	}

	/**
	 * Return when the oldest message of QoS 1 or 2 in flight was accepted.
	 * @return the time in nanoseconds, or {@code null} if there is none
	 */
	@Nullable Long oldestInFlight() {
		if (this.inFlightTotal == 0) {
			return null;
		}
		for (OutboundPublish publish = this.outbox.head; publish != null; publish = publish.next) {
			if (publish.packetId != 0) {
				return publish.acceptedAt();
			}
		}
		throw new IllegalStateException(this.inFlightTotal + " messages in flight are counted, and none is there");
	}

	Session.OutboundFigures figures() {
		return new Session.OutboundFigures(this.accepted, this.published.clone(), this.acknowledged.clone(),
				this.acknowledgeNanos.clone(), this.failed, Map.copyOf(this.dropped));
	}

}
