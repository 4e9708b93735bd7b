package io.mqttspring.client;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.session.InboundPublish;
import io.mqttspring.client.session.Session;
import io.mqttspring.client.session.Session.Offer;
import io.mqttspring.client.session.SessionListener;
import io.mqttspring.client.transport.Transport;

/**
 * What the threads of a client share: the session, the connection it is on, and who waits
 * for what. One lock guards all fields that are not final. It is never held during I/O, a
 * wait that is not on one of its conditions, or anybody else's code: that is left to
 * {@code events} with {@link #later}, and handed over by {@link #unlock()}.
 * <p>
 * Bytes are written by one thread at a time, which has set {@code writing}: the
 * {@link WriterLoop}, or a caller that waits for its own message.
 */
final class Connection implements SessionListener {

	private static final Logger logger = LoggerFactory.getLogger(Connection.class);

	private static final Duration LEAST_END = Duration.ofSeconds(1);

	private final MqttClient client;

	private final MqttClientOptions options;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition work = this.lock.newCondition(); // there is something to
																// write

	private final Condition room = this.lock.newCondition(); // in the queue

	private final Condition changed = this.lock.newCondition(); // anything else

	private final SerialTasks events;

	private final Lanes lanes;

	private final Session session;

	private final Subscriptions subscriptions = new Subscriptions(this);

	private final List<MqttClientListener> listeners = new CopyOnWriteArrayList<>();

	private final ReaderLoop reader;

	private final WriterLoop writer;

	// What is wanted
	private boolean wanted; // connect, start: there shall be a connection

	private boolean keepTrying; // start, or connected once: again and again

	private boolean closing; // close was called: nothing more for handlers

	private boolean closed;

	private final List<CompletableFuture<Void>> connectWaiters = new ArrayList<>();

	// What is
	private MqttClientState state = MqttClientState.DISCONNECTED;

	private Instant since = Instant.now();

	private MqttAddress address;

	private MqttVersion version;

	private String clientId;

	private boolean sessionPresent;

	private int attempts;

	private @Nullable String lastError;

	private @Nullable Thread readerThread;

	private @Nullable Thread writerThread;

	// As long as one connection
	private @Nullable Transport transport;

	private boolean writing;

	private boolean writeFailed;

	private long keepAliveNanos;

	private long lastSent;

	private long lastReceived;

	private long pingsSent;

	private long pingsAnswered;

	private @Nullable MqttException endedByBroker;

	private @Nullable ConnAck refusal;

	private List<Arrival> arrived = new ArrayList<>();

	// Who waits
	private boolean writerIdle;

	private int roomWaiters;

	private int changeWaiters;

	private boolean eventsAdded;

	// Since the client was built
	private long connects;

	private final Map<String, Long> connectFailures = new TreeMap<>();

	private long bytesOut;

	private long bytesIn;

	private long unmatched;

	Connection(MqttClient client, MqttClientOptions options) {
		this.client = client;
		this.options = options;
		this.address = options.addresses().get(0);
		this.version = (options.version() != null) ? options.version() : MqttVersion.MQTT_5;
		this.clientId = options.clientId();
		Executor executor = (options.executor() != null) ? options.executor()
				: Threads.executor("mqtt-" + options.name() + "-handler");
		this.events = new SerialTasks(executor, this::callbacksDone);
		this.lanes = new Lanes(options.name(), executor, options.inbound().laneCapacity(), this::handled);
		this.session = new Session(options.outbound(), this);
		this.reader = new ReaderLoop(this, options);
		this.writer = new WriterLoop(this);
	}

	// ---- the lock

	void lock() {
		this.lock.lock();
	}

	/**
	 * Unlock, and hand over what {@link #later} has gathered.
	 */
	void unlock() {
		boolean flush = this.eventsAdded;
		this.eventsAdded = false;
		this.lock.unlock();
		if (flush) {
			this.events.flush();
		}
	}

	/**
	 * Run a task on the client's executor, after the lock is released. Called with the
	 * lock held.
	 */
	void later(Runnable task) {
		this.events.add(task);
		this.eventsAdded = true;
	}

	private void tell(Consumer<MqttClientListener> event) {
		if (!this.listeners.isEmpty()) {
			later(() -> this.listeners.forEach(event));
		}
	}

