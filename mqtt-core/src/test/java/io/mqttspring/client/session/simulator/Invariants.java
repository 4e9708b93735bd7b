package io.mqttspring.client.session.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.ClientPacket;
import io.mqttspring.client.codec.ClientPacket.Ack;
import io.mqttspring.client.codec.ClientPacket.Kind;
import io.mqttspring.client.codec.ClientPacket.Publish;
import io.mqttspring.client.codec.ClientPacket.Subscribe;
import io.mqttspring.client.codec.ClientPacket.Unsubscribe;
import io.mqttspring.client.session.Session;

/**
 * What always holds, written once: books of all messages, kept by whoever runs a client
 * and tells here what he sees, and compared with what the client does and says. Messages
 * are known by their payload ({@link Payloads}), so the books need nothing of the client.
 * <ul>
 * <li><b>I1</b> the books balance: accepted = acknowledged + refused + dropped by a named
 * cause + waiting + in flight
 * <li><b>I2</b> QoS 2 exactly once, QoS 0 at most once; no PUBLISH after PUBREC; DUP says
 * the truth
 * <li><b>I3</b> one packet id, one message at a time
 * <li><b>I4</b> what the other side takes is never exceeded
 * <li><b>I5</b> order
 * <li><b>I6</b> no acknowledgement before the handler ended; acknowledgements in order,
 * saying what the handler said
 * <li><b>I7</b> nothing delivered that was not sent, nothing sent that was not published
 * <li><b>I8</b> when faults stop, all completes
 * <li><b>I9</b> memory stays under its limits
 * </ul>
 * Throws {@link Violation}. Not thread-safe.
 */
public final class Invariants {

	private static final int FULL_BUFFER = 64 << 10;

	private static final int LARGEST_MESSAGE = 31_000;

	private static final int QOS_2_ON_3_1_1 = 19; // what the client sends ahead

	private final OutboundOptions options;

	private final Map<Long, Outgoing> outgoing = new HashMap<>();

	private final Map<Long, Incoming> incoming = new HashMap<>();

	// As long as the process
	private final Map<MqttDropCause, Long> dropped = new EnumMap<>(MqttDropCause.class);

	private final long[] acknowledged = new long[3];

	private final long[] published = new long[3];

	private long accepted;

	private long refused;

	private long ended;

	private long openBytes;

	private boolean closed;

	private int queuedBefore;

	private boolean mayQueueAgain;

	// by what is owed
	private final Map<Object, Arrival> handling = new IdentityHashMap<>();

	// As long as the session, as far as the client knows
	private final Map<Integer, Object> owners = new HashMap<>(); // of packet ids

	// QoS 2, with its handler still
	private final Set<Incoming> carried = new HashSet<>();

	// As long as one connection
	private Limits limits;

	private int lastSequence;

	private long nothingEncodedAt; // what leaves was encoded later

	private boolean disconnecting; // DISCONNECT is encoded

	private final Set<Integer> onWire = new HashSet<>();

	private final List<Outgoing> inWrite = new ArrayList<>();

	private final List<Outgoing> answered = new ArrayList<>();

	private final Deque<Outgoing> toRelease = new ArrayDeque<>();

	private final Deque<Arrival> arrivals = new ArrayDeque<>(); // not acknowledged

	private final Deque<Arrival> toHand = new ArrayDeque<>();

	private final Deque<Integer> toComplete = new ArrayDeque<>();

	private int nextSequence = 1;

	public Invariants(OutboundOptions options) {
		this.options = options;
	}

	private static Violation violation(String invariant, String what, Object... arguments) {
		return new Violation(invariant, what.formatted(arguments));
	}

	// ---- published by the client's user

	/**
	 * A message is about to be handed to the client.
	 */
	public void offered(MqttMessage message, long expiryNanos, long now) {
		long id = Payloads.id(message.payload());
		this.outgoing.put(id, new Outgoing(id, this.nextSequence++, message, expiryNanos, now));
	}

	/**
	 * The client took it.
	 */
	public void accepted(long id) {
		Outgoing out = out(id);
		out.accepted = true;
		this.accepted++;
		if (out.end == null) {
			this.openBytes += size(out);
		}
	}

	/**
	 * The client did not take it.
	 */
	public void notAccepted(long id) {
		Outgoing out = this.outgoing.remove(id);
		if (out.end != null || out.everSent) {
			throw violation("I1", "%s was not accepted and is %s all the same", out,
					(out.end != null) ? out.end : "sent");
		}
	}

