package io.mqttspring.client.session.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.BrokerCodec;
import io.mqttspring.client.codec.ClientPacket;
import io.mqttspring.client.codec.ClientPacket.Ack;
import io.mqttspring.client.codec.ClientPacket.Connect;
import io.mqttspring.client.codec.ClientPacket.Disconnect;
import io.mqttspring.client.codec.ClientPacket.Filter;
import io.mqttspring.client.codec.ClientPacket.Kind;
import io.mqttspring.client.codec.ClientPacket.PingReq;
import io.mqttspring.client.codec.ClientPacket.Publish;
import io.mqttspring.client.codec.ClientPacket.Subscribe;
import io.mqttspring.client.codec.ClientPacket.Unsubscribe;
import io.mqttspring.client.codec.PacketProperties;

/**
 * A broker for one client that does what the specification says, as slowly and as oddly
 * as it allows, and keeps its own books.
 */
final class ModelBroker {

	private static final int PACKET_IDS = 40; // few, so that they are used again soon

	private final int maximumPacketSize; // of the client

	private final Dice dice;

	private final Invariants invariants;

	private final Coverage coverage;

	private final Trace trace;

	private final Wire toClient;

	// As long as the session
	private long session; // its number, 0 = none

	private final Map<Integer, Long> received = new HashMap<>(); // QoS 2, by packet id

	private final Set<Integer> idsOfDeadProcess = new HashSet<>();

	private final Map<String, Granted> subscriptions = new TreeMap<>();

	private final Map<Integer, Flow> inFlight = new LinkedHashMap<>(); // by packet id

	private final Deque<Incoming> queue = new ArrayDeque<>();

	private int lastPacketId;

	private boolean unnoticed; // by the client: it has got no CONNACK of this session

	// As long as one connection
	private BrokerCodec codec = new BrokerCodec();

	private Connect connect; // null before and after it

	private boolean closed;

	private Limits limits;

	private boolean keep; // the session, at CONNECT

	private int code; // of CONNACK

	private final List<Runnable> owed = new ArrayList<>(); // answers, in order

	private final Set<Integer> unacknowledged = new HashSet<>(); // by us

	private final Set<Integer> pubrecSent = new HashSet<>();

	private final Deque<Flow> again = new ArrayDeque<>(); // to be sent again

	private final Map<String, Integer> aliases = new HashMap<>();

	private int quota;

	private int sequence;

	// How this one behaves
	private boolean countsReleases;

	private boolean acknowledgesOutOfOrder;

	private boolean takesIdentifiers = true;

	private int refusals; // percent

	private long sessions;

	/**
	 * Create the broker.
	 * @param maximumPacketSize what the client takes; on 3.1.1 it cannot say so, and this
	 * broker knows all the same
	 */
	ModelBroker(int maximumPacketSize, Dice dice, Invariants invariants, Coverage coverage, Trace trace,
			Wire toClient) {
		this.maximumPacketSize = maximumPacketSize;
		this.dice = dice;
		this.invariants = invariants;
		this.coverage = coverage;
		this.trace = trace;
		this.toClient = toClient;
		this.countsReleases = dice.chance(50);
		this.acknowledgesOutOfOrder = dice.chance(20);
		this.refusals = dice.chance(40) ? 15 : 0;
	}

	/**
	 * From now on nothing is refused.
	 */
	void calm() {
		this.refusals = 0;
	}

	// ---- connections

	/**
	 * A connection is opened.
	 * @param limits what CONNACK will say
	 * @param keep whether the session is kept, if there is one
	 * @param code what CONNACK will say
	 */
	void opened(Limits limits, boolean keep, int code) {
		this.coverage.seenIf(this.limits != null && this.limits.receiveMaximum() != limits.receiveMaximum(),
				Seen.QUOTA_CHANGED);
		this.codec = new BrokerCodec();
		this.limits = limits;
		this.connect = null;
		this.closed = false;
		this.owed.clear();
		this.unacknowledged.clear();
		this.pubrecSent.clear();
		this.again.clear();
		this.aliases.clear();
		this.keep = keep;
		this.code = code;
	}

	/**
	 * Return whether part of a packet has come.
	 */
	boolean isInsidePacket() {
		return this.codec.pending() > 0;
	}

	boolean isConnected() {
		return this.connect != null;
	}

