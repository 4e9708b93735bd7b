package io.mqttspring.client.session.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.OutboundOptions.OfflineQos0;
import io.mqttspring.client.OutboundOptions.WhenFull;
import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.session.Session;
import io.mqttspring.client.session.SessionSubscription;

/**
 * One schedule: some 200 events in an order that a seed decides, then an end of all
 * faults, by which everything has to complete. A real session, a model broker, two wires
 * between them and a clock that runs when it is told to.
 */
final class Simulation {

	private static final int EVENTS = 200;

	private static final String[] FILTERS = { "in/#", "in/a", "in/b", "in/+", "in/c/elsewhere" };

	private static final String[] TOPICS_IN = { "in/a", "in/b", "in/a", "in/d" };

	private static final String[] TOPICS_OUT = { "out/a", "out/b", "out/ü" };

	private final Dice dice;

	private final Coverage coverage = new Coverage();

	private final Trace trace;

	private final Wire toBroker = new Wire();

	private final Wire toClient = new Wire();

	private final OutboundOptions options;

	private final Invariants invariants;

	private final SimulatedClient client;

	private final ModelBroker broker;

	private final int[] weights = new int[Event.values().length];

	private final boolean large;

	// percent of events after which all that is under way arrives
	private final int haste;

	private final int receiveMaximum;

	private final int maximumPacketSize;

	private MqttVersion version;

	private long now;

	private long ids;

	// Subscriptions that are wanted, and those whose end the client was asked for
	private final Map<String, SimulatedSubscription> wanted = new LinkedHashMap<>();

	private final List<SimulatedEnd> ends = new ArrayList<>();

	private final Set<String> left = new TreeSet<>(); // by dead processes

	private int subscriptions;

	private boolean closed;

	Simulation(long seed, boolean traced) {
		this.dice = new Dice(seed);
		this.trace = new Trace(traced);
		this.now = this.dice.pick(this.dice.number(), Long.MAX_VALUE - 2_000_000_000L, 0L);
		this.options = options();
		this.version = this.dice.chance(65) ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1;
		this.haste = this.dice.pick(0, 5, 20);
		this.large = this.dice.chance(4);
		this.receiveMaximum = this.dice.pick(1, 2, 5, 20, 65_535);
		this.maximumPacketSize = this.dice.chance(80) ? 1 << 20 : 100;
		this.invariants = new Invariants(this.options);
		this.client = new SimulatedClient(this.options, this.invariants, this.coverage, this.trace, this.toBroker);
		this.broker = new ModelBroker(this.maximumPacketSize, this.dice, this.invariants, this.coverage, this.trace,
				this.toClient);
		for (Event event : Event.values()) {
			this.weights[event.ordinal()] = event.weight * this.dice.pick(1, 1, 1, 3);
		}
		this.trace.add(() -> "%s, %s, receive maximum %d".formatted(this.version, this.options, this.receiveMaximum));
	}

	private OutboundOptions options() {
		int messages = this.dice.pick(1, 3, 10, 10_000);
		long bytes = this.dice.pick(1, 100, 1_000_000, 1_000_000);
		int inFlight = this.dice.pick(65_535, 65_535, 1, 3, 10);
		Duration expiry = this.dice.chance(15) ? Duration.ofMillis(this.dice.between(200, 5_000)) : null;
		return new OutboundOptions(Duration.ofSeconds(30), inFlight, messages, bytes, this.dice.pick(WhenFull.values()),
				this.dice.pick(OfflineQos0.values()), expiry);
	}

	Coverage coverage() {
		return this.coverage;
	}

	String trace() {
		return this.trace.toString();
	}

	/**
	 * Run the schedule.
	 * @throws Violation if an invariant does not hold
	 */
	void run() {
		if (this.dice.chance(80)) {
			subscribe("in/#", this.dice.between(1, 2));
		}
		for (int number = 1; number <= EVENTS; number++) {
			this.trace.event(number);
			happen(this.client.isOpen() ? choose() : chooseOffline());
			check();
			if (this.dice.chance(this.haste)) {
				hurry();
				check();
			}
		}
		if (this.dice.chance(10)) {
			close();
			return;
		}
		calmDown();
	}