	/**
	 * The client says that a message is written.
	 */
	public void toldWritten(long id) {
		Outgoing out = out(id);
		if (out.toldWritten) {
			throw violation("I1", "%s is told to be written twice", out);
		}
		out.toldWritten = true;
		if (!out.writtenToSocket && !out.gotPubrec && out.answer == null && !out.completedByLostSession) {
			throw violation("I1", "%s is told to be written and is not", out);
		}
	}

	/**
	 * The client says that a message is delivered.
	 */
	public void toldAcknowledged(long id, MqttReasonCode reason) {
		Outgoing out = out(id);
		if (out.qos() == 0) {
			if (reason != null || !out.writtenToSocket) {
				throw violation("I1", "%s is told to be acknowledged with %s, written: %s", out, reason,
						out.writtenToSocket);
			}
		}
		else if (!out.completedByLostSession && (out.answer == null || out.answer != reason.code())) {
			throw violation("I1", "%s is told to be acknowledged with %s, and the answer was %s", out, reason,
					out.answer);
		}
		this.acknowledged[out.qos()]++;
		end(out, "acknowledged");
	}

	/**
	 * The client says that the broker refused a message.
	 */
	public void toldRefused(long id, MqttReasonCode reason) {
		Outgoing out = out(id);
		if (out.answer == null || out.answer < 0x80 || out.answer != reason.code()) {
			throw violation("I1", "%s is told to be refused with %s, and the answer was %s", out, reason, out.answer);
		}
		this.refused++;
		end(out, "refused");
	}

	/**
	 * The client says that it has dropped a message.
	 */
	public void toldDropped(long id, MqttDropCause cause, long now) {
		Outgoing out = out(id);
		boolean qos0 = out.qos() == 0;
		boolean justified = switch (cause) {
			case CLOSED -> this.closed;
			case EXPIRED -> out.expiryNanos >= 0 && now - out.acceptedAt >= out.expiryNanos && !out.isInFlight();
			case NOT_SUPPORTED -> out.mayBeGivenUp || (this.limits != null && isTooMuch(out));
			case QUEUE_FULL -> qos0 && !out.everSent && this.options.whenFull().name().startsWith("DROP");
			case OFFLINE -> qos0 && !out.everSent && this.options.offlineQos0() != OutboundOptions.OfflineQos0.QUEUE;
			case CONNECTION_LOST -> qos0 && out.everSent && !out.writtenToSocket;
			default -> false;
		};
		if (!justified) {
			throw violation("I1", "%s is dropped for %s, which is not so", out, cause);
		}
		out.dropped = cause;
		this.dropped.merge(cause, 1L, Long::sum);
		end(out, "dropped for " + cause);
	}

	private void end(Outgoing out, String end) {
		if (out.end != null) {
			throw violation("I1", "%s is %s, and was %s before", out, end, out.end);
		}
		out.end = end;
		this.ended++;
		if (out.accepted) {
			this.openBytes -= size(out);
		}
		if (out.dropped == MqttDropCause.CLOSED) {
			this.inWrite.remove(out); // nobody waits for the end of that write
		}
		if (out.isInFlight()) {
			this.owners.remove(out.packetId, out);
			this.onWire.remove(out.packetId);
		}
	}

	private boolean isTooMuch(Outgoing out) {
		return out.qos() > this.limits.maximumQos() || (out.message.retained() && !this.limits.retainAvailable())
				|| out.packetSize(this.limits.isVersion5()) > this.limits.maximumPacketSize();
	}

	private static long size(Outgoing out) {
		return out.message.topicLength() + out.message.payload().length;
	}

	private Outgoing out(long id) {
		Outgoing out = this.outgoing.get(id);
		if (out == null) {
			throw violation("I7", "message %d was never published", id);
		}
		return out;
	}

	// ---- what leaves the client

