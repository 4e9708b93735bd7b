package io.mqttspring.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.session.InboundPublish;
import io.mqttspring.client.session.Session;
import io.mqttspring.client.session.SessionListener;
import io.mqttspring.client.transport.Transport;

/**
 * The parts of a client put together: what happens to the connection is told from here to
 * each of them. Guarded as {@link Guard} says.
 */
final class Connection implements SessionListener {

	private static final Logger logger = LoggerFactory.getLogger(Connection.class);

	private static final Duration LEAST_END = Duration.ofSeconds(1);

	private static final Duration BROKER_CLOSES = Duration.ofMillis(500);

	private final MqttClientOptions options;

	private final Guard guard;

	private final Listeners listeners;

	private final Lifecycle lifecycle;

	private final Session session;

	private final Lanes lanes;

	private final Writer writer;

	private final Publisher publisher;

	private final Subscriber subscriber;

	private final Intake intake;

	private final Reader reader;

	private long bytesRead;

	private @Nullable Closeable opening; // the socket that is being connected

	private boolean calledOff; // the attempt

	// As long as one connection
	private @Nullable MqttException endedByBroker;

	private @Nullable ConnAck refusal;

	Connection(MqttClient client, MqttClientOptions options) {
		this.options = options;
		Executor executor = Threads.executor("mqtt-%s-handler".formatted(options.name()), options.executor());
		this.lanes = new Lanes(this, executor, options.inbound().laneCapacity(), this::handled);
		this.guard = new Guard(new SerialTasks(executor, this::callbacksDone), this.lanes);
		this.listeners = new Listeners(client, this.guard);
		this.lifecycle = new Lifecycle(this.guard, this.listeners, options);
		this.session = new Session(options.outbound(), options.subscribeBatchSize(), this);
		this.publisher = new Publisher(this.guard, this.session, this.lanes, this.listeners, options.outbound(),
				this.lifecycle);
		this.writer = new Writer(this.guard, this.session, this.lanes, options.name(), this.lifecycle,
				this.publisher::signalRoom);
		this.subscriber = new Subscriber(this.guard, this.session, this.lanes, this.listeners, this.writer,
				options.subscribeTimeout(), this.lifecycle);
		this.intake = new Intake(this.guard, this.session, this.subscriber.subscriptions(), this.listeners, this.writer,
				options.inbound().unmatched(), this.lifecycle);
		this.reader = new Reader(this, this.lifecycle, this.guard, options);
	}

	private void callbacksDone() {
		this.publisher.callbacksDone();
	}

	private void handled(InboundPublish owed) {
		this.intake.handled(owed);
	}

	// ---- what users do

	Pending<Void> connect() {
		this.guard.lock();
		try {
			this.lifecycle.requireOpen();
			Pending<Void> connected = this.lifecycle.connect();
			startReader();
			return connected;
		}
		finally {
			this.guard.unlock();
		}
	}

	void start() {
		this.guard.lock();
		try {
			this.lifecycle.requireOpen();
			this.lifecycle.start();
			startReader();
		}
		finally {
			this.guard.unlock();
		}
	}

	// The writer starts when there is a connection, so that of attempts that fail nothing
	// is left
	private void startReader() {
		if (this.lifecycle.startReader()) {
			Threads.start("mqtt-%s-reader".formatted(this.options.name()), this.reader);
		}
	}

	/**
	 * Return whether nothing was done yet to get a connection.
	 */
	boolean isDisconnected() {
		this.guard.lock();
		try {
			return !this.lifecycle.isReaderRunning();
		}
		finally {
			this.guard.unlock();
		}
	}

	PublishDelivery publish(MqttMessage message, Wait wait, @Nullable DeliveryCallback callback) {
		return this.publisher.publish(message, wait, callback, this.writer);
	}

	Subscriber subscriber() {
		return this.subscriber;
	}