	void takeIn(byte[] bytes) {
		if (this.closed) {
			return;
		}
		this.codec.decode(bytes, 0, bytes.length, this::take);
	}

	private void take(ClientPacket packet) {
		this.trace.add(() -> "        broker gets " + packet);
		if (packet instanceof Connect opening) {
			connect(opening);
		}
		else if (packet instanceof Publish publish) {
			publish(publish);
		}
		else if (packet instanceof Ack ack) {
			switch (ack.kind()) {
				case PUBACK -> acknowledged(ack);
				case PUBREC -> received(ack);
				case PUBREL -> released(ack);
				case PUBCOMP -> completed(ack);
			}
		}
		else if (packet instanceof Subscribe subscribe) {
			subscribe(subscribe);
		}
		else if (packet instanceof Unsubscribe unsubscribe) {
			unsubscribe(unsubscribe);
		}
		else if (packet instanceof PingReq) {
			this.owed.add(() -> send("PINGRESP", this.codec.pingResp(), () -> {
			}));
		}
		else if (packet instanceof Disconnect) {
			lost(); // and says nothing more
		}
	}

	private void connect(Connect connect) {
		int code = this.code;
		if (code != 0) {
			this.owed.add(() -> send("CONNACK, refused", this.codec.connAck(false, code, PacketProperties.NONE), () -> {
			}));
			return;
		}
		boolean present = this.session != 0 && this.keep && !connect.cleanStart();
		if (!present) {
			forget();
			this.session = ++this.sessions;
			this.unnoticed = true;
		}
		this.coverage.seenIf(present && this.unnoticed, Seen.SESSION_LOST_UNNOTICED);
		this.connect = connect;
		this.quota = receiveMaximumOfClient();
		this.again.addAll(this.inFlight.values());
		PacketProperties properties = connAckProperties();
		Limits limits = this.limits;
		send(present ? "CONNACK, session present" : "CONNACK", this.codec.connAck(present, 0, properties), () -> {
			this.unnoticed = false;
			this.invariants.reachesConnAck(limits, present);
		});
	}

	private PacketProperties connAckProperties() {
		PacketProperties properties = PacketProperties.NONE;
		if (this.limits.receiveMaximum() < 65_535) {
			properties = properties.with(0x21, this.limits.receiveMaximum());
		}
		if (this.limits.maximumQos() < 2) {
			properties = properties.with(0x24, this.limits.maximumQos());
		}
		if (!this.limits.retainAvailable()) {
			properties = properties.with(0x25, 0);
		}
		if (this.limits.maximumPacketSize() < Limits.NO_SIZE) {
			properties = properties.with(0x27, this.limits.maximumPacketSize());
		}
		if (this.limits.topicAliasMaximum() > 0) {
			properties = properties.with(0x22, this.limits.topicAliasMaximum());
		}
		if (!this.takesIdentifiers) {
			properties = properties.with(0x29, 0);
		}
		return properties;
	}

	void takeIdentifiers(boolean take) {
		this.takesIdentifiers = take;
	}

	private int receiveMaximumOfClient() {
		return this.codec.isVersion5() ? (int) this.connect.properties().number(0x21, 65_535) : 20;
	}

	/**
	 * Lose the session, as after a restart without a store.
	 */
	void forget() {
		this.session = 0;
		this.received.clear();
		this.idsOfDeadProcess.clear();
		this.subscriptions.clear();
		this.inFlight.values().forEach((flow) -> flow.message.forgotten = true);
		this.inFlight.clear();
		this.queue.forEach((message) -> message.forgotten = true);
		this.queue.clear();
	}

	boolean hasSession() {
		return this.session != 0;
	}

	/**
	 * The connection is gone.
	 */
	void lost() {
		this.connect = null;
		this.closed = true;
		this.owed.clear();
		this.again.clear();
	}

	/**
	 * The process of the client is gone, with what it knew of packet ids.
	 */
	void clientRestarted() {
		this.idsOfDeadProcess.addAll(this.received.keySet());
	}

	private void send(String what, byte[] packet, Runnable whenArrived) {
		this.trace.add(() -> "        broker sends " + what);
		this.toClient.send(packet, whenArrived);
	}

	// ---- what the client publishes

