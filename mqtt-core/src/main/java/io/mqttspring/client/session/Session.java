package io.mqttspring.client.session;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.codec.PacketDecoder;
import io.mqttspring.client.codec.PacketHandler;
import io.mqttspring.client.codec.ReasonProperties;
import io.mqttspring.client.session.OutboundPublish.Stage;
import io.mqttspring.client.session.SessionSubscription.End;

/**
 * One client's side of the protocol, through any number of connections (MQTT 5.0 §4,
 * 3.1.1 §4). Not thread-safe: who uses it guards all calls with one lock. Time comes in
 * as an argument ({@link System#nanoTime()}), bytes come in and go out as arguments; it
 * never waits.
 */
public final class Session {

	// As long as the session, through any number of connections
	private final SessionListener listener;

	private final Output output = new Output();

	private final PacketIds ids = new PacketIds();

	private final Outbound outbound;

	private final Inbound inbound = new Inbound(this.output);

	private final Subscribing subscribing;

	private final PacketHandler packets = new Packets();

	private boolean connectedBefore;

	private boolean unanswered; // a CONNECT went out and no CONNACK came

	// As long as one connection
	private State state = State.NOT_CONNECTED;

	private PacketDecoder decoder = new PacketDecoder(MqttVersion.MQTT_5, 0, 0);

	private boolean cleanStart;

	private long now; // while receiving

	/**
	 * Create a session.
	 * @param options of the queue and the window
	 * @param subscribeBatch how many filters one SUBSCRIBE may have, 1 or more
	 * @param listener told of what arrives
	 */
	public Session(OutboundOptions options, int subscribeBatch, SessionListener listener) {
		this.listener = listener;
		this.subscribing = new Subscribing(this.ids, this.output, subscribeBatch);
		this.outbound = new Outbound(options, this.ids, this.output);
	}

	// ---- connections

	/**
	 * Begin a connection: encode CONNECT.
	 * @param version the version to speak
	 * @param connect what CONNECT says
	 */
	public void connect(MqttVersion version, ConnectPacket connect) {
		if (this.state != State.NOT_CONNECTED) {
			throw new IllegalStateException("There is a connection already");
		}
		this.state = State.AWAITING_CONNACK;
		this.cleanStart = connect.cleanStart();
		this.output.begin(version);
		int receiveMaximum = (version == MqttVersion.MQTT_5) ? connect.receiveMaximum() : 65_535;
		this.inbound.connecting(receiveMaximum);
		this.decoder = new PacketDecoder(version, connect.maximumPacketSize(), connect.topicAliasMaximum());
		this.output.encoder.connect(this.output.filling, connect);
	}

	/**
	 * Take in what the broker sent.
	 * @param bytes where it stands
	 * @param from the first byte
	 * @param to the byte after the last one
	 * @param now the time in nanoseconds
	 * @return the place after the last whole packet, where the next call has to begin
	 * @throws MqttProtocolException if the broker sent what it may not
	 */
	public int receive(byte[] bytes, int from, int to, long now) {
		this.now = now;
		int end = this.decoder.decode(bytes, from, to, this.packets);
		this.subscribing.pumpStarved();
		this.outbound.pump(now);
		return end;
	}

	/**
	 * The connection is gone. What is under way waits for the next one.
	 */
	public void connectionLost() {
		this.unanswered |= this.state == State.AWAITING_CONNACK;
		this.state = State.NOT_CONNECTED;
		this.output.reset();
		this.outbound.connectionLost();
		this.inbound.connectionLost();
		this.subscribing.connectionLost();
	}

	/**
	 * Encode DISCONNECT. Nothing is encoded after it on this connection; what there is to
	 * send waits for the next one.
	 * @param reason why
	 */
	public void disconnect(MqttReasonCode reason) {
		if (this.output.isOpen()) {
			this.output.encoder.disconnect(this.output.filling, reason, null, ReasonProperties.NONE);
			this.output.disconnected = true;
		}
	}

	/**
	 * Give up all messages that are not delivered yet.
	 */
	public void close() {
		this.outbound.close();
	}

	// ---- output

	/**
	 * Return how many bytes there are to be written.
	 * @return the number
	 */
	public int outputLength() {
		return this.output.filling.length();
	}

	/**
	 * Take what is to be written. The buffer is the caller's until the next call.
	 * @return the bytes
	 */
	public OutputBuffer takeOutput() {
		this.outbound.writing();
		return this.output.take();
	}

	/**
	 * What was taken is written, on the same connection. Encodes what had no room before.
	 * @param now the time in nanoseconds
	 */
	public void outputWritten(long now) {
		this.outbound.written(now);
		this.outbound.pump(now);
	}