	// ---- connect, disconnect, close

	CompletableFuture<Void> connect() {
		CompletableFuture<Void> connected = new CompletableFuture<>();
		lock();
		try {
			requireOpen();
			if (this.state == MqttClientState.CONNECTED) {
				connected.complete(null);
				return connected;
			}
			this.connectWaiters.add(connected);
			begin();
		}
		finally {
			unlock();
		}
		return connected;
	}

	void start() {
		lock();
		try {
			requireOpen();
			this.keepTrying = this.options.reconnect().enabled();
			begin();
		}
		finally {
			unlock();
		}
	}

	private void begin() {
		this.wanted = true;
		startWriter();
		if (this.readerThread == null) {
			state(MqttClientState.CONNECTING);
			this.readerThread = Threads.start("mqtt-%s-reader".formatted(this.options.name()), this.reader);
		}
	}

	private void startWriter() {
		if (this.writerThread == null) {
			this.writerThread = Threads.start("mqtt-%s-writer".formatted(this.options.name()), this.writer);
		}
	}

	void disconnect() {
		lock();
		try {
			if (this.closing) {
				return;
			}
			endConnection(System.nanoTime() + this.options.connectTimeout().toNanos());
		}
		finally {
			unlock();
		}
	}

	/**
	 * Send DISCONNECT, close, and wait for the reader to end. Called with the lock held.
	 */
	private void endConnection(long deadline) {
		this.wanted = false;
		this.keepTrying = false;
		if (this.session.isConnected()) {
			this.session.disconnect(MqttReasonCode.SUCCESS);
			signalWriter();
			awaitFlushed(deadline);
		}
		Transport open = this.transport;
		if (open != null) {
			open.close();
		}
		this.lanes.unbounded(true);
		this.changed.signalAll();
		this.work.signalAll();
		awaitChange(() -> this.readerThread == null, deadline);
		this.lanes.unbounded(false);
	}

	private void awaitFlushed(long deadline) {
		awaitChange(() -> !this.session.isConnected() || this.writeFailed
				|| (!this.writing && this.session.outputLength() == 0), deadline);
	}