	private void publish(Publish publish) {
		long id = Payloads.id(publish.payload());
		if (publish.qos() == 0) {
			this.invariants.taken(id, this.session);
			return;
		}
		this.unacknowledged.add(publish.packetId());
		this.invariants.unacknowledgedAtBroker(this.unacknowledged.size(), this.limits);
		boolean refuse = this.codec.isVersion5() && this.dice.chance(this.refusals);
		if (publish.qos() == 1) {
			int code = refuse ? 0x97 : (this.codec.isVersion5() && this.dice.chance(10)) ? 0x10 : 0;
			if (!refuse) {
				this.coverage.seenIf(this.invariants.book(id).taken > 0, Seen.TAKEN_TWICE_QOS_1);
				this.invariants.taken(id, this.session);
			}
			this.coverage.seenIf(refuse, Seen.REFUSED_BY_PUBACK);
			answer(Kind.PUBACK, publish.packetId(), code, true);
			return;
		}
		Long known = this.received.get(publish.packetId());
		if (known != null) {
			this.coverage.seen(Seen.DUPLICATE_QOS_2_AT_BROKER);
			if (known != id) {
				this.invariants.takenForAnother(id, publish.packetId(), known,
						this.idsOfDeadProcess.contains(publish.packetId()));
			}
			answer(Kind.PUBREC, publish.packetId(), 0, false);
			return;
		}
		if (refuse) {
			this.coverage.seen(Seen.REFUSED_BY_PUBREC);
			answer(Kind.PUBREC, publish.packetId(), 0x97, true);
			return;
		}
		this.received.put(publish.packetId(), id);
		this.invariants.taken(id, this.session);
		answer(Kind.PUBREC, publish.packetId(), 0, false);
	}

	private void released(Ack pubrel) {
		boolean known = this.received.remove(pubrel.packetId()) != null;
		this.coverage.seenIf(known && !this.pubrecSent.contains(pubrel.packetId()), Seen.RELEASED_AGAIN);
		this.idsOfDeadProcess.remove(pubrel.packetId());
		this.coverage.seenIf(!known, Seen.PUBCOMP_WITH_UNKNOWN_ID);
		answer(Kind.PUBCOMP, pubrel.packetId(), known ? 0 : 0x92, true);
	}

	private void answer(Kind kind, int packetId, int reason, boolean last) {
		int code = this.codec.isVersion5() ? reason : 0;
		byte[] packet = this.codec.ack(kind, packetId, code, (code >= 0x80 && this.dice.chance(50))
				? PacketProperties.NONE.with(0x1F, "no room") : PacketProperties.NONE);
		this.owed.add(() -> {
			if (last) {
				this.unacknowledged.remove(packetId);
			}
			if (kind == Kind.PUBREC) {
				this.pubrecSent.add(packetId);
			}
			send("%s %d 0x%02X".formatted(kind, packetId, code), packet,
					() -> this.invariants.reaches(kind, packetId, code));
		});
	}

	// ---- what the client is owed

	boolean hasToAnswer() {
		return !this.owed.isEmpty();
	}

	/**
	 * Send some of the answers that are owed.
	 */
	void answerSome() {
		for (int count = this.dice.some(this.owed.size()); count > 0; count--) {
			int which = (this.acknowledgesOutOfOrder && this.owed.size() > 1) ? this.dice.between(0, 1) : 0;
			this.coverage.seenIf(which > 0, Seen.ACKNOWLEDGED_OUT_OF_ORDER);
			this.owed.remove(which).run();
		}
	}

	void answerAll() {
		while (!this.owed.isEmpty()) {
			this.owed.remove(0).run();
		}
	}

	// ---- messages for the client

	/**
	 * Somebody has published a message.
	 * @return whether it is for this client
	 */
	boolean accept(long id, String topic, int qos, int size, boolean retained) {
		int granted = -1;
		List<Integer> identifiers = new ArrayList<>();
		for (Map.Entry<String, Granted> entry : this.subscriptions.entrySet()) {
			if (matches(entry.getKey(), topic)) {
				granted = Math.max(granted, entry.getValue().qos());
				if (entry.getValue().identifier() > 0) {
					identifiers.add(entry.getValue().identifier());
				}
			}
		}
		if (granted < 0 || this.session == 0) {
			return false;
		}
		int effective = Math.min(qos, granted);
		if (effective == 0 && !isConnected()) {
			return false;
		}
		this.coverage.seenIf(identifiers.size() > 1, Seen.OVERLAPPING_SUBSCRIPTIONS);
		Incoming message = new Incoming(id, ++this.sequence, topic, Payloads.make(id, size), effective, retained,
				List.copyOf(identifiers));
		this.invariants.sent(message);
		this.queue.add(message);
		return true;
	}