	/**
	 * The client has given a packet to be written.
	 */
	public void leaves(ClientPacket packet, int size, long now) {
		if (packet instanceof ClientPacket.Connect) {
			return;
		}
		if (this.limits == null) {
			throw violation("I4", "%s before CONNACK", packet);
		}
		if (size > this.limits.maximumPacketSize()) {
			throw violation("I4", "%s has %d bytes, and Maximum Packet Size is %d", packet, size,
					this.limits.maximumPacketSize());
		}
		if (packet instanceof Publish publish) {
			publishLeaves(publish, now);
		}
		else if (packet instanceof Ack ack) {
			switch (ack.kind()) {
				case PUBREL -> releaseLeaves(ack);
				case PUBCOMP -> completionLeaves(ack);
				default -> acknowledgementLeaves(ack);
			}
		}
		else if (packet instanceof Subscribe subscribe) {
			own(subscribe.packetId(), SUBSCRIBING);
		}
		else if (packet instanceof Unsubscribe unsubscribe) {
			own(unsubscribe.packetId(), SUBSCRIBING);
		}
	}

	private void own(int packetId, Object owner) {
		Object other = this.owners.putIfAbsent(packetId, owner);
		if (other != null) {
			throw violation("I3", "packet id %d is given to %s, and belongs to %s", packetId, owner, other);
		}
	}

	private void publishLeaves(Publish publish, long now) {
		Outgoing out = out(Payloads.id(publish.payload()));
		MqttMessage message = out.message;
		if (!message.topic().equals(publish.topic()) || out.qos() != publish.qos()
				|| message.retained() != publish.retained() || !Arrays.equals(message.payload(), publish.payload())) {
			throw violation("I7", "%s is sent as %s", out, publish);
		}
		if (out.end != null) {
			throw violation("I7", "%s is sent, and was %s before", out, out.end);
		}
		if (out.gotPubrec) {
			throw violation("I2", "%s is sent after PUBREC", out);
		}
		if (isTooMuch(out) || publish.properties().number(0x23, 0) > this.limits.topicAliasMaximum()) {
			throw violation("I4", "%s is more than the broker takes: %s", publish, this.limits);
		}
		if (out.sequence <= this.lastSequence) {
			throw violation("I5", "%s is sent after a later one", out);
		}
		this.lastSequence = out.sequence;
		if (!out.sent && out.expiryNanos >= 0 && out.acceptedAt + out.expiryNanos - this.nothingEncodedAt <= 0) {
			throw violation("I7", "%s is sent, and had expired before it was encoded", out);
		}
		checkExpiry(out, publish, now);
		this.published[out.qos()]++;
		if (out.qos() == 0) {
			if (out.everSent) {
				throw violation("I2", "%s is sent twice", out);
			}
		}
		else {
			checkFlight(out, publish);
		}
		out.sent = true;
		out.everSent = true;
		out.mayBeGivenUp = false;
		this.inWrite.add(out);
	}

	private void checkFlight(Outgoing out, Publish publish) {
		if (publish.duplicate() != out.sent) {
			throw violation("I2", "%s is sent %s, and DUP is %s", out, out.sent ? "again" : "for the first time",
					publish.duplicate());
		}
		if (!out.isInFlight()) {
			own(publish.packetId(), out);
			out.packetId = publish.packetId();
		}
		else if (out.packetId != publish.packetId()) {
			throw violation("I3", "%s is sent again with packet id %d", out, publish.packetId());
		}
		this.onWire.add(out.packetId);
		if (this.onWire.size() > Math.min(this.limits.receiveMaximum(), this.options.maxInFlight())) {
			throw violation("I4", "%d messages are sent and not acknowledged, and Receive Maximum is %d (ours %d)",
					this.onWire.size(), this.limits.receiveMaximum(), this.options.maxInFlight());
		}
	}

	private void checkExpiry(Outgoing out, Publish publish, long now) {
		if (!this.limits.isVersion5()) {
			return;
		}
		long told = publish.properties().number(0x02, -1);
		if (out.expiryNanos < 0) {
			if (told >= 0) {
				throw violation("I7", "%s is sent with an expiry of %d s", out, told);
			}
			return;
		}
		long whole = TimeUnit.NANOSECONDS.toSeconds(out.expiryNanos);
		long least = Math.max(1, whole - TimeUnit.NANOSECONDS.toSeconds(now - out.acceptedAt));
		if (told < least || told > Math.max(1, whole)) {
			throw violation("I7", "%s is sent with an expiry of %d s, of %d s at first and at least %d s now", out,
					told, whole, least);
		}
	}

	private void releaseLeaves(Ack pubrel) {
		if (!(this.owners.get(pubrel.packetId()) instanceof Outgoing out) || pubrel.reason() != 0) {
			throw violation("I2", "%s, and no message has this id", pubrel);
		}
		if (!out.gotPubrec && !out.mayBeGivenUp) {
			throw violation("I2", "%s, and there was no PUBREC", pubrel);
		}
		if (out == this.toRelease.peek()) {
			this.toRelease.remove();
		}
		else if (out.sequence > this.lastSequence && !this.toRelease.contains(out)) {
			this.lastSequence = out.sequence; // again, on a new connection
		}
		else {
			throw violation("I5", "%s out of order", pubrel);
		}
	}