	/**
	 * Encode PINGREQ.
	 */
	public void ping() {
		if (this.output.isOpen()) {
			this.output.encoder.pingReq(this.output.filling);
		}
	}

	// ---- messages

	/**
	 * Publish a message: encode it if it may be sent now, else let it wait.
	 * @param publish the message
	 * @param now the time in nanoseconds
	 * @return what became of it
	 */
	public Offer publish(OutboundPublish publish, long now) {
		return this.outbound.offer(publish, now);
	}

	/**
	 * A message that arrived was handled: acknowledge it when all before it are.
	 * @param publish the message
	 * @param result how it went: an error refuses it where the version can
	 * @return whether there is something to be written
	 */
	public boolean handled(InboundPublish publish, MqttReasonCode result) {
		return this.inbound.handled(publish, result);
	}

	/**
	 * Give up messages that have waited beyond their expiry. Encodes what had waited
	 * behind them.
	 * @param now the time in nanoseconds
	 * @return nanoseconds until the next one expires, or {@link Long#MAX_VALUE}
	 */
	public long expire(long now) {
		long next = this.outbound.expire(now);
		this.outbound.pump(now);
		return next;
	}

	// ---- subscriptions

	/**
	 * Subscribe, now or with the next connection; instead of an earlier subscription to
	 * the same filter.
	 * @param subscription the subscription
	 */
	public void subscribe(SessionSubscription subscription) {
		this.subscribing.subscribe(subscription);
	}

	/**
	 * End a subscription, now or with the next connection.
	 * @param end its end
	 */
	public void unsubscribe(End end) {
		this.subscribing.unsubscribe(end);
	}

	// ---- figures

	/**
	 * Return whether CONNACK has come and the connection is there.
	 * @return whether messages go out
	 */
	public boolean isConnected() {
		return this.output.connected;
	}

	/**
	 * Return whether no message is on its way out.
	 * @return whether all were delivered
	 */
	public boolean isIdle() {
		return this.outbound.isEmpty();
	}

	/**
	 * Return whether half of the queue is free.
	 * @return whether several messages would be accepted
	 */
	public boolean hasAmpleRoom() {
		return this.outbound.hasAmpleRoom();
	}

	/**
	 * Return what CONNACK said of the broker.
	 * @return the last CONNACK, or one without limits before it
	 */
	public ConnAck limits() {
		return this.output.limits;
	}

	/**
	 * Count what is under way.
	 * @return the counts
	 */
	public Counts counts() {
		return new Counts(this.outbound.inFlight(Stage.AWAITING_PUBACK), this.outbound.inFlight(Stage.AWAITING_PUBREC),
				this.outbound.inFlight(Stage.AWAITING_PUBCOMP), this.inbound.qos1AwaitingHandler(),
				this.inbound.qos2AwaitingHandler(), this.inbound.qos2AwaitingPubrel(), this.outbound.oldestInFlight(),
				this.outbound.queuedMessages(), this.outbound.queuedBytes(), this.outbound.onWire());
	}

	/**
	 * Return what went out since the session was made.
	 * @return the figures
	 */
	public OutboundFigures outboundFigures() {
		return this.outbound.figures();
	}

	/**
	 * Return what arrived since the session was made.
	 * @return messages by QoS, those that came again included
	 */
	public long[] received() {
		return this.inbound.received();
	}