	private static boolean matches(String filter, String topic) {
		return filter.equals(topic) || filter.equals("#") || filter.equals("in/#") || filter.equals("in/+");
	}

	boolean hasToSend() {
		return isConnected() && (!this.again.isEmpty() || !this.queue.isEmpty()) && canSend();
	}

	private boolean canSend() {
		if (!this.again.isEmpty()) {
			return this.again.element().released || this.quota > 0;
		}
		Incoming next = this.queue.element();
		return next.qos == 0 || (this.quota > 0 && this.inFlight.size() < PACKET_IDS);
	}

	/**
	 * Send the next message for the client, or one again.
	 */
	void sendNext() {
		Flow flow = this.again.poll();
		if (flow != null) {
			if (flow.released) {
				this.coverage.seen(Seen.RELEASED_TWICE);
				if (this.countsReleases) {
					this.quota--;
				}
				release(flow);
			}
			else {
				this.quota--;
				publish(flow.message, flow.packetId, true);
			}
			return;
		}
		Incoming next = this.queue.remove();
		if (isTooLarge(next)) { // [MQTT-3.1.2-25]
			this.coverage.seen(Seen.TOO_LARGE_FOR_CLIENT);
			next.forgotten = true;
			return;
		}
		if (next.qos == 0) {
			publish(next, 0, false);
			return;
		}
		do {
			this.lastPacketId = this.lastPacketId % PACKET_IDS + 1;
		}
		while (this.inFlight.containsKey(this.lastPacketId));
		this.inFlight.put(this.lastPacketId, new Flow(next, this.lastPacketId));
		this.quota--;
		this.coverage.seenIf(this.quota == 0, Seen.RECEIVE_MAXIMUM_USED_UP);
		publish(next, this.lastPacketId, false);
	}

	// 60 bytes are more than all but topic and payload take
	private boolean isTooLarge(Incoming message) {
		return message.payload.length + message.topic.length() + 60 > this.maximumPacketSize;
	}

	private void publish(Incoming message, int packetId, boolean again) {
		PacketProperties properties = PacketProperties.NONE;
		String topic = message.topic;
		if (this.codec.isVersion5()) {
			for (int identifier : message.subscriptionIdentifiers) {
				properties = properties.with(0x0B, identifier);
			}
			int maximum = (int) this.connect.properties().number(0x22, 0);
			Integer alias = this.aliases.get(topic);
			if (alias != null) {
				this.coverage.seen(Seen.TOPIC_ALIAS);
				properties = properties.with(0x23, alias);
				topic = "";
			}
			else if (this.aliases.size() < maximum && this.dice.chance(50)) {
				this.aliases.put(topic, this.aliases.size() + 1);
				properties = properties.with(0x23, this.aliases.size());
			}
		}
		List<Integer> identifiers = this.codec.isVersion5() ? message.subscriptionIdentifiers : List.of();
		this.coverage.seenIf(message.retained, Seen.RETAINED);
		byte[] packet = this.codec.publish(topic, message.payload, message.qos, message.retained, again, packetId,
				properties);
		send("PUBLISH %d%s %s".formatted(packetId, again ? " DUP" : "", message), packet, () -> {
			if (message.qos > 0 && message.handed > 0 && !message.refused) {
				this.coverage.seen((message.qos == 1) ? Seen.RECEIVED_AGAIN_QOS_1 : (message.handling > 0)
						? Seen.RECEIVED_AGAIN_QOS_2_IN_HANDLER : Seen.RECEIVED_AGAIN_QOS_2_HANDLED);
			}
			this.invariants.reachesPublish(message.id, packetId, again, identifiers);
		});
	}

	private void release(Flow flow) {
		flow.released = true;
		int packetId = flow.packetId;
		send("PUBREL " + packetId, this.codec.ack(Kind.PUBREL, packetId),
				() -> this.invariants.reaches(Kind.PUBREL, packetId, 0));
	}

	private void acknowledged(Ack puback) {
		if (this.inFlight.remove(puback.packetId()) == null) {
			throw new Violation("I6", puback + " reaches the broker, which waits for none");
		}
		giveQuota();
	}