	/**
	 * What the client has given is written, whole.
	 */
	public void writeEnded() {
		this.inWrite.forEach((out) -> out.writtenToSocket = true);
		this.inWrite.clear();
	}

	// ---- what reaches the client, told before the client knows

	/**
	 * CONNACK reaches the client.
	 */
	public void reachesConnAck(Limits limits, boolean sessionPresent) {
		this.limits = limits;
		for (Outgoing out : this.outgoing.values()) {
			out.mayBeGivenUp |= out.sent && out.qos() == 2 && !out.gotPubrec && out.end == null && isTooMuch(out);
		}
		if (sessionPresent) {
			return;
		}
		this.owners.clear();
		this.carried.clear();
		this.mayQueueAgain = true;
		for (Outgoing out : this.outgoing.values()) {
			if (out.end == null && out.qos() > 0) {
				// the broker has taken it, and will not tell any more
				if (out.gotPubrec) {
					out.completedByLostSession = true;
					this.answered.add(out);
				}
				out.sent = false;
				out.packetId = 0;
			}
		}
	}

	/**
	 * An acknowledgement reaches the client.
	 */
	public void reaches(Kind kind, int packetId, int reason) {
		if (kind == Kind.PUBREL) {
			this.toComplete.add(packetId);
			return;
		}
		Outgoing out = (Outgoing) this.owners.get(packetId);
		if (kind == Kind.PUBREC && reason < 0x80) {
			out.gotPubrec = true;
			this.toRelease.add(out);
			return;
		}
		out.answer = (kind == Kind.PUBCOMP) ? 0 : reason;
		this.owners.remove(packetId);
		this.onWire.remove(packetId);
		this.answered.add(out);
	}

	/**
	 * SUBACK or UNSUBACK reaches the client.
	 */
	public void reachesAnswer(int packetId) {
		this.owners.remove(packetId);
	}

	/**
	 * PUBLISH reaches the client.
	 */
	public void reachesPublish(long id, int packetId, boolean duplicate, List<Integer> subscriptionIdentifiers) {
		Incoming in = this.incoming.get(id);
		Arrival arrival = new Arrival(in, packetId, duplicate, subscriptionIdentifiers);
		if (in.qos > 0) {
			this.arrivals.add(arrival);
			this.carried.remove(in);
		}
		this.toHand.add(arrival);
	}

	/**
	 * The client has taken in what reached it.
	 */
	public void received() {
		for (Arrival arrival : this.toHand) {
			checkRepeated(arrival);
		}
		this.toHand.clear();
		for (Outgoing out : this.answered) {
			if (out.end == null) {
				throw violation("I1", "%s is answered for good, and still waits", out);
			}
		}
		this.answered.clear();
		settle();
	}

	private static void checkRepeated(Arrival arrival) {
		Incoming in = arrival.message;
		if (in.qos < 2 || in.handed == 0 || in.refused) {
			throw violation("I2", "%s has arrived, and no handler was called", in);
		}
	}

	// ---- messages to the client

	/**
	 * The broker has a message for the client.
	 */
	void sent(Incoming message) {
		this.incoming.put(message.id, message);
	}

	/**
	 * A handler is called.
	 * @param owed what stands for the acknowledgement, or {@code null}
	 */
	public void handed(MqttMessage message, Object owed) {
		Incoming in = this.incoming.get(Payloads.id(message.payload()));
		if (in == null) {
			throw violation("I7", "%s is handed over, and was never sent", message);
		}
		Arrival arrival = this.toHand.poll();
		while (arrival != null && arrival.message != in) {
			checkRepeated(arrival);
			arrival = this.toHand.poll();
		}
		if (arrival == null) {
			throw violation("I5", "%s is handed over, which has not arrived or not in this order", in);
		}
		if (!message.topic().equals(in.topic) || message.qos().level() != in.qos || message.retained() != in.retained
				|| message.duplicate() != arrival.duplicate || !Arrays.equals(message.payload(), in.payload)
				|| !message.properties().subscriptionIdentifiers().equals(arrival.subscriptionIdentifiers)) {
			throw violation("I7", "%s is handed over as %s", in, message);
		}
		if (in.qos == 2 && in.handed > 0 && !in.refused) {
			throw violation("I2", "%s is handed over twice", in);
		}
		if ((owed == null) != (in.qos == 0)) {
			throw violation("I6", "%s: is owed %s", in, owed);
		}
		in.handed++;
		in.refused = false;
		if (owed != null) {
			in.handling++;
			in.result = null;
			this.handling.put(owed, arrival);
		}
	}

