package io.mqttspring.client.session.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.BrokerCodec;
import io.mqttspring.client.codec.ClientPacket.Publish;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.session.InboundPublish;
import io.mqttspring.client.session.OutboundPublish;
import io.mqttspring.client.session.Session;
import io.mqttspring.client.session.SessionListener;

/**
 * Does with a real session what the client does with it: reads and writes, calls
 * handlers, notices that a connection is lost. The invariants hear of each step first.
 */
final class SimulatedClient implements SessionListener {

	private static final int SUBSCRIBE_BATCH = 2;

	private final OutboundOptions options;

	private final Invariants invariants;

	private final Coverage coverage;

	private final Trace trace;

	private final Wire toBroker;

	// As long as the process
	private Session session;

	private final List<Handling> handlings = new ArrayList<>();

	private final Set<Integer> usedIds = new HashSet<>();

	// As long as one connection
	private boolean open; // there is a connection, or one is being made

	private boolean refused;

	private boolean disconnected; // by the broker

	private boolean disconnecting; // by us

	private BrokerCodec sniffer = new BrokerCodec();

	private byte[] read = new byte[256];

	private int readFrom;

	private int readTo;

	private @Nullable OutputBuffer writing;

	private byte[] written = new byte[0]; // a copy of what is being written

	private int writtenTo;

	// A write that goes on although the connection is gone
	private @Nullable OutputBuffer abandoned;

	private byte[] abandonedCopy = new byte[0];

	private long pings;

	private long pongs;

	private long now;

	SimulatedClient(OutboundOptions options, Invariants invariants, Coverage coverage, Trace trace, Wire toBroker) {
		this.options = options;
		this.invariants = invariants;
		this.coverage = coverage;
		this.trace = trace;
		this.toBroker = toBroker;
		this.session = new Session(options, SUBSCRIBE_BATCH, this);
	}

	Session session() {
		return this.session;
	}

	void time(long now) {
		this.now = now;
	}

	// ---- connections

	boolean isOpen() {
		return this.open;
	}

	boolean isConnected() {
		return this.session.isConnected();
	}

	void connect(MqttVersion version, boolean cleanStart, int receiveMaximum, int maximumPacketSize, int aliases) {
		this.open = true;
		this.refused = false;
		this.disconnected = false;
		this.disconnecting = false;
		this.sniffer = new BrokerCodec();
		this.session.connect(version, new ConnectPacket("simulated", cleanStart, 60, MqttCredentials.NONE, null, 3600,
				receiveMaximum, maximumPacketSize, aliases, false, true, List.of(), null, null));
		OutputBuffer output = this.session.takeOutput();
		sniff(Arrays.copyOf(output.bytes(), output.length()));
		this.toBroker.send(output.bytes(), 0, output.length()); // as Connection.open does
	}

	void lose() {
		this.coverage.seenIf(!isConnected(), Seen.CUT_BEFORE_CONNACK);
		this.coverage.seenIf(this.writing != null, Seen.CUT_WHILE_WRITING);
		checkAbandoned();
		this.abandoned = this.writing;
		this.abandonedCopy = this.written;
		this.writing = null;
		this.invariants.connectionLost();
		this.session.connectionLost();
		this.invariants.toldConnectionLost();
		this.open = false;
		this.readFrom = 0;
		this.readTo = 0;
		this.pings = this.pongs;
	}

	// A buffer is not used again while it may still be written
	private void checkAbandoned() {
		if (this.abandoned != null) {
			this.coverage.seen(Seen.WRITTEN_AFTER_CUT);
			checkUntouched(this.abandoned, this.abandonedCopy);
		}
	}

	private static void checkUntouched(OutputBuffer buffer, byte[] copy) {
		if (buffer.length() != copy.length || !Arrays.equals(buffer.bytes(), 0, copy.length, copy, 0, copy.length)) {
			throw new Violation("I7", "a buffer was changed while it was being written");
		}
	}

	/**
	 * The process is gone, and starts anew.
	 */
	void restart() {
		this.handlings.clear();
		this.usedIds.clear();
		this.session = new Session(this.options, SUBSCRIBE_BATCH, this);
		this.invariants.processRestarted();
	}

	boolean isRefused() {
		return this.refused;
	}

	boolean isDisconnectedByBroker() {
		return this.disconnected;
	}

	void disconnect() {
		this.disconnecting = true;
		this.invariants.disconnecting();
		this.session.disconnect(MqttReasonCode.SUCCESS);
	}

	boolean isDisconnecting() {
		return this.disconnecting;
	}

	// ---- out