	private void received(Ack pubrec) {
		Flow flow = this.inFlight.get(pubrec.packetId());
		if (flow == null || flow.released) {
			throw new Violation("I6", pubrec + " reaches the broker, which waits for none");
		}
		if (pubrec.reason() >= 0x80) {
			this.inFlight.remove(pubrec.packetId());
			giveQuota();
			return;
		}
		flow.released = true;
		this.owed.add(() -> release(flow));
	}

	private void completed(Ack pubcomp) {
		if (this.inFlight.remove(pubcomp.packetId()) == null) {
			throw new Violation("I6", pubcomp + " reaches the broker, which waits for none");
		}
		giveQuota();
	}

	private void giveQuota() {
		this.quota = Math.min(this.quota + 1, receiveMaximumOfClient());
	}

	// ---- subscriptions

	private void subscribe(Subscribe subscribe) {
		int identifier = (int) subscribe.properties().number(0x0B, 0);
		int[] codes = new int[subscribe.filters().size()];
		for (int i = 0; i < codes.length; i++) {
			Filter filter = subscribe.filters().get(i);
			if (this.dice.chance(this.refusals)) {
				this.coverage.seen(Seen.SUBSCRIPTION_REFUSED);
				this.subscriptions.remove(filter.filter());
				codes[i] = this.codec.isVersion5() ? 0x87 : 0x80;
			}
			else {
				this.subscriptions.put(filter.filter(), new Granted(filter.qos(), identifier));
				codes[i] = filter.qos();
			}
		}
		this.owed.add(() -> send("SUBACK " + subscribe.packetId(),
				this.codec.subAck(subscribe.packetId(), PacketProperties.NONE, codes),
				() -> this.invariants.reachesAnswer(subscribe.packetId())));
	}

	private void unsubscribe(Unsubscribe unsubscribe) {
		int[] codes = new int[unsubscribe.filters().size()];
		for (int i = 0; i < codes.length; i++) {
			codes[i] = (this.subscriptions.remove(unsubscribe.filters().get(i)) != null) ? 0 : 0x11;
		}
		this.owed.add(() -> send("UNSUBACK " + unsubscribe.packetId(),
				this.codec.unsubAck(unsubscribe.packetId(), PacketProperties.NONE, codes),
				() -> this.invariants.reachesAnswer(unsubscribe.packetId())));
	}

	Map<String, Granted> subscriptions() {
		return this.subscriptions;
	}

	// ---- the end

	/**
	 * Send DISCONNECT; the connection is to be closed then.
	 */
	void disconnect() {
		send("DISCONNECT", this.codec.disconnect(0x8B, PacketProperties.NONE), () -> {
		});
	}

	boolean isVersion5() {
		return this.codec.isVersion5();
	}

	void checkAllDone() {
		if (!this.queue.isEmpty() || !this.inFlight.isEmpty() || !this.owed.isEmpty()
				|| !this.unacknowledged.isEmpty()) {
			throw new Violation("I8", "the broker still has %d messages queued, %s in flight, %d answers, %s unanswered"
				.formatted(this.queue.size(), this.inFlight.keySet(), this.owed.size(), this.unacknowledged));
		}
		this.received.keySet().removeAll(this.idsOfDeadProcess);
		if (!this.received.isEmpty()) {
			throw new Violation("I8", "the broker waits for PUBREL of %s".formatted(this.received));
		}
	}

	static Limits limitsOf(MqttVersion version, Dice dice) {
		if (version == MqttVersion.MQTT_3_1_1) {
			return Limits.none(version);
		}
		int receiveMaximum = dice.pick(65_535, 1, 2, 3, 5, 10, 20);
		int maximumQos = dice.chance(85) ? 2 : dice.between(0, 1);
		long size = dice.chance(70) ? Limits.NO_SIZE : dice.between(45, 120);
		return new Limits(version, receiveMaximum, maximumQos, dice.chance(85), size, dice.pick(0, 0, 2));
	}

	/**
	 * A subscription.
	 *
	 * @param qos the QoS granted
	 * @param identifier the subscription identifier, or 0
	 */
	record Granted(int qos, int identifier) {
	}

	/**
	 * A message on its way to the client.
	 */
	private static final class Flow {

		final Incoming message;

		final int packetId;

		boolean released; // PUBREC has come

		Flow(Incoming message, int packetId) {
			this.message = message;
			this.packetId = packetId;
		}

	}

}