	/**
	 * A handler has ended; told before the client knows.
	 */
	public void handlerEnded(Object owed, MqttReasonCode result) {
		Arrival arrival = this.handling.remove(owed);
		Incoming in = arrival.message;
		arrival.result = result;
		in.handling--;
		in.result = result;
		this.carried.remove(in);
		settle();
	}

	/**
	 * What an error tells the broker to end the flow, from when it is encoded: when all
	 * before it are handled, too.
	 */
	private void settle() {
		for (Arrival arrival : this.arrivals) {
			MqttReasonCode result = arrival.result();
			if (result == null || this.disconnecting) {
				return;
			}
			arrival.settled = true;
			if (result.isError() && this.limits.isVersion5()) {
				arrival.message.refused = true;
			}
			else if (arrival.message.qos == 2) {
				arrival.message.result = MqttReasonCode.SUCCESS; // 3.1.1 knows no other
			}
		}
	}

	private void acknowledgementLeaves(Ack ack) {
		Arrival arrival = this.arrivals.poll();
		if (arrival == null || arrival.packetId != ack.packetId()
				|| (ack.kind() == Kind.PUBACK) != (arrival.message.qos == 1)) {
			throw violation("I6", "%s, and it is the turn of %s", ack,
					(arrival != null) ? arrival.packetId + " for " + arrival.message : "none");
		}
		MqttReasonCode result = arrival.result();
		if (result == null) {
			throw violation("I6", "%s, and the handler of %s has not ended", ack, arrival.message);
		}
		int expected = this.limits.isVersion5() ? result.code() : 0;
		if (ack.reason() != expected) {
			throw violation("I6", "%s, and the handler said %s", ack, result);
		}
		settle();
	}

	private void completionLeaves(Ack pubcomp) {
		Integer next = this.toComplete.poll();
		if (next == null || next != pubcomp.packetId()) {
			throw violation("I6", "%s, and it is the turn of %s", pubcomp, next);
		}
	}

	// ---- at the broker

	/**
	 * The broker has taken a message to deliver it.
	 * @param session the number of its session
	 */
	public void taken(long id, long session) {
		Outgoing out = out(id);
		if (!out.everSent) {
			throw violation("I7", "%s was never sent", out);
		}
		boolean again = out.taken > 0;
		if (again && out.qos() == 0 || again && out.qos() == 2 && out.takenInSession == session && !out.excused) {
			throw violation("I2", "%s is delivered twice", out);
		}
		out.taken++;
		out.takenInSession = session;
	}

	/**
	 * The broker takes a message for another one that it has already.
	 */
	public void takenForAnother(long id, int packetId, long other, boolean ofDeadProcess) {
		if (!ofDeadProcess) {
			throw violation("I3", "message %d has packet id %d, by which the broker knows message %d", id, packetId,
					other);
		}
		out(id).excused = true;
	}

	/**
	 * The broker counts messages that it has not acknowledged.
	 */
	public void unacknowledgedAtBroker(int count, Limits limits) {
		if (count > limits.receiveMaximum()) {
			throw violation("I4", "the broker has %d messages to acknowledge, and Receive Maximum is %d", count,
					limits.receiveMaximum());
		}
	}

	// ---- connections, processes

	/**
	 * The client is about to disconnect.
	 */
	public void disconnecting() {
		this.disconnecting = true;
	}

	/**
	 * The connection is gone; told before the client knows.
	 */
	public void connectionLost() {
		this.limits = null;
		this.disconnecting = false;
		this.lastSequence = 0;
		this.onWire.clear();
		this.answered.clear();
		this.toRelease.clear();
		this.toHand.clear();
		this.toComplete.clear();
		for (Arrival arrival : this.arrivals) {
			if (arrival.message.qos == 2 && arrival.message.handling > 0) {
				this.carried.add(arrival.message);
			}
		}
		this.arrivals.clear();
		this.owners.values().removeIf((owner) -> owner == SUBSCRIBING);
		this.mayQueueAgain = true;
	}