	// All that is under way arrives at once, and nobody else is as quick
	private void hurry() {
		if (this.client.canWrite()) {
			this.client.writeAll();
		}
		if (this.toBroker.underWay() > 0) {
			this.broker.takeIn(this.toBroker.arrive(this.toBroker.underWay()));
		}
		if (this.broker.hasToAnswer() && this.dice.chance(50)) {
			this.broker.answerSome();
		}
		if (this.toClient.underWay() > 0) {
			this.client.takeIn(this.toClient.arrive(this.toClient.underWay()));
			afterTakingIn();
		}
	}

	private void check() {
		Session session = this.client.session();
		Session.Counts counts = session.counts();
		this.invariants.check(counts, session.outboundFigures(), session.outputLength(), this.now);
		if (session.isConnected()) {
			int window = Math.min(session.limits().receiveMaximum(), this.options.maxInFlight());
			this.coverage.seenIf(counts.onWire() == window && counts.queuedMessages() > 0, Seen.WINDOW_FULL);
			this.coverage.seenIf(counts.awaitingPuback() + counts.awaitingPubrec() + counts.awaitingPubcomp() > window,
					Seen.WINDOW_SMALLER_THAN_FLIGHT);
		}
	}

	private Event choose() {
		int total = 0;
		for (int weight : this.weights) {
			total += weight;
		}
		int at = this.dice.between(0, total - 1);
		for (Event event : Event.values()) {
			at -= this.weights[event.ordinal()];
			if (at < 0) {
				return event;
			}
		}
		throw new IllegalStateException();
	}

	private Event chooseOffline() {
		return this.dice.chance(40) ? Event.CONNECT : choose();
	}

	private void happen(Event event) {
		this.now += this.dice.between(0, 20_000_000);
		this.client.time(this.now);
		switch (event) {
			case PUBLISH -> publish();
			case WRITE -> {
				if (this.client.canWrite()) {
					this.client.write(this.dice);
				}
			}
			case ARRIVE_AT_BROKER -> arriveAtBroker();
			case BROKER_ANSWERS -> {
				if (this.broker.hasToAnswer()) {
					this.broker.answerSome();
				}
			}
			case BROKER_HAS_MESSAGE -> brokerHasMessage();
			case BROKER_SENDS -> {
				for (int count = this.dice.between(1, 3); count > 0 && this.broker.hasToSend(); count--) {
					this.broker.sendNext();
				}
			}
			case ARRIVE_AT_CLIENT -> arriveAtClient();
			case HANDLER_ENDS -> handlerEnds();
			case TIME_PASSES -> timePasses();
			case SUBSCRIBE -> subscribe(this.dice.pick(FILTERS), this.dice.between(0, 2));
			case UNSUBSCRIBE -> unsubscribe();
			case PING -> {
				if (this.client.isConnected()) {
					this.coverage.seen(Seen.PING);
					this.client.ping();
				}
			}
			case CUT -> {
				if (this.client.isOpen()) {
					cut("the connection is cut");
				}
			}
			case BROKER_DISCONNECTS -> brokerDisconnects();
			case CLIENT_DISCONNECTS -> clientDisconnects();
			case CONNECT -> {
				if (!this.client.isOpen()) {
					connect();
				}
			}
			case RESTART -> {
				if (this.dice.chance(60)) {
					restart();
				}
			}
		}
	}

	// ---- messages

	private void publish() {
		int level = this.dice.between(0, 2);
		long id = ++this.ids;
		MqttMessage.Builder message = MqttMessage.builder(this.dice.pick(TOPICS_OUT))
			.payload(Payloads.make(id, size()))
			.qos(MqttQos.of(level))
			.retained(this.dice.chance(10));
		Duration expiry = this.options.messageExpiry();
		if (this.dice.chance(10)) {
			expiry = Duration.ofSeconds(this.dice.between(0, 5));
			message.messageExpiry(expiry);
		}
		if (this.dice.chance(10)) {
			message.userProperty("name", "wert").contentType("x");
		}
		boolean connected = this.client.isConnected();
		if (this.client.publish(message.build(), (expiry != null) ? expiry.toNanos() : -1)) {
			this.coverage.seen(List.of(Seen.PUBLISHED_QOS_0, Seen.PUBLISHED_QOS_1, Seen.PUBLISHED_QOS_2).get(level));
			this.coverage.seenIf(!connected, Seen.QUEUED_OFFLINE);
		}
	}

