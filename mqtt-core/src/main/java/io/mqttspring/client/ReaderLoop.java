package io.mqttspring.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.transport.TcpTransport;
import io.mqttspring.client.transport.Transport;

/**
 * The reader thread: connects, reads until the connection is lost, and connects again.
 * Its read timeout notices a connection that is dead. All fields are its own.
 */
final class ReaderLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(ReaderLoop.class);

	/**
	 * How much may wait to be written before no more is read: a broker that sends and
	 * does not read gets no more than that of our memory.
	 */
	private static final int MAX_OUTPUT = 1 << 20;

	private final Connection connection;

	private final MqttClientOptions options;

	private final ReadBuffer buffer = new ReadBuffer();

	private int addressIndex;

	private boolean onlyV311; // the broker has refused 5.0 and taken 3.1.1

	private boolean connectedBefore;

	private @Nullable Duration lastDelay;

	ReaderLoop(Connection connection, MqttClientOptions options) {
		this.connection = connection;
		this.options = options;
	}

	@Override
	public void run() {
		do {
			try {
				runOnce();
			}
			catch (RuntimeException | Error ex) {
				// Ours to mend; the client's users must not be left without a connection
				logger.error("{}: the reader has failed", this.connection, ex);
				this.connection.lost(new MqttException("the reader has failed: " + ex, ex));
			}
		}
		while (!this.connection.endsReader());
	}

	private void runOnce() {
		this.lastDelay = null;
		while (true) {
			boolean slow = false;
			MqttConnectException failure = connectRound();
			if (failure == null) {
				long connected = System.nanoTime();
				slow = readUntilLost();
				if (this.lastDelay != null && System.nanoTime() - connected > this.lastDelay.toNanos()) {
					this.lastDelay = null; // it has lived longer than we would wait
				}
			}
			else {
				int attempts = this.connection.failed(failure);
				slow = !failure.isRetryable();
				int limit = this.options.reconnect().maxAttempts();
				if (limit > 0 && attempts >= limit) {
					logger.error("{} gives up after {} attempts (mqtt.reconnect.max-attempts)", this.connection,
							attempts);
					this.connection.giveUp();
				}
			}
			if (!goesOn() || !this.connection.pause(nextDelay(slow))) {
				return;
			}
		}
	}

	private boolean goesOn() {
		this.connection.lock();
		try {
			return this.connection.keepsTrying();
		}
		finally {
			this.connection.unlock();
		}
	}

	// Exponential with full jitter, so that many clients do not come back at once
	private Duration nextDelay(boolean slow) {
		ReconnectOptions reconnect = this.options.reconnect();
		if (slow) { // never at once: it would be refused again
			long bound = reconnect.refusedDelay().toNanos();
			return Duration.ofNanos(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
		}
		Duration last = this.lastDelay;
		long bound = (last != null)
				? (long) Math.min(last.toNanos() * reconnect.multiplier(), reconnect.maxDelay().toNanos())
				: reconnect.initialDelay().toNanos();
		this.lastDelay = Duration.ofNanos(bound);
		return Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound + 1));
	}

	// ---- connect

	/**
	 * Try each address once.
	 * @return why none could be connected to, or {@code null} if one was
	 */
	private @Nullable MqttConnectException connectRound() {
		MqttConnectException failure = null;
		int count = this.options.addresses().size();
		for (int i = 0; i < count; i++) {
			MqttAddress address = this.options.addresses().get(this.addressIndex);
			MqttConnectException ex = connect(address);
			if (ex == null) {
				return null;
			}
			if (failure != null) {
				ex.addSuppressed(failure);
			}
			failure = ex;
			this.addressIndex = (this.addressIndex + 1) % count;
		}
		return failure;
	}

	private @Nullable MqttConnectException connect(MqttAddress address) {
		MqttVersion pinned = this.options.version();
		if (pinned != null || this.onlyV311) {
			return connect(address, (pinned != null) ? pinned : MqttVersion.MQTT_3_1_1).failure();
		}
		Attempt newer = connect(address, MqttVersion.MQTT_5);
		MqttConnectException failure = newer.failure();
		if (failure == null || !newer.mayBeTooNew()) {
			return failure;
		}
		logger.info("{} does not take MQTT 5 ({}): trying 3.1.1", this.connection, failure.getMessage());
		MqttConnectException older = connect(address, MqttVersion.MQTT_3_1_1).failure();
		if (older == null) {
			this.onlyV311 = true;
			logger.info("{} takes MQTT 3.1.1, which is used from now on; set mqtt.version to 3.1.1 to save the attempt",
					this.connection);
			return null;
		}
		older.addSuppressed(failure);
		return older;
	}

	private Attempt connect(MqttAddress address, MqttVersion version) {
		long deadline = System.nanoTime() + this.options.connectTimeout().toNanos();
		boolean sent = false;
		this.connection.lock();
		this.connection.attempt(address, version);
		boolean wanted = this.connection.isWanted();
		this.connection.unlock();
		if (!wanted) {
			return new Attempt(
					Refusals.unreachable(this.connection, new IOException("the client is being disconnected")), false);
		}
		try {
			ConnectPacket connect = connectPacket(version);
			Transport transport = TcpTransport.connect(address.host(), address.port(), this.options.socket(),
					left(deadline));
			this.connection.open(transport, version, connect);
			sent = true;
			ConnAck refusal = awaitConnAck(transport, deadline);
			if (refusal != null) {
				this.connection.lost(null);
				return new Attempt(Refusals.refused(this.connection, refusal),
						refusal.reason() == MqttReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
			}
			this.connectedBefore = true;
			return new Attempt(null, false);
		}
		catch (Exception ex) { // of the credentials provider too
			this.connection.lost(null);
			boolean closedOnUs = sent && ex instanceof IOException && !(ex instanceof SocketTimeoutException);
			return new Attempt(Refusals.unreachable(this.connection, ex), closedOnUs);
		}
	}

	private static Duration left(long deadline) throws SocketTimeoutException {
		long left = deadline - System.nanoTime();
		if (left <= 1_000_000) {
			throw new SocketTimeoutException("mqtt.connect-timeout is over");
		}
		return Duration.ofNanos(left);
	}

	private ConnectPacket connectPacket(MqttVersion version) throws Exception {
		SessionOptions session = this.options.session();
		// A clean start is for the first connection: a session that is kept is there to
		// be
		// resumed. On 3.1.1 it says how long the session lives, and so stays what it is.
		boolean cleanStart = session.cleanStart()
				&& (version == MqttVersion.MQTT_3_1_1 || !this.connectedBefore || session.expiryInterval().isZero());
		InboundOptions inbound = this.options.inbound();
		return new ConnectPacket(this.options.clientId(), cleanStart, (int) this.options.keepAlive().toSeconds(),
				this.options.credentials().credentials(), this.options.will(), session.expiryInterval().toSeconds(),
				this.connection.receiveMaximum(), inbound.maximumPacketSize(), inbound.topicAliasMaximum(), false, true,
				this.options.userProperties(), null, null);
	}

	/**
	 * Read until CONNACK is there.
	 * @return why the connection is refused, or {@code null} if it is not
	 */
	private @Nullable ConnAck awaitConnAck(Transport transport, long deadline) throws IOException {
		this.buffer.clear();
		while (true) {
			int read = this.buffer.fill(transport, (int) Math.max(1, left(deadline).toMillis()));
			if (read < 0) {
				throw new EOFException("the broker closed the connection without an answer");
			}
			receive(read);
			this.connection.lock();
			try {
				if (this.connection.session().isConnected()) {
					return null;
				}
				if (this.connection.refusal() != null) {
					return this.connection.refusal();
				}
			}
			finally {
				this.connection.unlock();
			}
		}
	}

	private void receive(int read) {
		ReadBuffer buffer = this.buffer;
		buffer.consumed(this.connection.receive(buffer.bytes(), buffer.from(), buffer.to(), read));
	}

	// ---- read

	/**
	 * Read until the connection is lost.
	 * @return whether it is better not to come back soon
	 */
	private boolean readUntilLost() {
		MqttException cause = null;
		try {
			read();
		}
		catch (MqttProtocolException ex) {
			cause = new MqttException(
					"%s; closed with 0x%02X (%s)".formatted(ex.getMessage(), ex.reasonCode().code(), ex.reasonCode()),
					ex);
			this.connection.sayGoodbye(ex.reasonCode());
		}
		catch (SocketTimeoutException ex) {
			cause = new MqttException(
					"the broker was silent for one and a half times the keep-alive, and did not answer PINGREQ", ex);
			this.connection.sayGoodbye(MqttReasonCode.KEEP_ALIVE_TIMEOUT);
		}
		catch (IOException ex) {
			cause = new MqttException(Refusals.describe(ex), ex);
		}
		catch (MqttException ex) {
			cause = ex;
		}
		this.connection.lost(this.connection.isEndWanted() ? null : cause);
		this.connection.dispatch(); // what had arrived is not lost with it
		return cause instanceof Refusals.DisconnectedException ended && !Refusals.isRetryable(ended.reason());
	}

	private void read() throws IOException {
		Transport transport = this.connection.transport();
		int timeoutMillis = this.connection.silenceMillis();
		while (true) {
			this.connection.dispatch();
			MqttException ended = this.connection.endedByBroker();
			if (ended != null) {
				throw ended;
			}
			if (!this.connection.awaitOutputBelow(MAX_OUTPUT,
					(timeoutMillis > 0) ? timeoutMillis * 1_000_000L : Long.MAX_VALUE / 2)) {
				throw new IOException("the broker does not read what it is owed");
			}
			int read = this.buffer.fill(transport, timeoutMillis);
			if (read < 0) {
				throw new EOFException("the broker closed the connection");
			}
			receive(read);
		}
	}

	private record Attempt(@Nullable MqttConnectException failure, boolean mayBeTooNew) {
	}

}