	/**
	 * The client knows that the connection is gone.
	 */
	public void toldConnectionLost() {
		for (Outgoing out : this.inWrite) {
			if (out.qos() == 0 && out.end == null) {
				throw violation("I2", "%s was being written, may have arrived, and still waits", out);
			}
		}
		this.inWrite.clear();
	}

	/**
	 * The process is gone, and a new one has taken its place: what only the old one knew
	 * is lost.
	 */
	public void processRestarted() {
		for (Outgoing out : this.outgoing.values()) {
			if (out.end == null) {
				out.end = "lost with the process";
				out.excused = true;
			}
		}
		for (Incoming in : this.incoming.values()) {
			in.refused |= in.handed > 0; // may be handed over again
			in.handling = 0;
		}
		this.handling.clear();
		this.owners.clear();
		this.carried.clear();
		this.inWrite.clear();
		this.dropped.clear();
		Arrays.fill(this.acknowledged, 0);
		Arrays.fill(this.published, 0);
		this.accepted = 0;
		this.refused = 0;
		this.ended = 0;
		this.openBytes = 0;
		this.queuedBefore = 0;
	}

	/**
	 * The client is about to be closed.
	 */
	public void closing() {
		this.closed = true;
	}

	// ---- the books

	/**
	 * Compare the books with what the client says.
	 * @param toBeWritten bytes that the client has to be written
	 * @param now the time in nanoseconds
	 */
	public void check(Session.Counts counts, Session.OutboundFigures figures, int toBeWritten, long now) {
		checkFigures(figures);
		checkHeldUp(counts, toBeWritten);
		if (toBeWritten == 0) {
			this.nothingEncodedAt = now;
		}
		long open = this.accepted - this.ended;
		int inFlight = counts.awaitingPuback() + counts.awaitingPubrec() + counts.awaitingPubcomp();
		long encoded = open - counts.queuedMessages() - inFlight; // QoS 0
		long inWriteQos0 = this.inWrite.stream().filter((out) -> out.qos() == 0).count();
		if (encoded < inWriteQos0 || (toBeWritten == 0 && encoded != inWriteQos0)) {
			throw violation("I1",
					"accepted %d, ended %d, queued %d, in flight %d, QoS 0 being written %d: that does not balance",
					this.accepted, this.ended, counts.queuedMessages(), inFlight, inWriteQos0);
		}
		if ((counts.oldestInFlight() != null) != (inFlight > 0)) {
			throw violation("I1", "%d in flight, the oldest since %s", inFlight, counts.oldestInFlight());
		}
		boolean onlyQueued = counts.queuedMessages() == open;
		if (counts.queuedBytes() > this.openBytes || (onlyQueued && counts.queuedBytes() != this.openBytes)
				|| (counts.queuedMessages() == 0 && counts.queuedBytes() != 0)) {
			throw violation("I1", "%d bytes are queued in %d messages, of %d in all", counts.queuedBytes(),
					counts.queuedMessages(), this.openBytes);
		}
		checkInbound(counts);
		checkMemory(counts, toBeWritten);
	}

	private void checkHeldUp(Session.Counts counts, int toBeWritten) {
		if (this.limits == null || this.disconnecting || toBeWritten >= FULL_BUFFER || !this.inWrite.isEmpty()) {
			return;
		}
		int window = Math.min(this.limits.isVersion5() ? this.limits.receiveMaximum() : QOS_2_ON_3_1_1,
				this.options.maxInFlight());
		long flying = this.openBytes - counts.queuedBytes();
		if (flying > 0 && flying + LARGEST_MESSAGE > this.options.maxBytes()) {
			return; // there may be no room in flight for the next one
		}
		if (counts.queuedMessages() > 0 && counts.onWire() < window) {
			throw violation("I8", "%d messages wait, and %d of %d are in flight", counts.queuedMessages(),
					counts.onWire(), window);
		}
	}

	private void checkFigures(Session.OutboundFigures figures) {
		if (figures.accepted() != this.accepted || figures.failed() != this.refused
				|| !figures.dropped().equals(this.dropped)
				|| !Arrays.equals(figures.acknowledged(), this.acknowledged)) {
			throw violation("I1",
					"the client says accepted %d, acknowledged %s, refused %d, dropped %s; the books say %d, %s, %d, %s",
					figures.accepted(), Arrays.toString(figures.acknowledged()), figures.failed(), figures.dropped(),
					this.accepted, Arrays.toString(this.acknowledged), this.refused, this.dropped);
		}
		for (int qos = 0; qos < 3; qos++) {
			if (figures.published()[qos] < this.published[qos]) {
				throw violation("I1", "the client says that it has sent %s; it has sent %s",
						Arrays.toString(figures.published()), Arrays.toString(this.published));
			}
		}
	}