	Subscriber.Made subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		this.guard.lock();
		try {
			this.lifecycle.requireOpen();
		}
		finally {
			this.guard.unlock();
		}
		return this.subscriber.subscribe(options, handler);
	}

	<T> CompletableFuture<T> newFuture() {
		return new ClientFuture<>(this.guard);
	}

	HandlerWait beginWait() {
		return HandlerWait.begin(this.lanes);
	}

	Listeners listeners() {
		return this.listeners;
	}

	Duration ping() {
		long begin = System.nanoTime();
		Duration limit = this.options.connectTimeout();
		HandlerWait handlerWait = beginWait();
		this.guard.lock();
		try {
			Transport pinged = this.writer.transport();
			if (pinged == null || !this.session.isConnected()) {
				throw new MqttException("%s is not connected".formatted(this));
			}
			long number = this.writer.ping();
			this.writer.signal();
			boolean ended = this.guard.await(
					() -> this.writer.pingsAnswered() >= number || this.writer.transport() != pinged,
					begin + limit.toNanos(), handlerWait);
			if (!ended) {
				throw new MqttTimeoutException("%s got no PINGRESP within %s".formatted(this, limit));
			}
			if (this.writer.transport() != pinged) {
				throw new MqttException("%s has lost its connection while it waited for PINGRESP".formatted(this));
			}
			return Duration.ofNanos(System.nanoTime() - begin);
		}
		finally {
			this.guard.unlock();
			handlerWait.end();
		}
	}

	void disconnect() {
		this.guard.lock();
		try {
			if (!this.lifecycle.isClosing()) {
				long deadline = System.nanoTime() + this.options.connectTimeout().toNanos();
				endConnection(deadline, deadline);
			}
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Send DISCONNECT, close, and wait for the reader to end. Called with the lock held.
	 * @param flushed until when DISCONNECT has to be written
	 * @param closed until when the broker may take its time to close
	 */
	private void endConnection(long flushed, long closed) {
		this.lifecycle.end();
		Transport open = this.writer.transport();
		if (this.session.isConnected()) {
			this.session.disconnect(MqttReasonCode.SUCCESS);
			this.writer.signal();
			this.writer.awaitFlushed(flushed);
			// The broker closes when it has DISCONNECT. Where we close first, and
			// something of the broker's is unread, the system sends a reset: DISCONNECT
			// may be lost by it, and the will published
			this.lanes.unbounded(true);
			this.guard.awaitChange(() -> this.writer.transport() != open,
					Math.min(closed, System.nanoTime() + BROKER_CLOSES.toNanos()));
		}
		if (open != null) {
			open.close();
		}
		if (!this.lifecycle.isWanted()) { // else somebody has connected anew meanwhile
			this.calledOff = this.opening != null;
			callOff(this.opening);
		}
		this.lanes.unbounded(true); // the reader may be waiting for room in one
		// A reader that looks up a name ends with that, and needs nobody to wait
		this.guard.awaitChange(() -> !this.lifecycle.isReaderRunning() || this.lifecycle.isWanted(),
				System.nanoTime() + LEAST_END.toNanos());
		this.lanes.unbounded(false);
	}

	void close() {
		long deadline = System.nanoTime() + this.options.shutdownTimeout().toNanos();
		// A handler or callback cannot end before the close that it calls
		boolean inside = this.lanes.isCurrent() || this.guard.events().isCurrent();
		this.guard.lock();
		try {
			if (!this.lifecycle.close()) {
				if (!inside) { // whoever closes already does the work
					this.guard.awaitChange(this.lifecycle::isClosed, deadline + LEAST_END.toNanos());
				}
				return;
			}
			this.intake.stop();
			// The reader has to bring acknowledgements, also when this is called by the
			// handler that it waits for
			this.lanes.unbounded(true);
		}
		finally {
			this.guard.unlock();
		}
		if (!inside) {
			this.lanes.drain(deadline);
		}
		this.guard.lock();
		try {
			this.guard.awaitChange(() -> this.session.isIdle() || !this.session.isConnected(), deadline);
			reportLeft(this.lanes.stop());
			endConnection(Math.max(deadline, System.nanoTime() + LEAST_END.toNanos()), deadline);
			this.publisher.close();
			this.writer.stop();
			this.guard.awaitChange(() -> !this.writer.isRunning(), System.nanoTime() + LEAST_END.toNanos());
			this.lifecycle.closed();
		}
		finally {
			this.guard.unlock();
		}
	}

	private void reportLeft(int unhandled) {
		Session.Counts counts = this.session.counts();
		int unacknowledged = counts.awaitingPuback() + counts.awaitingPubrec() + counts.awaitingPubcomp();
		if (unhandled + unacknowledged + counts.queuedMessages() > 0) {
			logger.warn(
					"{} is closed and leaves {} messages that were not handled, {} that were not acknowledged and {} that were not sent",
					this, unhandled, unacknowledged, counts.queuedMessages());
		}
	}

	// ---- what the reader does, without the lock

	// What one lane holds, since all may be for the same handler: messages of QoS 1 and 2
	// alone then never stop the reader
	int receiveMaximum() {
		InboundOptions inbound = this.options.inbound();
		Integer set = inbound.receiveMaximum();
		return (set != null) ? set : Math.min(inbound.laneCapacity(), 65_535);
	}

	/**
	 * A round of attempts has failed. One that was called off is no failure to whoever
	 * wants a connection since.
	 */
	void attemptFailed(MqttConnectException failure) {
		this.guard.lock();
		try {
			if (!this.calledOff) {
				this.lifecycle.failed(failure);
			}
			this.calledOff = false;
			this.opening = null;
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * A socket is about to be connected.
	 */
	void opening(Closeable socket) {
		this.guard.lock();
		try {
			this.opening = socket;
			if (!this.lifecycle.isWanted()) {
				callOff(socket);
			}
		}
		finally {
			this.guard.unlock();
		}
	}

	private static void callOff(@Nullable Closeable socket) {
		try {
			if (socket != null) {
				socket.close();
			}
		}
		catch (IOException ex) {
			logger.debug("An attempt to connect was called off: {}", ex.toString());
		}
	}

	/**
	 * A transport is there: send CONNECT.
	 */
	void open(Transport transport, MqttVersion version, ConnectPacket connect) throws IOException {
		OutputBuffer output;
		this.guard.lock();
		try {
			if (!this.lifecycle.isWanted()) {
				transport.close();
				throw new IOException("the client is being disconnected");
			}
			this.opening = null;
			this.calledOff = false;
			this.writer.opened(transport);
			this.endedByBroker = null;
			this.refusal = null;
			this.lanes.unbounded(false);
			this.session.connect(version, connect);
			output = this.session.takeOutput();
			this.writer.connecting(output.length());
		}
		finally {
			this.guard.unlock();
		}
		PacketLog.sent(this, output.bytes(), 0, output.length());
		transport.write(output.bytes(), 0, output.length());
	}

	/**
	 * Take in what was read.
	 * @return the place after the last whole packet
	 */
	int receive(byte[] bytes, int from, int to, int read) {
		this.guard.lock();
		try {
			long now = System.nanoTime();
			this.writer.received(now);
			this.bytesRead += read;
			return this.session.receive(bytes, from, to, now);
		}
		finally {
			this.publisher.signalRoom();
			this.writer.signal();
			this.guard.changed();
			this.guard.unlock();
		}
	}

	void dispatch() {
		this.intake.dispatch();
	}

	@Nullable Transport transport() {
		return this.writer.transport();
	}

	/**
	 * Return how the broker has answered CONNECT.
	 */
	Answer answer() {
		this.guard.lock();
		try {
			return new Answer(this.session.isConnected(), this.refusal);
		}
		finally {
			this.guard.unlock();
		}
	}

	@Nullable MqttException endedByBroker() {
		this.guard.lock();
		try {
			return this.endedByBroker;
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Return after how many milliseconds of silence the connection counts as lost, 0 for
	 * never.
	 */
	int silenceMillis() {
		this.guard.lock();
		try {
			return (int) (TimeUnit.NANOSECONDS.toMillis(this.writer.keepAliveNanos()) * 3 / 2);
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Wait while the broker sends and does not read what it is owed.
	 * @return whether it has read in time
	 */
	boolean awaitOutputBelow(int limit, long nanos) {
		this.guard.lock();
		try {
			this.guard.awaitChange(
					() -> this.session.outputLength() < limit || this.writer.hasFailed() || !this.lifecycle.isWanted(),
					System.nanoTime() + nanos);
			return this.session.outputLength() < limit;
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * Tell the broker why the connection is closed, within a short time.
	 */
	void sayGoodbye(MqttReasonCode reason) {
		this.guard.lock();
		try {
			// 3.1.1 has no way to say why, and a bare DISCONNECT would say that all is
			// well
			if (this.lifecycle.version() == MqttVersion.MQTT_5 && this.session.isConnected()) {
				this.session.disconnect(reason);
				this.writer.signal();
				this.writer.awaitFlushed(System.nanoTime() + LEAST_END.toNanos());
			}
		}
		finally {
			this.guard.unlock();
		}
	}

	/**
	 * The transport is gone.
	 * @param cause why
	 */
	void lost(@Nullable MqttException cause) {
		this.guard.lock();
		try {
			boolean wasConnected = this.session.isConnected();
			Transport transport = this.writer.transport();
			if (transport != null) {
				transport.close();
			}
			this.writer.closed();
			this.session.connectionLost();
			this.lanes.unbounded(true); // what had arrived is not to hold up the next one
			if (wasConnected) {
				this.lifecycle.lost(this.lifecycle.isWanted() ? cause : null);
			}
			this.guard.changed();
		}
		finally {
			this.guard.unlock();
		}
	}

	// ---- what the session tells, with the lock held

	@Override
	public void onConnected(ConnAck connAck) {
		long keepAlive = (connAck.serverKeepAlive() != null) ? connAck.serverKeepAlive()
				: this.options.keepAlive().toSeconds();
		this.writer.connected(TimeUnit.SECONDS.toNanos(keepAlive), System.nanoTime());
		this.lifecycle.connected(connAck.sessionPresent(), connAck.assignedClientId());
	}

	@Override
	public void onRefused(ConnAck connAck) {
		this.refusal = connAck;
	}

	@Override
	public void onMessage(MqttMessage message, @Nullable InboundPublish owed) {
		this.intake.take(message, owed);
	}

	@Override
	public void onPingAnswered() {
		this.writer.pingAnswered();
	}

	@Override
	public void onDisconnectedByBroker(MqttReasonCode reason, @Nullable String reasonString) {
		this.endedByBroker = Refusals.disconnected(reason, reasonString);
	}

	@Override
	public void onIgnored(String what) {
		logger.warn("{}: the broker has sent {}: ignored", this, what);
	}

	// ---- figures

	MqttClientStatus status() {
		this.guard.lock();
		try {
			Session.Counts counts = this.session.counts();
			Long oldest = counts.oldestInFlight();
			return new MqttClientStatus(this.options.name(), this.lifecycle.state(),
					this.lifecycle.address().toString(), this.lifecycle.clientId(), this.lifecycle.version(),
					this.lifecycle.since(), this.lifecycle.isSessionPresent(), this.lifecycle.attempts(),
					this.lifecycle.lastError(), server(),
					new MqttClientStatus.InFlight(counts.awaitingPuback(), counts.awaitingPubrec(),
							counts.awaitingPubcomp(), counts.qos1AwaitingHandler(), counts.qos2AwaitingHandler(),
							counts.qos2AwaitingPubrel(),
							(oldest != null) ? Duration.ofNanos(System.nanoTime() - oldest) : null),
					new MqttClientStatus.Queue(counts.queuedMessages(), counts.queuedBytes()),
					this.subscriber.subscriptions().all().stream().map(FilterEntry::status).toList());
		}
		finally {
			this.guard.unlock();
		}
	}

	private MqttClientStatus.@Nullable Server server() {
		if (!this.session.isConnected()) {
			return null;
		}
		ConnAck limits = this.session.limits();
		return new MqttClientStatus.Server(limits.receiveMaximum(), limits.maximumQos(), limits.retainAvailable(),
				limits.maximumPacketSize(), limits.topicAliasMaximum(), Duration.ofNanos(this.writer.keepAliveNanos()));
	}

	MqttClientStatistics statistics() {
		this.guard.lock();
		try {
			Session.OutboundFigures out = this.session.outboundFigures();
			Map<MqttQos, Duration> acknowledgeTime = new EnumMap<>(MqttQos.class);
			for (MqttQos qos : MqttQos.values()) {
				acknowledgeTime.put(qos, Duration.ofNanos(out.acknowledgeNanos()[qos.level()]));
			}
			Map<MqttDropCause, Long> dropped = new EnumMap<>(MqttDropCause.class);
			dropped.putAll(out.dropped());
			if (this.intake.unmatched() > 0) {
				dropped.put(MqttDropCause.UNMATCHED, this.intake.unmatched());
			}
			return new MqttClientStatistics(this.lifecycle.connects(), this.lifecycle.failures(),
					byQos(out.published()), byQos(this.session.received()), out.accepted(), byQos(out.acknowledged()),
					acknowledgeTime, out.failed(), dropped, this.writer.bytesWritten(), this.bytesRead,
					this.lanes.heldBack(), this.lanes.busy());
		}
		finally {
			this.guard.unlock();
		}
	}

	private static Map<MqttQos, Long> byQos(long[] figures) {
		Map<MqttQos, Long> byQos = new EnumMap<>(MqttQos.class);
		for (MqttQos qos : MqttQos.values()) {
			byQos.put(qos, figures[qos.level()]);
		}
		return byQos;
	}

	@Override
	public String toString() {
		return this.lifecycle.toString();
	}

	/**
	 * How the broker has answered CONNECT, if it has.
	 *
	 * @param accepted whether the connection is there
	 * @param refusal why it is refused, or {@code null}
	 */
	record Answer(boolean accepted, @Nullable ConnAck refusal) {
	}

}