	private int size() {
		if (this.large) {
			return this.dice.between(8, 30_000);
		}
		return this.dice.chance(10) ? this.dice.between(8, 150) : this.dice.between(8, 20);
	}

	private void arriveAtBroker() {
		int underWay = this.toBroker.underWay();
		if (underWay > 0) {
			byte[] bytes = this.toBroker.arrive(this.dice.some(underWay));
			this.trace.add(() -> "%d of %d bytes reach the broker".formatted(bytes.length, underWay));
			this.broker.takeIn(bytes);
		}
	}

	private void arriveAtClient() {
		int underWay = this.toClient.underWay();
		if (underWay > 0) {
			byte[] bytes = this.toClient.arrive(this.dice.some(underWay));
			this.trace.add(() -> "%d of %d bytes reach the client".formatted(bytes.length, underWay));
			this.client.takeIn(bytes);
			afterTakingIn();
		}
	}

	private void afterTakingIn() {
		if (this.client.isRefused()) {
			this.coverage.seen(Seen.REFUSED_CONNECT);
			cut("refused");
		}
		else if (this.client.isDisconnectedByBroker()) {
			this.coverage.seen(Seen.DISCONNECTED_BY_BROKER);
			cut("disconnected by the broker");
		}
	}

	private void brokerHasMessage() {
		long id = ++this.ids;
		String topic = this.dice.pick(TOPICS_IN);
		int qos = this.dice.between(0, 2);
		boolean taken = this.broker.accept(id, topic, qos, size(), this.dice.chance(20));
		this.trace.add(() -> "broker gets message %d for %s, QoS %d: %s".formatted(id, topic, qos,
				taken ? "for the client" : "for nobody"));
	}

	private void handlerEnds() {
		if (this.client.hasHandlers()) {
			MqttReasonCode result = this.dice.chance(90) ? MqttReasonCode.SUCCESS
					: MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
			this.client.endHandler(this.dice.chance(60) ? 0 : this.dice.between(0, this.client.handlers() - 1), result);
		}
	}

	private void timePasses() {
		this.now += this.dice.between(0, 3_000) * 1_000_000L;
		this.client.time(this.now);
		this.trace.add(() -> "time passes");
		long next = this.client.session().expire(this.now);
		if (next <= 0) {
			throw new Violation("I1", "all that is expired was given up, and more expires in %d ns".formatted(next));
		}
	}

	// ---- subscriptions

	private void subscribe(String filter, int qos) {
		this.trace.add(() -> "subscribe to %s, QoS %d".formatted(filter, qos));
		SimulatedSubscription subscription = new SimulatedSubscription(filter, qos, ++this.subscriptions);
		SimulatedSubscription earlier = this.wanted.put(filter, subscription);
		this.coverage.seen(Seen.SUBSCRIBED);
		this.coverage.seenIf(earlier != null, Seen.SUBSCRIPTION_REPLACED);
		this.coverage.seenIf(this.ends.stream().anyMatch((end) -> end.filter.equals(filter) && end.answers == 0),
				Seen.SUBSCRIBED_WHILE_UNSUBSCRIBING);
		this.left.remove(filter);
		this.client.session().subscribe(subscription);
	}

	private void unsubscribe() {
		if (this.wanted.isEmpty()) {
			return;
		}
		String filter = this.dice.pick(List.copyOf(this.wanted.keySet()));
		this.trace.add(() -> "unsubscribe from %s".formatted(filter));
		this.wanted.remove(filter);
		this.coverage.seen(Seen.UNSUBSCRIBED);
		this.coverage.seenIf(!this.client.isConnected(), Seen.UNSUBSCRIBED_OFFLINE);
		SimulatedEnd end = new SimulatedEnd(filter);
		this.ends.add(end);
		this.client.session().unsubscribe(end);
	}