	boolean publish(MqttMessage message, long expiryNanos) {
		this.invariants.offered(message, expiryNanos, this.now);
		long id = Payloads.id(message.payload());
		Session.Offer offer = this.session.publish(new SimulatedPublish(message, this.now), this.now);
		this.trace.add(() -> "publish " + id + " QoS " + message.qos().level() + ": " + offer);
		if (offer == Session.Offer.ACCEPTED) {
			this.invariants.accepted(id);
			this.coverage.seenIf(this.disconnecting, Seen.ACTIVE_AFTER_DISCONNECT);
			this.coverage.seenIf(message.payload().length > this.options.maxBytes(), Seen.LARGER_THAN_QUEUE);
			return true;
		}
		this.invariants.notAccepted(id);
		this.coverage.seen((offer == Session.Offer.FULL) ? Seen.QUEUE_FULL : Seen.REFUSED_OFFLINE);
		return false;
	}

	/**
	 * Return whether a write is going on or can begin.
	 */
	boolean canWrite() {
		return this.writing != null || (isConnected() && this.session.outputLength() > 0);
	}

	boolean isWriting() {
		return this.writing != null;
	}

	/**
	 * Begin a write, or write more of what is being written.
	 */
	void write(Dice dice) {
		if (this.writing == null) {
			beginWrite();
			if (dice.chance(50)) {
				return;
			}
		}
		int left = this.written.length - this.writtenTo;
		write((left > 0) ? dice.some(left) : 0);
	}

	void writeAll() {
		if (this.writing == null) {
			beginWrite();
		}
		write(this.written.length - this.writtenTo);
	}

	private void beginWrite() {
		OutputBuffer output = this.session.takeOutput();
		this.writing = output;
		this.writtenTo = 0;
		this.written = Arrays.copyOf(output.bytes(), output.length());
		this.coverage.seenIf(output.length() >= 64 << 10, Seen.OUTPUT_FULL);
		this.trace.add(() -> "client begins to write %d bytes".formatted(this.written.length));
		sniff(this.written);
	}

	private void sniff(byte[] bytes) {
		this.sniffer.decode(bytes, 0, bytes.length, (packet) -> {
			this.trace.add(() -> "        client sends " + packet);
			if (packet instanceof Publish publish) {
				cover(publish);
			}
			this.invariants.leaves(packet, this.sniffer.size(), this.now);
		});
		if (this.sniffer.pending() > 0) {
			throw new Violation("I7", "the client gives half a packet to be written");
		}
	}

	private void cover(Publish publish) {
		Outgoing book = this.invariants.book(Payloads.id(publish.payload()));
		long expiry = publish.properties().number(0x02, -1);
		this.coverage.seenIf(expiry >= 0 && expiry < TimeUnit.NANOSECONDS.toSeconds(book.expiryNanos),
				Seen.EXPIRY_COUNTED_DOWN);
		if (publish.qos() == 0) {
			return;
		}
		if (publish.duplicate()) {
			this.coverage.seen((publish.qos() == 1) ? Seen.SENT_AGAIN_QOS_1 : Seen.SENT_AGAIN_QOS_2);
			return;
		}
		this.coverage.seenIf(book.everSent, Seen.SENT_ANEW_AFTER_LOST_SESSION);
		this.coverage.seenIf(!this.usedIds.add(publish.packetId()), Seen.ID_USED_AGAIN);
	}

	private void write(int count) {
		this.toBroker.send(this.writing.bytes(), this.writtenTo, count);
		this.writtenTo += count;
		this.trace.add(() -> "client writes %d of %d bytes".formatted(this.writtenTo, this.written.length));
		if (this.writtenTo == this.written.length) {
			checkUntouched(this.writing, this.written);
			this.writing = null;
			this.invariants.writeEnded();
			this.session.outputWritten(this.now);
		}
	}

	void ping() {
		this.pings++;
		this.session.ping();
	}

	boolean isPingAnswered() {
		return this.pings == this.pongs;
	}

	// ---- in

	void takeIn(byte[] bytes) {
		if (this.readTo + bytes.length > this.read.length) {
			byte[] larger = new byte[(this.readTo - this.readFrom + bytes.length) * 2];
			System.arraycopy(this.read, this.readFrom, larger, 0, this.readTo - this.readFrom);
			this.readTo -= this.readFrom;
			this.readFrom = 0;
			this.read = larger;
		}
		System.arraycopy(bytes, 0, this.read, this.readTo, bytes.length);
		this.readTo += bytes.length;
		try {
			this.readFrom = this.session.receive(this.read, this.readFrom, this.readTo, this.now);
		}
		catch (MqttProtocolException ex) {
			throw new Violation("I8", "the client does not take what the broker may send: " + ex.getMessage());
		}
		this.invariants.received();
	}

	boolean hasHandlers() {
		return !this.handlings.isEmpty();
	}