	private void onConnAck(ConnAck connAck) {
		if (this.state != State.AWAITING_CONNACK) {
			throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
					"The broker has sent CONNACK twice [MQTT-3.2.0-2]");
		}
		if (connAck.reason() != MqttReasonCode.SUCCESS) {
			this.state = State.REFUSED;
			this.listener.onRefused(connAck);
			return;
		}
		if (connAck.sessionPresent() && this.cleanStart) {
			throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
					"The broker says that a session is present, and a new one was asked for [MQTT-3.2.2-4]");
		}
		this.state = State.CONNECTED;
		if (connAck.sessionPresent() && !this.connectedBefore) {
			// Of an earlier process, whose ids of QoS 2 the broker may not have released:
			// a new message with one of them would be taken for a repeated one and
			// dropped
			this.ids.beginAt(1 + (int) Math.floorMod(this.now / 1000, 65_535L));
		}
		// After an attempt without an answer, the session that is present may be the one
		// which that attempt has begun, in place of one that the broker had lost
		boolean unsure = !this.connectedBefore || this.unanswered;
		this.connectedBefore = true;
		this.unanswered = false;
		this.output.limits = connAck;
		this.output.connected = true;
		this.inbound.connected(connAck.sessionPresent(), unsure);
		this.outbound.connected(connAck.sessionPresent(), this.now);
		this.subscribing.connected(connAck.sessionPresent(), unsure);
		this.subscribing.pump();
		this.outbound.pump(this.now);
		this.listener.onConnected(connAck);
	}

	/**
	 * What became of a message that was to be published.
	 */
	public enum Offer {

		/** It is on its way, or was dropped by a policy that names it. */
		ACCEPTED,

		/** The queue has no room for it. */
		FULL,

		/** It is of QoS 0, there is no connection, and the policy is to fail. */
		OFFLINE

	}

	/**
	 * What is under way.
	 *
	 * @param awaitingPuback outbound QoS 1
	 * @param awaitingPubrec outbound QoS 2
	 * @param awaitingPubcomp outbound QoS 2
	 * @param qos1AwaitingHandler inbound QoS 1
	 * @param qos2AwaitingHandler inbound QoS 2
	 * @param qos2AwaitingPubrel inbound QoS 2
	 * @param oldestInFlight when the oldest outbound one in flight was accepted, in
	 * nanoseconds, or {@code null}
	 * @param queuedMessages messages that wait to be sent
	 * @param queuedBytes bytes of their topics and payloads
	 * @param onWire outbound QoS 1 and 2 that were sent on this connection
	 */
	public record Counts(int awaitingPuback, int awaitingPubrec, int awaitingPubcomp, int qos1AwaitingHandler,
			int qos2AwaitingHandler, int qos2AwaitingPubrel, @Nullable Long oldestInFlight, int queuedMessages,
			long queuedBytes, int onWire) {
	}

	/**
	 * What went out. Arrays are by QoS.
	 *
	 * @param accepted messages taken
	 * @param published PUBLISH packets encoded
	 * @param acknowledged messages brought to a good end
	 * @param acknowledgeNanos the sum of the times to that
	 * @param failed messages that the broker refused
	 * @param dropped messages that went no further
	 */
	public record OutboundFigures(long accepted, long[] published, long[] acknowledged, long[] acknowledgeNanos,
			long failed, Map<MqttDropCause, Long> dropped) {
	}

	private enum State {

		NOT_CONNECTED, AWAITING_CONNACK, REFUSED, CONNECTED

	}

	/**
	 * Sends each packet to where it belongs. Before CONNACK nothing else may come
	 * [MQTT-3.2.0-1].
	 */
	private final class Packets implements PacketHandler {

		private void requireConnected(String packet) {
			if (Session.this.state != State.CONNECTED) {
				throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
						"The broker has sent %s before CONNACK [MQTT-3.2.0-1]".formatted(packet));
			}
		}

		@Override
		public void onConnAck(ConnAck connAck) {
			Session.this.onConnAck(connAck);
		}

		@Override
		public void onPublish(MqttMessage message, int packetId) {
			requireConnected("PUBLISH");
			Session.this.inbound.onPublish(message, packetId, Session.this.listener);
		}

		@Override
		public void onPubAck(int packetId, MqttReasonCode reason, ReasonProperties properties) {
			requireConnected("PUBACK");
			Session.this.outbound.onPubAck(packetId, reason, properties.reasonString(), Session.this.now,
					Session.this.listener);
		}

		@Override
		public void onPubRec(int packetId, MqttReasonCode reason, ReasonProperties properties) {
			requireConnected("PUBREC");
			Session.this.outbound.onPubRec(packetId, reason, properties.reasonString(), Session.this.now);
		}

		@Override
		public void onPubRel(int packetId, MqttReasonCode reason, ReasonProperties properties) {
			requireConnected("PUBREL");
			Session.this.inbound.onPubRel(packetId);
		}

		@Override
		public void onPubComp(int packetId, MqttReasonCode reason, ReasonProperties properties) {
			requireConnected("PUBCOMP");
			Session.this.outbound.onPubComp(packetId, reason, properties.reasonString(), Session.this.now,
					Session.this.listener);
		}

		@Override
		public void onSubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties) {
			requireConnected("SUBACK");
			Session.this.subscribing.onSubAck(packetId, reasons, Session.this.listener);
		}

		@Override
		public void onUnsubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties) {
			requireConnected("UNSUBACK");
			Session.this.subscribing.onUnsubAck(packetId, reasons, Session.this.listener);
		}

		@Override
		public void onPingResp() {
			requireConnected("PINGRESP");
			Session.this.listener.onPingAnswered();
		}

		@Override
		public void onDisconnect(MqttReasonCode reason, ReasonProperties properties, @Nullable String serverReference) {
			requireConnected("DISCONNECT");
			Session.this.listener.onDisconnectedByBroker(reason, properties.reasonString());
		}

		@Override
		public void onAuth(MqttReasonCode reason, @Nullable String method, byte @Nullable [] data,
				ReasonProperties properties) {
			throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
					"The broker has sent AUTH, and no authentication method was given [MQTT-4.12.0-6]");
		}

	}

}