	// ---- connections

	private void connect() {
		Limits limits = nextLimits();
		boolean keep = this.dice.chance(75);
		int code = this.dice.chance(5) ? ((limits.isVersion5()) ? 0x88 : 3) : 0;
		boolean cleanStart = this.dice.chance(5);
		this.coverage.seenIf(cleanStart, Seen.CLEAN_START);
		this.trace.add(() -> "connect: %s, session %s%s%s".formatted(limits, keep ? "kept" : "lost",
				cleanStart ? ", clean start" : "", (code != 0) ? ", to be refused" : ""));
		this.broker.takeIdentifiers(this.dice.chance(80));
		open(limits, keep, code, cleanStart);
	}

	private Limits nextLimits() {
		if (this.dice.chance(5)) {
			this.version = this.dice.pick(MqttVersion.values());
			this.coverage.seen(Seen.VERSION_CHANGED);
		}
		this.coverage.seen((this.version == MqttVersion.MQTT_5) ? Seen.VERSION_5 : Seen.VERSION_3_1_1);
		return ModelBroker.limitsOf(this.version, this.dice);
	}

	private void open(Limits limits, boolean keep, int code, boolean cleanStart) {
		this.coverage.seenIf(this.broker.hasSession() && keep, Seen.SESSION_KEPT);
		this.coverage.seenIf(this.broker.hasSession() && !keep, Seen.SESSION_LOST);
		this.broker.opened(limits, keep, code);
		this.client.connect(limits.version(), cleanStart, this.receiveMaximum, this.maximumPacketSize,
				this.dice.pick(0, 1, 5));
	}

	private void cut(String why) {
		this.trace.add(() -> why);
		this.coverage.seenIf(this.broker.isInsidePacket(), Seen.CUT_IN_PACKET_OUT);
		this.toBroker.cut();
		this.coverage.seenIf(this.toClient.cut(), Seen.CUT_IN_PACKET_IN);
		this.broker.lost();
		this.client.lose();
	}

	private void brokerDisconnects() {
		if (this.broker.isConnected() && this.broker.isVersion5()) {
			this.broker.disconnect();
			this.broker.lost();
		}
	}

	private void clientDisconnects() {
		if (this.client.isConnected() && !this.client.isDisconnecting()) {
			this.trace.add(() -> "client disconnects");
			this.coverage.seen(Seen.DISCONNECTED_BY_CLIENT);
			this.client.disconnect();
		}
		else if (this.client.isDisconnecting() && !this.client.canWrite()) {
			cut("the client has disconnected");
		}
	}

	private void restart() {
		if (this.client.isOpen()) {
			cut("the process dies");
		}
		this.trace.add(() -> "the process starts again");
		this.coverage.seen(Seen.PROCESS_RESTARTED);
		this.client.restart();
		this.broker.clientRestarted();
		// What was to be ended and was not is nobody's any more
		this.left.addAll(this.broker.subscriptions().keySet());
		this.ends.clear();
		List<SimulatedSubscription> again = List.copyOf(this.wanted.values());
		this.wanted.clear();
		again.forEach((subscription) -> subscribe(subscription.entry().filter(), subscription.entry().qos().level()));
	}

	private void close() {
		this.trace.add(() -> "close");
		this.coverage.seen(Seen.CLOSED);
		this.invariants.closing();
		this.client.session().close();
		check();
		if (!this.client.session().isIdle()) {
			throw new Violation("I1", "closed, and not idle");
		}
	}

	// ---- the end

	private void calmDown() {
		this.trace.event(EVENTS + 1);
		this.trace.add(() -> "faults stop");
		this.broker.calm();
		boolean fresh = this.dice.chance(50);
		if (this.client.isOpen() && (fresh || !this.client.isConnected() || !this.broker.isConnected()
				|| this.client.isDisconnecting() || this.client.isDisconnectedByBroker())) {
			cut("the last cut");
			check();
		}
		if (!this.client.isOpen()) {
			open(ModelBroker.limitsOf(this.version, this.dice), true, 0, false);
		}
		int bound = 20 + 4 * (int) (this.ids + this.subscriptions);
		int rounds = 0;
		do {
			if (++rounds > bound) {
				throw new Violation("I8", "still busy after %d rounds without a fault".formatted(rounds));
			}
			round();
			check();
		}
		while (isBusy());
		checkAllDone();
	}