	private void checkInbound(Session.Counts counts) {
		int qos1 = 0;
		int qos2 = this.carried.size();
		for (Arrival arrival : this.arrivals) {
			if (!arrival.settled) {
				qos1 += (arrival.message.qos == 1) ? 1 : 0;
				qos2 += (arrival.message.qos == 2) ? 1 : 0;
			}
		}
		if (counts.qos1AwaitingHandler() != qos1 || counts.qos2AwaitingHandler() != qos2) {
			throw violation("I1", "the client says that %d and %d await their handlers; the books say %d and %d",
					counts.qos1AwaitingHandler(), counts.qos2AwaitingHandler(), qos1, qos2);
		}
	}

	private void checkMemory(Session.Counts counts, int toBeWritten) {
		boolean more = counts.queuedMessages() > this.queuedBefore;
		boolean full = counts.queuedMessages() > this.options.maxMessages()
				|| (counts.queuedBytes() > this.options.maxBytes() && counts.queuedMessages() > 1);
		if (more && full && !this.mayQueueAgain) {
			throw violation("I9", "%d messages of %d bytes are queued, and the limits are %d and %d",
					counts.queuedMessages(), counts.queuedBytes(), this.options.maxMessages(), this.options.maxBytes());
		}
		this.queuedBefore = counts.queuedMessages();
		this.mayQueueAgain = false;
		long flying = 0;
		int messages = 0;
		for (Object owner : this.owners.values()) {
			if (owner instanceof Outgoing out) {
				flying += size(out);
				messages++;
			}
		}
		if (messages > 1 && flying > this.options.maxBytes()) {
			throw violation("I9", "%d messages of %d bytes are in flight, and the limit is %d bytes", messages, flying,
					this.options.maxBytes());
		}
		if (toBeWritten > (1 << 20)) {
			throw violation("I9", "%d bytes wait to be written", toBeWritten);
		}
	}

	/**
	 * Faults have stopped, and time enough has passed.
	 */
	public void checkAllDone() {
		for (Outgoing out : this.outgoing.values()) {
			if (out.end == null) {
				throw violation("I8", "%s still waits", out);
			}
			if (out.end.equals("acknowledged") && out.qos() > 0 && out.taken == 0 && !out.excused) {
				throw violation("I1", "%s is acknowledged, and the broker never took it", out);
			}
		}
		for (Incoming in : this.incoming.values()) {
			if (in.qos > 0 && in.handed == 0 && !in.forgotten) {
				throw violation("I8", "%s never got to a handler", in);
			}
		}
		if (!this.owners.isEmpty() || !this.arrivals.isEmpty() || !this.toComplete.isEmpty()
				|| !this.toRelease.isEmpty()) {
			throw violation("I8", "still open: packet ids %s, %d to acknowledge, %s to complete, %s to release",
					this.owners, this.arrivals.size(), this.toComplete, this.toRelease);
		}
	}

	/**
	 * Return the books of a message.
	 */
	Outgoing book(long id) {
		return out(id);
	}

	/**
	 * Return what owns a packet id of the client, or {@code null}.
	 */
	Object owner(int packetId) {
		return this.owners.get(packetId);
	}

	private static final String SUBSCRIBING = "a SUBSCRIBE or UNSUBSCRIBE";

	// A message of QoS 1 or 2 that has come on this connection and is not acknowledged
	private static final class Arrival {

		final Incoming message;

		final int packetId;

		final boolean duplicate;

		final List<Integer> subscriptionIdentifiers;

		MqttReasonCode result; // of its own handler

		boolean settled; // its acknowledgement is encoded

		Arrival(Incoming message, int packetId, boolean duplicate, List<Integer> subscriptionIdentifiers) {
			this.message = message;
			this.packetId = packetId;
			this.duplicate = duplicate;
			this.subscriptionIdentifiers = subscriptionIdentifiers;
		}

		MqttReasonCode result() {
			return (this.message.qos == 2) ? this.message.result : this.result;
		}

	}

}