	/**
	 * Wait for anything, with the lock held, and go on when interrupted: who calls has to
	 * end, within the deadline.
	 */
	private void awaitChange(BooleanSupplier until, long deadline) {
		boolean interrupted = false;
		this.changeWaiters++;
		try {
			while (!until.getAsBoolean()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return;
				}
				try {
					this.changed.awaitNanos(left);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			this.changeWaiters--;
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void changed() {
		if (this.changeWaiters > 0) {
			this.changed.signalAll();
		}
	}

	void close() {
		Duration limit = this.options.shutdownTimeout();
		long deadline = System.nanoTime() + limit.toNanos();
		boolean inside = this.lanes.isCurrent() || this.events.isCurrent();
		lock();
		try {
			if (this.closing) {
				if (!inside) { // whoever closes already does the work
					awaitChange(() -> this.closed, deadline + LEAST_END.toNanos());
				}
				return;
			}
			this.closing = true;
			state(MqttClientState.CLOSING);
		}
		finally {
			unlock();
		}
		int unhandled = drainLanes(deadline, inside);
		lock();
		try {
			if (this.session.isConnected()) {
				awaitChange(() -> this.session.isIdle() || !this.session.isConnected(), deadline);
			}
			reportLeft(unhandled);
			this.lanes.stop();
			endConnection(Math.max(deadline, System.nanoTime() + LEAST_END.toNanos()));
			this.session.close();
			this.closed = true;
			state(MqttClientState.CLOSED);
			failConnectWaiters(new MqttException("%s was closed".formatted(this)));
			this.work.signalAll();
			this.room.signalAll();
			this.changed.signalAll();
			awaitChange(() -> this.writerThread == null, System.nanoTime() + LEAST_END.toNanos());
		}
		finally {
			unlock();
		}
	}

	private int drainLanes(long deadline, boolean inside) {
		if (inside) {
			return 0; // the caller's own handler cannot end before this does
		}
		try {
			return this.lanes.drain(deadline);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return 0;
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

	private void requireOpen() {
		if (this.closing) {
			throw new MqttException("%s is closed: build a new client".formatted(this));
		}
	}

	// ---- publish

	PublishDelivery publish(MqttMessage message, Wait wait, @Nullable DeliveryCallback callback) {
		message.topicLength(); // checks the topic of a message that was received before
		PublishDelivery delivery = new PublishDelivery(message, System.nanoTime(), this, callback);
		lock();
		try {
			offer(delivery);
			if (!this.session.isConnected() || mayExpire(message)) {
				startWriter();
				this.work.signal(); // so that it notices when the message expires
			}
			if (wait != Wait.NONE && canWrite()) {
				write();
			}
			signalWriter();
		}
		finally {
			unlock();
		}
		if (wait != Wait.NONE) {
			delivery.await(wait, this.options.outbound().timeout());
		}
		return delivery;
	}

	private boolean mayExpire(MqttMessage message) {
		return message.properties().messageExpiry() != null || this.options.outbound().messageExpiry() != null;
	}

	private void offer(PublishDelivery delivery) {
		if (this.closed) {
			requireOpen();
		}
		Offer offer = isHeldUpByCallbacks() ? Offer.FULL : this.session.publish(delivery, System.nanoTime());
		if (offer == Offer.FULL) {
			offer = waitForRoom(delivery);
		}
		if (offer == Offer.OFFLINE) {
			throw new MqttPublishException(
					"Message to '%s' was not accepted: %s is not connected, and mqtt.outbound.queue.offline-qos0 is 'fail'"
						.formatted(delivery.message().topic(), this),
					null);
		}
	}

	// Callbacks that are slower than the broker must not pile up either
	private boolean isHeldUpByCallbacks() {
		return this.events.size() > this.options.outbound().maxMessages() && !this.events.isCurrent();
	}

	private void callbacksDone() {
		lock();
		try {
			signalRoom();
		}
		finally {
			unlock();
		}
	}

	private Offer waitForRoom(PublishDelivery delivery) {
		OutboundOptions outbound = this.options.outbound();
		if (outbound.whenFull() == OutboundOptions.WhenFull.FAIL) {
			throw queueFull("");
		}
		long deadline = System.nanoTime() + outbound.timeout().toNanos();
		HandlerWait handlerWait = beginWait();
		this.roomWaiters++;
		try {
			while (true) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					throw queueFull(" and stayed so for %s".formatted(outbound.timeout()));
				}
				if (this.closed) {
					requireOpen();
				}
				handlerWait.check();
				this.room.awaitNanos(handlerWait.limit(left));
				if (!isHeldUpByCallbacks()) {
					Offer offer = this.session.publish(delivery, System.nanoTime());
					if (offer != Offer.FULL) {
						return offer;
					}
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MqttException(
					"The thread was interrupted while it waited for room in the queue of %s; the message to '%s' was not accepted"
						.formatted(this, delivery.message().topic()),
					ex);
		}
		finally {
			this.roomWaiters--;
			handlerWait.end();
		}
	}

	private MqttQueueFullException queueFull(String since) {
		Session.Counts counts = this.session.counts();
		OutboundOptions outbound = this.options.outbound();
		return new MqttQueueFullException(
				"The outgoing queue of %s is full%s: %,d of %,d messages, %,d of %,d bytes, %,d in flight, %s; publish less, or raise mqtt.outbound.queue"
					.formatted(this, since, counts.queuedMessages(), outbound.maxMessages(), counts.queuedBytes(),
							outbound.maxBytes(), counts.onWire(), this.state));
	}

	/**
	 * Let publishers that wait for room try again, when there is enough of it.
	 */
	private void signalRoom() {
		if (this.roomWaiters > 0 && this.session.counts().queuedMessages() <= this.options.outbound().maxMessages() / 2
				&& this.session.hasRoom(0)) {
			this.room.signalAll();
		}
	}

	HandlerWait beginWait() {
		return HandlerWait.begin(this.lanes);
	}

	void deliveryFailed(PublishDelivery delivery, @Nullable MqttDropCause drop) {
		tell((listener) -> listener.deliveryFailed(this.client, delivery));
		if (drop != null) {
			tell((listener) -> listener.dropped(this.client, delivery.message(), drop));
		}
	}

	// ---- write

	boolean canWrite() {
		return this.transport != null && this.session.isConnected() && !this.writing && !this.writeFailed
				&& this.session.outputLength() > 0;
	}

	/**
	 * Write what there is. Called with the lock held, which is released for the write.
	 */
	void write() {
		Transport transport = this.transport;
		if (transport == null) {
			return;
		}
		this.writing = true;
		OutputBuffer output = this.session.takeOutput();
		int length = output.length();
		unlock();
		boolean written = false;
		try {
			transport.write(output.bytes(), 0, length);
			written = true;
		}
		catch (IOException ex) {
			logger.debug("{}: writing failed: {}", this, ex.toString());
			transport.close(); // which the reader notices
		}
		finally {
			lock();
			if (this.transport == transport) { // else the connection was lost meanwhile
				this.writing = false;
				wrote(written, length);
			}
		}
	}

	private void wrote(boolean written, int length) {
		if (!written) {
			this.writeFailed = true;
			this.lanes.unbounded(true); // so that the reader notices
		}
		else {
			this.bytesOut += length;
			long now = System.nanoTime();
			this.lastSent = now;
			this.session.outputWritten(now);
			signalRoom();
		}
		changed();
	}

	void signalWriter() {
		if (this.writerIdle && canWrite()) {
			this.writerIdle = false;
			this.work.signal();
		}
	}

	/**
	 * Wait for something to write, with the lock held; ask the broker for a sign of life
	 * and let messages expire meanwhile.
	 * @return whether to go on
	 */
	boolean awaitWork() {
		while (!this.closed) {
			if (canWrite()) {
				return true;
			}
			long now = System.nanoTime();
			long wait = this.session.expire(now);
			signalRoom();
			if (this.session.isConnected() && this.keepAliveNanos > 0 && !this.writeFailed) {
				long due = pingDue(now);
				if (due <= 0) {
					ping();
					continue;
				}
				wait = Math.min(wait, due);
			}
			if (this.eventsAdded) {
				unlock();
				lock();
				continue;
			}
			this.writerIdle = true;
			try {
				if (wait == Long.MAX_VALUE) {
					this.work.await();
				}
				else {
					this.work.awaitNanos(wait);
				}
			}
			catch (InterruptedException ex) {
				logger.debug("{}: the writer was interrupted, which means nothing to it", this);
			}
			finally {
				this.writerIdle = false;
			}
		}
		this.writerThread = null;
		this.changed.signalAll();
		return false;
	}

	// The broker is to hear from us once in a keep-alive [MQTT-3.1.2-20], and we from it
	private long pingDue(long now) {
		long sent = this.lastSent + this.keepAliveNanos - now;
		if (this.pingsSent > this.pingsAnswered) {
			return sent;
		}
		return Math.min(sent, this.lastReceived + this.keepAliveNanos - now);
	}

	private long ping() {
		this.session.ping();
		this.lastSent = System.nanoTime(); // the next one is due a keep-alive from now
		return ++this.pingsSent;
	}

	Duration pingAndWait() {
		long begin = System.nanoTime();
		long deadline = begin + this.options.connectTimeout().toNanos();
		HandlerWait handlerWait = beginWait();
		lock();
		try {
			if (!this.session.isConnected()) {
				throw new MqttException("%s is not connected".formatted(this));
			}
			Transport pinged = this.transport;
			long number = ping();
			signalWriter();
			awaitChange(() -> this.pingsAnswered >= number || this.transport != pinged, deadline);
			if (this.transport != pinged) {
				throw new MqttException("%s has lost its connection while it waited for PINGRESP".formatted(this));
			}
			if (this.pingsAnswered < number) {
				throw new MqttTimeoutException(
						"%s got no PINGRESP within %s".formatted(this, this.options.connectTimeout()));
			}
			return Duration.ofNanos(System.nanoTime() - begin);
		}
		finally {
			unlock();
			handlerWait.end();
		}
	}

	// ---- subscribe

	HandlerSubscription subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		HandlerSubscription subscription = new HandlerSubscription(options, handler, this, this.lanes);
		lock();
		try {
			requireOpen();
			this.session.subscribe(this.subscriptions.add(subscription));
			signalWriter();
		}
		finally {
			unlock();
		}
		return subscription;
	}

	/**
	 * Return whether nothing was done yet to get a connection.
	 */
	boolean isDisconnected() {
		lock();
		try {
			return this.readerThread == null;
		}
		finally {
			unlock();
		}
	}

	CompletableFuture<Void> unsubscribe(HandlerSubscription subscription) {
		CompletableFuture<Void> ended = new CompletableFuture<>();
		lock();
		try {
			subscription.deactivate();
			this.lanes.remove(subscription.lanes());
			if (this.subscriptions.remove(subscription)) {
				this.session.unsubscribe(new UnsubscribeEnd(subscription.options().filter(), this, ended));
				signalWriter();
			}
			else {
				later(() -> ended.complete(null));
			}
		}
		finally {
			unlock();
		}
		return ended;
	}

	CompletableFuture<Void> unsubscribe(String filter) {
		lock();
		List<HandlerSubscription> handlers;
		try {
			FilterEntry entry = this.subscriptions.find(filter);
			handlers = (entry != null) ? entry.handlers() : List.of();
		}
		finally {
			unlock();
		}
		return CompletableFuture.allOf(handlers.stream().map(this::unsubscribe).toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Wait for the broker's answer to SUBSCRIBE or UNSUBSCRIBE.
	 */
	<T> T await(CompletableFuture<T> answer, String what) {
		Duration timeout = this.options.subscribeTimeout();
		HandlerWait handlerWait = beginWait();
		try {
			return Waits.get(answer, timeout, handlerWait,
					() -> new MqttTimeoutException("%s got no %s within %s".formatted(this, what, timeout)));
		}
		finally {
			handlerWait.end();
		}
	}

	void subscriptionAnswered(FilterEntry entry, MqttReasonCode reason) {
		String filter = entry.entry().filter();
		MqttQos granted = entry.grantedQos();
		entry.handlers().forEach((handler) -> handler.granted(granted));
		if (granted == null) {
			logger.warn(
					"{}: the broker refused the subscription to '{}': {} (0x{}); it is asked for again at each reconnect",
					this, filter, reason, Integer.toHexString(reason.code()));
			tell((listener) -> listener.subscriptionRefused(this.client, filter, reason));
		}
		else {
			if (granted.level() < entry.entry().qos().level()) {
				logger.warn("{}: the broker granted QoS {} instead of {} to the subscription to '{}'", this,
						granted.level(), entry.entry().qos().level(), filter);
			}
			tell((listener) -> listener.subscribed(this.client, filter, granted));
		}
		later(() -> entry.handlers().forEach((handler) -> handler.answer(reason)));
	}

	// ---- what the session tells, with the lock held

	@Override
	public void onConnected(ConnAck connAck) {
		this.refusal = null;
		this.connects++;
		this.attempts = 0;
		this.lastError = null;
		this.sessionPresent = connAck.sessionPresent();
		if (connAck.assignedClientId() != null) {
			this.clientId = connAck.assignedClientId();
		}
		long keepAlive = (connAck.serverKeepAlive() != null) ? connAck.serverKeepAlive()
				: this.options.keepAlive().toSeconds();
		this.keepAliveNanos = TimeUnit.SECONDS.toNanos(keepAlive);
		long now = System.nanoTime();
		this.lastSent = now;
		this.lastReceived = now;
		this.keepTrying = this.options.reconnect().enabled();
		if (!this.closing) {
			state(MqttClientState.CONNECTED);
		}
		logger.info("{} is connected with MQTT {}, session {}", this, this.version,
				connAck.sessionPresent() ? "present" : "new");
		List<CompletableFuture<Void>> waiters = List.copyOf(this.connectWaiters);
		this.connectWaiters.clear();
		waiters.forEach((waiter) -> later(() -> waiter.complete(null)));
		tell((listener) -> listener.connected(this.client, connAck.sessionPresent()));
		this.work.signal(); // also to keep the connection alive from now on
	}

	@Override
	public void onRefused(ConnAck connAck) {
		this.refusal = connAck;
	}

	@Override
	public void onMessage(MqttMessage message, @Nullable InboundPublish owed) {
		if (this.closing) {
			return; // not acknowledged, so a kept session brings it again
		}
		List<HandlerSubscription> handlers = this.subscriptions.match(message);
		if (handlers.isEmpty()) {
			noHandler(message, owed);
		}
		else {
			this.arrived.add(new Arrival(message, owed, handlers));
		}
	}

	private void noHandler(MqttMessage message, @Nullable InboundPublish owed) {
		this.unmatched++;
		MqttReasonCode result = MqttReasonCode.SUCCESS;
		switch (this.options.inbound().unmatched()) {
			case WARN -> logger.warn("{}: no handler is for the message of topic '{}' (packet id {}): it is dropped",
					this, message.topic(), (owed != null) ? owed.packetId() : "none, QoS 0");
			case FAIL -> {
				logger.error("{}: no handler is for the message of topic '{}' (packet id {}): it is refused", this,
						message.topic(), (owed != null) ? owed.packetId() : "none, QoS 0");
				result = MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
			}
			case IGNORE -> {
			}
		}
		if (owed != null) {
			this.session.handled(owed, result);
		}
		tell((listener) -> listener.dropped(this.client, message, MqttDropCause.UNMATCHED));
	}

	@Override
	public void onPingAnswered() {
		this.pingsAnswered = Math.min(this.pingsAnswered + 1, this.pingsSent);
		changed();
	}

	@Override
	public void onDisconnectedByBroker(MqttReasonCode reason, @Nullable String reasonString) {
		this.endedByBroker = Refusals.disconnected(reason, reasonString);
	}

	@Override
	public void onIgnored(String what) {
		logger.warn("{}: the broker has sent {}: ignored", this, what);
	}

	private void handled(InboundPublish owed) {
		lock();
		try {
			if (this.session.handled(owed, MqttReasonCode.SUCCESS)) {
				signalWriter();
			}
		}
		finally {
			unlock();
		}
	}

	// ---- what the reader does, with the lock held unless said otherwise

	Session session() {
		return this.session;
	}

	Lanes lanes() {
		return this.lanes;
	}

	int receiveMaximum() {
		Integer set = this.options.inbound().receiveMaximum();
		return (set != null) ? set
				: Math.max(this.options.inbound().laneCapacity(), Math.min(this.lanes.totalCapacity(), 65_535));
	}

	boolean isWanted() {
		return this.wanted && !this.closed;
	}

	boolean keepsTrying() {
		return isWanted() && this.keepTrying;
	}

	void attempt(MqttAddress address, MqttVersion version) {
		this.address = address;
		this.version = version;
	}

	/**
	 * A transport is there: send CONNECT. Called without the lock.
	 */
	void open(Transport transport, MqttVersion version, ConnectPacket connect) throws IOException {
		OutputBuffer output;
		lock();
		try {
			if (!isWanted()) {
				transport.close();
				throw new IOException("the client is being disconnected");
			}
			opened(transport);
			this.session.connect(version, connect);
			output = this.session.takeOutput();
		}
		finally {
			unlock();
		}
		transport.write(output.bytes(), 0, output.length());
	}

	private void opened(Transport transport) {
		this.transport = transport;
		this.writing = false;
		this.writeFailed = false;
		this.pingsSent = 0;
		this.pingsAnswered = 0;
		this.endedByBroker = null;
		this.refusal = null;
		this.arrived = new ArrayList<>();
		this.lanes.unbounded(false);
	}

	/**
	 * Return the transport of the connection that the reader reads from.
	 */
	Transport transport() throws IOException {
		lock();
		try {
			if (this.transport == null) {
				throw new IOException("the connection is closed");
			}
			return this.transport;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Return after how many milliseconds of silence the connection counts as lost, 0 for
	 * never. Called without the lock.
	 */
	int silenceMillis() {
		lock();
		try {
			return (int) (this.keepAliveNanos / 1_000_000 * 3 / 2);
		}
		finally {
			unlock();
		}
	}

	/**
	 * Return whether the connection is to end. Called without the lock.
	 */
	boolean isEndWanted() {
		lock();
		try {
			return !this.wanted;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Make no further attempt. Called without the lock.
	 */
	void giveUp() {
		lock();
		try {
			this.wanted = false;
			this.keepTrying = false;
		}
		finally {
			unlock();
		}
	}

	@Nullable ConnAck refusal() {
		return this.refusal;
	}

	@Nullable MqttException endedByBroker() {
		return this.endedByBroker;
	}

	/**
	 * Take in what was read. Called without the lock.
	 * @return the place after the last whole packet
	 */
	int receive(byte[] bytes, int from, int to, int read) {
		lock();
		try {
			long now = System.nanoTime();
			this.lastReceived = now;
			this.bytesIn += read;
			return this.session.receive(bytes, from, to, now);
		}
		finally {
			signalRoom();
			signalWriter();
			changed();
			unlock();
		}
	}

	/**
	 * Give what has arrived to the lanes. Called without the lock, by the reader alone.
	 */
	void dispatch() {
		List<Arrival> arrived = this.arrived; // added to by this thread alone
		if (arrived.isEmpty()) {
			return;
		}
		for (Arrival arrival : arrived) {
			for (HandlerSubscription subscription : arrival.targets()) {
				subscription.laneFor(arrival.message().topic()).put(arrival, subscription);
			}
		}
		arrived.clear();
	}

	/**
	 * Wait while the broker sends and does not read what it is owed.
	 * @return whether it has read in time
	 */
	boolean awaitOutputBelow(int limit, long nanos) {
		lock();
		try {
			if (this.session.outputLength() < limit) {
				return true;
			}
			awaitChange(() -> this.session.outputLength() < limit || this.writeFailed || !this.wanted,
					System.nanoTime() + nanos);
			return this.session.outputLength() < limit;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Tell the broker why the connection is closed, within a short time. Called without
	 * the lock.
	 */
	void sayGoodbye(MqttReasonCode reason) {
		lock();
		try {
			if (this.version == MqttVersion.MQTT_5 && this.session.isConnected() && !this.writeFailed) {
				this.session.disconnect(reason);
				signalWriter();
				awaitFlushed(System.nanoTime() + LEAST_END.toNanos());
			}
		}
		finally {
			unlock();
		}
	}

	/**
	 * The transport is gone. Called without the lock.
	 * @param cause why, or {@code null} if this side wanted it
	 */
	void lost(@Nullable MqttException cause) {
		lock();
		try {
			boolean wasConnected = this.session.isConnected();
			Transport transport = this.transport;
			if (transport != null) {
				transport.close();
			}
			this.transport = null;
			this.writing = false;
			this.session.connectionLost();
			if (!wasConnected) {
				return;
			}
			if (cause != null) {
				this.lastError = cause.getMessage();
				logger.warn("{} has lost its connection: {}", this, cause.getMessage());
			}
			else {
				logger.info("{} is disconnected", this);
			}
			if (!this.closing) {
				state(keepsTrying() ? MqttClientState.RECONNECTING : MqttClientState.DISCONNECTED);
			}
			tell((listener) -> listener.disconnected(this.client, cause));
			changed();
		}
		finally {
			unlock();
		}
	}

	/**
	 * A round of attempts has failed. Called without the lock.
	 * @return how many have, in a row
	 */
	int failed(MqttConnectException cause) {
		lock();
		try {
			int attempt = ++this.attempts;
			this.lastError = cause.getMessage();
			MqttReasonCode reason = cause.reasonCode();
			this.connectFailures.merge((reason != null) ? reason.name() : "NETWORK", 1L, Long::sum);
			if (!cause.isRetryable()) {
				logger.error("{}", cause.getMessage());
			}
			else if (attempt == 1) {
				logger.warn("{}", cause.getMessage());
			}
			else {
				logger.info("{} (attempt {})", cause.getMessage(), attempt);
			}
			failConnectWaiters(cause);
			if (!this.closing && keepsTrying()) {
				state(MqttClientState.RECONNECTING);
			}
			tell((listener) -> listener.connectionFailed(this.client, cause, attempt));
			return attempt;
		}
		finally {
			unlock();
		}
	}

	private void failConnectWaiters(MqttException cause) {
		List<CompletableFuture<Void>> waiters = List.copyOf(this.connectWaiters);
		this.connectWaiters.clear();
		waiters.forEach((waiter) -> later(() -> waiter.completeExceptionally(cause)));
	}

	/**
	 * Wait before the next attempt. Called without the lock.
	 * @return whether to make it
	 */
	boolean pause(Duration delay) {
		lock();
		try {
			long deadline = System.nanoTime() + delay.toNanos();
			awaitChange(() -> !keepsTrying() || !this.connectWaiters.isEmpty(), deadline);
			return isWanted();
		}
		finally {
			unlock();
		}
	}

	/**
	 * Decide whether the reader ends, so that a {@code connect} at the same time either
	 * finds it going on or starts a new one. Called without the lock.
	 */
	boolean endsReader() {
		lock();
		try {
			if (isWanted() && (this.keepTrying || !this.connectWaiters.isEmpty())) {
				return false;
			}
			this.wanted = false;
			this.readerThread = null;
			if (!this.closing) {
				state(MqttClientState.DISCONNECTED);
			}
			failConnectWaiters(new MqttException("%s was disconnected".formatted(this)));
			this.changed.signalAll();
			return true;
		}
		finally {
			unlock();
		}
	}

	private void state(MqttClientState state) {
		if (this.state != state) {
			this.state = state;
			this.since = Instant.now();
		}
	}

	// ---- figures

	void addListener(MqttClientListener listener) {
		this.listeners.add(listener);
	}

	void removeListener(MqttClientListener listener) {
		this.listeners.remove(listener);
	}

	MqttClientStatus status() {
		lock();
		try {
			Session.Counts counts = this.session.counts();
			Long oldest = counts.oldestInFlight();
			ConnAck limits = this.session.limits();
			MqttClientStatus.Server server = this.session.isConnected() ? new MqttClientStatus.Server(
					limits.receiveMaximum(), limits.maximumQos(), limits.retainAvailable(), limits.maximumPacketSize(),
					limits.topicAliasMaximum(), Duration.ofNanos(this.keepAliveNanos)) : null;
			return new MqttClientStatus(this.options.name(), this.state, this.address.toString(), this.clientId,
					this.version, this.since, this.sessionPresent, this.attempts, this.lastError, server,
					new MqttClientStatus.InFlight(counts.awaitingPuback(), counts.awaitingPubrec(),
							counts.awaitingPubcomp(), counts.qos1AwaitingHandler(), counts.qos2AwaitingHandler(),
							counts.qos2AwaitingPubrel(),
							(oldest != null) ? Duration.ofNanos(System.nanoTime() - oldest) : null),
					new MqttClientStatus.Queue(counts.queuedMessages(), counts.queuedBytes()),
					this.subscriptions.all().stream().map(Connection::status).toList());
		}
		finally {
			unlock();
		}
	}

	private static MqttClientStatus.SubscriptionStatus status(FilterEntry entry) {
		MqttReasonCode answer = entry.answer();
		return new MqttClientStatus.SubscriptionStatus(entry.entry().filter(), entry.entry().qos(), entry.grantedQos(),
				(answer != null && answer.isError()) ? answer : null,
				entry.handlers().stream().map((handler) -> handler.options().name()).toList());
	}

	MqttClientStatistics statistics() {
		lock();
		try {
			Session.OutboundFigures out = this.session.outboundFigures();
			Map<MqttQos, Duration> acknowledgeTime = new EnumMap<>(MqttQos.class);
			for (MqttQos qos : MqttQos.values()) {
				acknowledgeTime.put(qos, Duration.ofNanos(out.acknowledgeNanos()[qos.level()]));
			}
			Map<MqttDropCause, Long> dropped = new EnumMap<>(MqttDropCause.class);
			dropped.putAll(out.dropped());
			if (this.unmatched > 0) {
				dropped.put(MqttDropCause.UNMATCHED, this.unmatched);
			}
			return new MqttClientStatistics(this.connects, Map.copyOf(this.connectFailures), byQos(out.published()),
					byQos(this.session.received()), out.accepted(), byQos(out.acknowledged()), acknowledgeTime,
					out.failed(), dropped, this.bytesOut, this.bytesIn, this.lanes.heldBack(), this.lanes.busy());
		}
		finally {
			unlock();
		}
	}

	private static Map<MqttQos, Long> byQos(long[] figures) {
		Map<MqttQos, Long> byQos = new EnumMap<>(MqttQos.class);
		for (MqttQos qos : MqttQos.values()) {
			byQos.put(qos, figures[qos.level()]);
		}
		return byQos;
	}

	/**
	 * Return how this client is called in logs and exceptions.
	 */
	@Override
	public String toString() {
		return "MQTT client '%s' (%s at %s)".formatted(this.options.name(), this.clientId, this.address);
	}

}
