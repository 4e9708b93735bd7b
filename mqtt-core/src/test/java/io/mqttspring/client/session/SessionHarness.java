package io.mqttspring.client.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.BrokerCodec;
import io.mqttspring.client.codec.ClientPacket;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.codec.PacketProperties;
import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.codec.Wire;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A session, a broker that is a script, and a clock that stands still: one calls
 * {@link #brokerSends} with literal bytes and asks {@link #sent} what the session
 * answered. The books are checked whenever one asks.
 */
final class SessionHarness implements SessionListener {

	final Session session;

	final MqttVersion version;

	final List<String> events = new ArrayList<>();

	final List<MqttMessage> delivered = new ArrayList<>();

	final List<@Nullable InboundPublish> owed = new ArrayList<>();

	private final List<Published> published = new ArrayList<>();

	private BrokerCodec broker = new BrokerCodec();

	private long now = 1_000_000_000_000L;

	private boolean writing;

	SessionHarness(MqttVersion version) {
		this(version, OutboundOptions.DEFAULTS);
	}

	SessionHarness(MqttVersion version, OutboundOptions options) {
		this(version, options, Integer.MAX_VALUE);
	}

	SessionHarness(MqttVersion version, OutboundOptions options, int subscribeBatch) {
		this.version = version;
		this.session = new Session(options, subscribeBatch, this);
	}

	// ---- connections

	/**
	 * Connect to a broker that has no session.
	 */
	SessionHarness connect() {
		return connect(false);
	}

	SessionHarness connect(boolean sessionPresent) {
		return connect(sessionPresent, "");
	}

	/**
	 * Connect to a broker that has limits.
	 * @param properties of CONNACK, where the version has them
	 */
	SessionHarness connect(boolean sessionPresent, String properties) {
		sendConnect();
		brokerSends(connAck(sessionPresent, properties));
		return this;
	}

	String connAck(boolean sessionPresent, String properties) {
		String flags = sessionPresent ? "01" : "00";
		int length = Wire.bytes(properties).length;
		return (this.version == MqttVersion.MQTT_5)
				? "20 %02X %s 00 %02X %s".formatted(3 + length, flags, length, properties)
				: "20 02 %s 00".formatted(flags);
	}

	/**
	 * Send CONNECT and no more.
	 */
	void sendConnect() {
		sendConnect(false, 65_535);
	}

	void sendConnect(boolean cleanStart, int receiveMaximum) {
		this.broker = new BrokerCodec();
		this.session.connect(this.version, new ConnectPacket("c", cleanStart, 60, MqttCredentials.NONE, null, 3600,
				receiveMaximum, 1 << 20, 5, false, true, List.of(), null, null));
		assertThat(packets(take())).singleElement().isInstanceOf(ClientPacket.Connect.class);
		// as the client does, which does not say that CONNECT was written
		this.writing = false;
	}

	void loseConnection() {
		this.session.connectionLost();
		this.writing = false;
	}

	void reconnect(boolean sessionPresent) {
		loseConnection();
		connect(sessionPresent);
	}

	void pass(Duration time) {
		this.now += time.toNanos();
	}

	long now() {
		return this.now;
	}

	// ---- the broker

	/**
	 * Let the session receive literal bytes.
	 */
	void brokerSends(String... wire) {
		byte[] bytes = Wire.bytes(wire);
		assertThat(this.session.receive(bytes, 0, bytes.length, this.now)).isEqualTo(bytes.length);
	}

	/**
	 * Let the session receive PUBLISH packets, of topic 't' and without payload.
	 */
	void brokerPublishes(MqttQos qos, int... packetIds) {
		for (int packetId : packetIds) {
			brokerSends(publish(0x30 | qos.level() << 1, packetId));
		}
	}

	void brokerPublishesAgain(MqttQos qos, int packetId) {
		brokerSends(publish(0x38 | qos.level() << 1, packetId));
	}

	private String publish(int first, int packetId) {
		String properties = (this.version == MqttVersion.MQTT_5) ? "00" : "";
		int length = 5 + Wire.bytes(properties).length;
		return "%02X %02X 00 01 't' %04X %s".formatted(first, length, packetId, properties);
	}

	static String ack(String first, int packetId) {
		return "%s 02 %04X".formatted(first, packetId);
	}

	static String pubAck(int packetId) {
		return ack("40", packetId);
	}

	static String pubRec(int packetId) {
		return ack("50", packetId);
	}

	static String pubRel(int packetId) {
		return ack("62", packetId);
	}

	static String pubComp(int packetId) {
		return ack("70", packetId);
	}

	/**
	 * SUBACK.
	 */
	String subAck(int packetId, String codes) {
		String properties = (this.version == MqttVersion.MQTT_5) ? "00" : "";
		int length = Wire.bytes(properties, codes).length;
		return "90 %02X %04X %s %s".formatted(2 + length, packetId, properties, codes);
	}

	String unsubAck(int packetId) {
		return "B0 %s".formatted((this.version == MqttVersion.MQTT_5) ? "04 %04X 00 00".formatted(packetId)
				: "02 %04X".formatted(packetId));
	}

	// ---- the writer

	/**
	 * Take what is to be written, as a writer that has begun to write it.
	 */
	byte[] take() {
		OutputBuffer buffer = this.session.takeOutput();
		this.writing = true;
		return Arrays.copyOf(buffer.bytes(), buffer.length());
	}

	void written() {
		this.writing = false;
		this.session.outputWritten(this.now);
	}

	/**
	 * Write all there is, and return it as a broker reads it.
	 */
	List<String> sent() {
		List<String> lines = new ArrayList<>();
		do {
			if (!this.writing) {
				lines.addAll(packets(take()).stream().map(SessionHarness::line).toList());
			}
			written();
		}
		while (this.session.outputLength() > 0);
		assertBooksBalance();
		return lines;
	}

	/**
	 * Write all there is, and return it as it is on the wire.
	 */
	String sentBytes() {
		byte[] bytes = take();
		packets(bytes);
		written();
		return Wire.hex(bytes);
	}

	private List<ClientPacket> packets(byte[] bytes) {
		List<ClientPacket> packets = this.broker.decode(bytes);
		assertThat(this.broker.pending()).as("bytes of half a packet").isZero();
		return packets;
	}

	private static String line(ClientPacket packet) {
		if (packet instanceof ClientPacket.Publish publish) {
			PacketProperties properties = publish.properties();
			return "PUBLISH%s%s%s %s%s".formatted((publish.packetId() != 0) ? " " + publish.packetId() : "",
					publish.duplicate() ? " DUP" : "", publish.retained() ? " RETAIN" : "", publish.topic(),
					properties.has(0x02) ? " expires in " + properties.number(0x02, 0) : "");
		}
		if (packet instanceof ClientPacket.Subscribe subscribe) {
			return "SUBSCRIBE %d%s%s".formatted(subscribe.packetId(), filters(subscribe),
					subscribe.properties().has(0x0B) ? " as " + subscribe.properties().get(0x0B) : "");
		}
		if (packet instanceof ClientPacket.Unsubscribe unsubscribe) {
			return "UNSUBSCRIBE %d %s".formatted(unsubscribe.packetId(), String.join(" ", unsubscribe.filters()));
		}
		if (packet instanceof ClientPacket.Disconnect disconnect) {
			return "DISCONNECT 0x%02X".formatted(disconnect.reason());
		}
		return (packet instanceof ClientPacket.PingReq) ? "PINGREQ" : packet.toString();
	}

	private static String filters(ClientPacket.Subscribe subscribe) {
		StringBuilder filters = new StringBuilder();
		subscribe.filters()
			.forEach((filter) -> filters.append(" %s:%d".formatted(filter.filter(), filter.qos()))
				.append(filter.noLocal() ? " nl" : "")
				.append(filter.retainAsPublished() ? " rap" : "")
				.append((filter.retainHandling() != 0) ? " rh" + filter.retainHandling() : ""));
		return filters.toString();
	}

	// ---- the application

	Published publish(String topic, MqttQos qos) {
		return publish(MqttMessage.builder(topic).qos(qos).build());
	}

	Published publish(MqttMessage message) {
		Published publish = offer(message);
		assertThat(publish.offer).isEqualTo(Session.Offer.ACCEPTED);
		return publish;
	}

	/**
	 * Publish, and see whether the message is accepted.
	 */
	Published offer(MqttMessage message) {
		Published publish = new Published(message, this.now);
		publish.offer = this.session.publish(publish, this.now);
		if (publish.offer == Session.Offer.ACCEPTED) {
			this.published.add(publish);
		}
		return publish;
	}

	Asked subscribe(String filter, MqttQos qos) {
		return subscribe(new SubscribeEntry(filter, qos, false, false, 0), 7);
	}

	Asked subscribe(SubscribeEntry entry, int identifier) {
		Asked asked = new Asked(entry, identifier);
		this.session.subscribe(asked);
		return asked;
	}

	Ended unsubscribe(String filter) {
		Ended ended = new Ended(filter);
		this.session.unsubscribe(ended);
		return ended;
	}

	/**
	 * The handler of the message that was delivered at this place has ended.
	 */
	boolean handled(int index) {
		return handled(index, MqttReasonCode.SUCCESS);
	}

	boolean handled(int index, MqttReasonCode result) {
		InboundPublish publish = this.owed.get(index);
		assertThat(publish).isNotNull();
		return this.session.handled(publish, result);
	}

	// ---- the books

	/**
	 * Accepted is what has ended and what waits, at any time.
	 */
	void assertBooksBalance() {
		Session.OutboundFigures figures = this.session.outboundFigures();
		Session.Counts counts = this.session.counts();
		long dropped = figures.dropped().values().stream().mapToLong(Long::longValue).sum();
		long acknowledged = Arrays.stream(figures.acknowledged()).sum();
		assertThat(figures.accepted()).as("accepted").isEqualTo(this.published.size());
		assertThat(acknowledged).as("acknowledged").isEqualTo(count("acknowledged"));
		assertThat(figures.failed()).as("refused by the broker").isEqualTo(count("refused"));
		assertThat(dropped).as("dropped").isEqualTo(count("dropped"));
		int inFlight = counts.awaitingPuback() + counts.awaitingPubrec() + counts.awaitingPubcomp();
		long open = open().count();
		long encoded = open - counts.queuedMessages() - inFlight; // QoS 0, not written
		assertThat(encoded).as("neither queued nor in flight").isBetween(0L, openQos0());
		if (!this.writing && this.session.outputLength() == 0) {
			assertThat(encoded).as("encoded and not written").isZero();
		}
		assertThat(counts.onWire()).as("on the wire").isBetween(0, inFlight);
		assertThat(this.session.isIdle()).isEqualTo(open == 0);
		assertThat(counts.queuedBytes()).isNotNegative();
		if (counts.queuedMessages() == 0) {
			assertThat(counts.queuedBytes()).isZero();
		}
	}

	private Stream<Published> open() {
		return this.published.stream().filter((publish) -> publish.outcome == null);
	}

	private long openQos0() {
		return open().filter((publish) -> publish.message().qos() == MqttQos.AT_MOST_ONCE).count();
	}

	private long count(String outcome) {
		return this.published.stream()
			.filter((publish) -> publish.outcome != null && publish.outcome.startsWith(outcome))
			.count();
	}

	// ---- what the session tells

	@Override
	public void onConnected(ConnAck connAck) {
		this.events.add("connected");
	}

	@Override
	public void onRefused(ConnAck connAck) {
		this.events.add("refused " + connAck.reason());
	}

	@Override
	public void onMessage(MqttMessage message, @Nullable InboundPublish owed) {
		this.delivered.add(message);
		this.owed.add(owed);
	}

	@Override
	public void onPingAnswered() {
		this.events.add("ping answered");
	}

	@Override
	public void onDisconnectedByBroker(MqttReasonCode reason, @Nullable String reasonString) {
		this.events.add("disconnected " + reason + ((reasonString != null) ? " " + reasonString : ""));
	}

	@Override
	public void onIgnored(String what) {
		this.events.add("ignored " + what);
	}

	/**
	 * A message on its way, and what the session told of it.
	 */
	static final class Published extends OutboundPublish {

		Session.@Nullable Offer offer;

		boolean sent;

		@Nullable String outcome;

		@Nullable MqttException failure;

		Published(MqttMessage message, long acceptedAt) {
			super(message, acceptedAt);
		}

		@Override
		protected void onWritten() {
			assertThat(this.sent).as("told once").isFalse();
			this.sent = true;
		}

		@Override
		protected void onAcknowledged(@Nullable MqttReasonCode reason) {
			end("acknowledged" + ((reason != null) ? " " + reason : ""));
		}

		@Override
		protected void onFailed(MqttException cause, @Nullable MqttReasonCode reason, @Nullable MqttDropCause drop) {
			this.failure = cause;
			end((drop != null) ? "dropped " + drop : "refused " + reason);
		}

		private void end(String outcome) {
			assertThat(this.outcome).as("told once").isNull();
			this.outcome = outcome;
		}

		String message(MqttException failure) {
			return String.valueOf(failure.getMessage());
		}

	}

	/**
	 * A subscription, and what the broker answered.
	 */
	static final class Asked extends SessionSubscription {

		final List<MqttReasonCode> answers = new ArrayList<>();

		Asked(SubscribeEntry entry, int identifier) {
			super(entry, identifier);
		}

		@Override
		protected void onAnswer(MqttReasonCode reason) {
			this.answers.add(reason);
		}

	}

	/**
	 * The end of a subscription, and what the broker answered.
	 */
	static final class Ended extends SessionSubscription.End {

		final List<String> answers = new ArrayList<>();

		Ended(String filter) {
			super(filter);
		}

		@Override
		protected void onAnswer(@Nullable MqttReasonCode reason) {
			this.answers.add(String.valueOf(reason));
		}

	}

}