	/**
	 * End one of the handlers.
	 */
	void endHandler(int which, MqttReasonCode result) {
		Handling handling = this.handlings.remove(which);
		this.coverage.seenIf(which > 0, Seen.HANDLED_OUT_OF_ORDER);
		this.coverage.seenIf(handling.connection() != this.sniffer, Seen.HANDLED_AFTER_CONNECTION);
		this.coverage.seenIf(result.isError(), Seen.REFUSED_BY_HANDLER);
		this.trace.add(() -> "handler of packet id %d ends: %s".formatted(handling.owed().packetId(), result));
		this.invariants.handlerEnded(handling.owed(), result);
		this.session.handled(handling.owed(), result);
	}

	int handlers() {
		return this.handlings.size();
	}

	// ---- what the session tells

	@Override
	public void onConnected(ConnAck connAck) {
		this.trace.add(() -> "client is connected");
	}

	@Override
	public void onRefused(ConnAck connAck) {
		this.refused = true;
	}

	@Override
	public void onMessage(MqttMessage message, @Nullable InboundPublish owed) {
		this.trace.add(() -> "        handler gets message %d".formatted(Payloads.id(message.payload())));
		this.coverage.seen((owed != null) ? ((message.qos().level() != 1) ? Seen.DELIVERED_QOS_2 : Seen.DELIVERED_QOS_1)
				: Seen.DELIVERED_QOS_0);
		this.invariants.handed(message, owed);
		if (owed != null) {
			this.handlings.add(new Handling(owed, this.sniffer));
		}
	}

	@Override
	public void onPingAnswered() {
		this.pongs++;
	}

	@Override
	public void onDisconnectedByBroker(MqttReasonCode reason, @Nullable String reasonString) {
		this.disconnected = true;
	}

	@Override
	public void onIgnored(String what) {
		throw new Violation("I7", "the client ignores what means something: " + what);
	}

	private record Handling(InboundPublish owed, BrokerCodec connection) {
	}

	private final class SimulatedPublish extends OutboundPublish {

		private final long id;

		SimulatedPublish(MqttMessage message, long now) {
			super(message, now);
			this.id = Payloads.id(message.payload());
		}

		@Override
		protected void onWritten() {
			SimulatedClient.this.invariants.toldWritten(this.id);
		}

		@Override
		protected void onAcknowledged(@Nullable MqttReasonCode reason) {
			SimulatedClient.this.trace.add(() -> "        message %d is acknowledged".formatted(this.id));
			Seen seen = switch (message().qos()) {
				case AT_MOST_ONCE -> Seen.ACKNOWLEDGED_QOS_0;
				case AT_LEAST_ONCE -> Seen.ACKNOWLEDGED_QOS_1;
				case EXACTLY_ONCE -> Seen.ACKNOWLEDGED_QOS_2;
			};
			Outgoing book = SimulatedClient.this.invariants.book(this.id);
			SimulatedClient.this.coverage.seen(seen);
			SimulatedClient.this.coverage.seenIf(book.completedByLostSession, Seen.COMPLETED_BY_LOST_SESSION);
			SimulatedClient.this.coverage.seenIf(!book.writtenToSocket, Seen.ANSWERED_BEFORE_WRITTEN);
			SimulatedClient.this.invariants.toldAcknowledged(this.id, reason);
		}

		@Override
		protected void onFailed(MqttException cause, @Nullable MqttReasonCode reason, @Nullable MqttDropCause drop) {
			SimulatedClient.this.trace
				.add(() -> "        message %d failed: %s".formatted(this.id, cause.getMessage()));
			if (drop == null) {
				SimulatedClient.this.invariants.toldRefused(this.id, reason);
			}
			else {
				cover(drop, SimulatedClient.this.invariants.book(this.id));
				SimulatedClient.this.invariants.toldDropped(this.id, drop, SimulatedClient.this.now);
			}
		}

		private void cover(MqttDropCause drop, Outgoing book) {
			Seen seen = switch (drop) {
				case QUEUE_FULL -> book.accepted ? Seen.DROPPED_OLDEST : Seen.DROPPED_QUEUE_FULL;
				case OFFLINE -> Seen.DROPPED_OFFLINE;
				case EXPIRED -> Seen.DROPPED_EXPIRED;
				case CONNECTION_LOST -> Seen.DROPPED_CONNECTION_LOST;
				case NOT_SUPPORTED -> book.everSent ? Seen.DROPPED_NOT_SUPPORTED_IN_FLIGHT : Seen.DROPPED_NOT_SUPPORTED;
				default -> Seen.CLOSED;
			};
			SimulatedClient.this.coverage.seen(seen);
		}

	}

}