	private void round() {
		this.now += 1_000_000;
		this.client.time(this.now);
		while (this.client.canWrite()) {
			this.client.writeAll();
		}
		if (this.toBroker.underWay() > 0) {
			this.broker.takeIn(this.toBroker.arrive(this.toBroker.underWay()));
		}
		this.broker.answerAll();
		while (this.broker.hasToSend()) {
			this.broker.sendNext();
		}
		if (this.toClient.underWay() > 0) {
			this.client.takeIn(this.toClient.arrive(this.toClient.underWay()));
		}
		while (this.client.hasHandlers()) {
			this.client.endHandler(0, MqttReasonCode.SUCCESS);
		}
	}

	private boolean isBusy() {
		return this.client.canWrite() || this.toBroker.underWay() > 0 || this.toClient.underWay() > 0
				|| this.broker.hasToAnswer() || this.broker.hasToSend();
	}

	private void checkAllDone() {
		if (!this.client.session().isIdle() || !this.client.isPingAnswered()) {
			throw new Violation("I8", "nothing moves any more, and the client is not done");
		}
		this.invariants.checkAllDone();
		this.broker.checkAllDone();
		checkSubscriptions();
	}

	private void checkSubscriptions() {
		for (SimulatedEnd end : this.ends) {
			if (end.answers != 1) {
				throw new Violation("I8", "the end of %s is answered %d times".formatted(end.filter, end.answers));
			}
		}
		Map<String, ModelBroker.Granted> granted = this.broker.subscriptions();
		for (SimulatedSubscription subscription : this.wanted.values()) {
			String filter = subscription.entry().filter();
			MqttReasonCode answer = subscription.answer;
			if (answer == null) {
				throw new Violation("I8", "the subscription to %s is not answered".formatted(filter));
			}
			ModelBroker.Granted has = granted.get(filter);
			if ((has == null) != answer.isError() || (has != null && has.qos() != answer.code())) {
				throw new Violation("I8", "the subscription to %s is answered with %s, and the broker has %s"
					.formatted(filter, answer, has));
			}
		}
		for (String filter : granted.keySet()) {
			if (!this.wanted.containsKey(filter) && !this.left.contains(filter)) {
				throw new Violation("I8", "the broker has a subscription to %s, and nobody wants it".formatted(filter));
			}
		}
	}

	/**
	 * What can happen, and how often it does beside the others.
	 */
	private enum Event {

		PUBLISH(200), WRITE(250), ARRIVE_AT_BROKER(250), BROKER_ANSWERS(200), BROKER_HAS_MESSAGE(120),
		BROKER_SENDS(150), ARRIVE_AT_CLIENT(250), HANDLER_ENDS(120), TIME_PASSES(20), SUBSCRIBE(15), UNSUBSCRIBE(10),
		PING(5), CUT(15), BROKER_DISCONNECTS(3), CLIENT_DISCONNECTS(6), CONNECT(1), RESTART(1);

		final int weight;

		Event(int weight) {
			this.weight = weight;
		}

	}

	private static final class SimulatedSubscription extends SessionSubscription {

		@Nullable MqttReasonCode answer;

		SimulatedSubscription(String filter, int qos, int identifier) {
			super(new SubscribeEntry(filter, MqttQos.of(qos), false, false, 0), identifier);
		}

		@Override
		protected void onAnswer(MqttReasonCode reason) {
			this.answer = reason;
		}

	}

	private static final class SimulatedEnd extends SessionSubscription.End {

		final String filter;

		int answers;

		SimulatedEnd(String filter) {
			super(filter);
			this.filter = filter;
		}

		@Override
		protected void onAnswer(@Nullable MqttReasonCode reason) {
			this.answers++;
		}

	}

}
