package io.mqttspring.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.ConnectPacket;
import io.mqttspring.client.transport.Transport;

/**
 * The reader thread: connects, reads until the connection is lost, and connects again.
 * Its read timeout notices a connection that is dead. All fields are its own.
 */
final class Reader implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(Reader.class);

	/**
	 * How much may wait to be written before no more is read: a broker that sends and
	 * does not read gets no more than that of our memory.
	 */
	private static final int MAX_OUTPUT = 1 << 20;

	private static final long SHORT_LIFE_NANOS = 10_000_000_000L;

	private static final int SHORT_LIVES_OF_A_FIGHT = 3;

	private final Connection connection;

	private final Lifecycle lifecycle;

	private final Guard guard;

	private final MqttClientOptions options;

	private final Dialer dialer;

	private final Backoff backoff;

	private final ReadBuffer buffer = new ReadBuffer();

	private int addressIndex;

	private boolean onlyV311; // the broker has refused 5.0 and taken 3.1.1

	private boolean connectedBefore;

	private boolean spoke5;

	private @Nullable MqttProtocolException violation; // behind CONNACK

	private int shortLived; // connections, in a row

	Reader(Connection connection, Lifecycle lifecycle, Guard guard, MqttClientOptions options) {
		this.connection = connection;
		this.lifecycle = lifecycle;
		this.guard = guard;
		this.options = options;
		this.dialer = new Dialer(options);
		this.backoff = new Backoff(options.reconnect());
	}

	@Override
	public void run() {
		do {
			this.backoff.reset();
			boolean again = true;
			while (again) {
				boolean slow = connectAndRead();
				again = this.guard.get(this.lifecycle::keepsTrying) && this.guard
					.get(() -> this.lifecycle.pause(slow ? this.backoff.nextAfterRefusal() : this.backoff.next()));
			}
		}
		while (!this.guard.get(this.lifecycle::endsReader));
	}

	/**
	 * Connect, and read until the connection is lost.
	 * @return whether it is better not to come back soon
	 */
	private boolean connectAndRead() {
		try {
			MqttConnectException failure = connectRound();
			if (failure != null) {
				this.connection.attemptFailed(failure);
				return !failure.isRetryable();
			}
			long connected = System.nanoTime();
			boolean slow = readUntilLost();
			this.backoff.connectionLived(Duration.ofNanos(System.nanoTime() - connected));
			return slow;
		}
		// Out of memory, say: users must not be left without a reader
		catch (Throwable ex) {
			logger.error("{}: the reader has failed", this.lifecycle, ex);
			this.connection.lost(new MqttException("the reader has failed: " + ex, ex));
			return true;
		}
	}

	// ---- connect

	/**
	 * Try each address once.
	 * @return why none could be connected to, or {@code null} if one was
	 */
	private @Nullable MqttConnectException connectRound() {
		MqttConnectException failure = null;
		int count = this.options.addresses().size();
		if (this.options.randomAddress()) {
			this.addressIndex = ThreadLocalRandom.current().nextInt(count);
		}
		for (int i = 0; i < count; i++) {
			MqttAddress address = this.options.addresses().get(this.addressIndex);
			MqttConnectException ex = connect(address);
			if (ex == null) {
				return null;
			}
			if (!this.guard.get(this.lifecycle::isWanted)) {
				return ex;
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
		if (failure == null || !newer.mayBeTooNew() || !this.guard.get(this.lifecycle::isWanted)) {
			return failure;
		}
		logger.info("{} does not take MQTT 5 ({}): trying 3.1.1", this.lifecycle, failure.getMessage());
		MqttConnectException older = connect(address, MqttVersion.MQTT_3_1_1).failure();
		if (older == null) {
			this.onlyV311 = true;
			logger.info("{} takes MQTT 3.1.1, which is used from now on; set mqtt.version to 3.1.1 to save the attempt",
					this.lifecycle);
			return null;
		}
		older.addSuppressed(failure);
		return older;
	}

	private Attempt connect(MqttAddress address, MqttVersion version) {
		long deadline = System.nanoTime() + this.options.connectTimeout().toNanos();
		boolean sent = false;
		this.guard.run(() -> this.lifecycle.attempt(address, version));
		try {
			ConnectPacket connect = connectPacket(version);
			Transport transport = this.dialer.connect(address, left(deadline), this.connection::opening);
			this.connection.open(transport, version, connect);
			sent = true;
			ConnAck refusal = awaitConnAckOrViolation(transport, deadline);
			if (refusal != null) {
				this.connection.lost(null);
				return new Attempt(Refusals.refused(this.lifecycle, refusal),
						refusal.reason() == MqttReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
			}
			this.connectedBefore = true;
			this.spoke5 |= version == MqttVersion.MQTT_5;
			return new Attempt(null, false);
		}
		// Of the credentials provider and others that are asked too, so that an error of
		// theirs is a failed attempt like any other
		catch (Throwable ex) {
			this.connection.lost(null);
			return new Attempt(Refusals.unreachable(this.lifecycle, ex), sent && mayBeRefusal(ex));
		}
	}

	/**
	 * Return whether what came instead of CONNACK may be due to the version: an end, or
	 * something that 5.0 does not know. Who has spoken it before takes it for what it
	 * mostly is then, a broker that is being started again.
	 */
	private boolean mayBeRefusal(Throwable failure) {
		boolean closedOrMisunderstood = (failure instanceof IOException && !(failure instanceof SocketTimeoutException)
				&& !(failure instanceof SSLException)) || failure instanceof MqttProtocolException;
		return closedOrMisunderstood && !this.spoke5;
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
		// be resumed. On 3.1.1 it says how long a session lives, and stays what it is.
		boolean cleanStart = session.cleanStart()
				&& (version == MqttVersion.MQTT_3_1_1 || !this.connectedBefore || session.expiryInterval().isZero());
		InboundOptions inbound = this.options.inbound();
		return new ConnectPacket(this.options.clientId(), cleanStart, (int) this.options.keepAlive().toSeconds(),
				this.options.credentials().credentials(), this.options.will(), session.expiryInterval().toSeconds(),
				this.connection.receiveMaximum(), inbound.maximumPacketSize(), inbound.topicAliasMaximum(), false, true,
				this.options.userProperties(), null, null);
	}

	// What is wrong behind CONNACK, in the same read, is no answer to CONNECT: the
	// connection was made, and is lost by it
	private @Nullable ConnAck awaitConnAckOrViolation(Transport transport, long deadline) throws IOException {
		this.violation = null;
		try {
			return awaitConnAck(transport, deadline);
		}
		catch (MqttProtocolException ex) {
			if (!this.connection.answer().accepted()) {
				throw ex;
			}
			this.violation = ex;
			return null;
		}
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
			Connection.Answer answer = this.connection.answer();
			if (answer.accepted() || answer.refusal() != null) {
				return answer.refusal();
			}
		}
	}

	private void receive(int read) {
		ReadBuffer buffer = this.buffer;
		PacketLog.received(this.lifecycle, buffer.bytes(), buffer.from(), buffer.to());
		buffer.consumed(this.connection.receive(buffer.bytes(), buffer.from(), buffer.to(), read));
	}

	// ---- read

	/**
	 * Read until the connection is lost.
	 * @return whether it is better not to come back soon
	 */
	private boolean readUntilLost() {
		MqttException cause;
		long begin = System.nanoTime();
		try {
			cause = read();
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
			// 0x8D is for the broker to say
			this.connection.sayGoodbye(MqttReasonCode.UNSPECIFIED_ERROR);
		}
		catch (IOException ex) {
			cause = new MqttException(Refusals.describe(ex) + fightHint(begin), ex);
		}
		catch (RuntimeException ex) { // ours to mend; the connection is not to be trusted
			logger.error("{}: the reader has failed", this.lifecycle, ex);
			cause = new MqttException("the reader has failed: " + ex, ex);
		}
		this.connection.lost(cause);
		this.connection.dispatch(); // what had arrived is not lost with it
		return cause instanceof Refusals.DisconnectedException ended && !Refusals.isRetryable(ended.reason());
	}

	// Not every broker says that a session was taken over: Mosquitto just closes
	private String fightHint(long begin) {
		this.shortLived = (System.nanoTime() - begin < SHORT_LIFE_NANOS) ? this.shortLived + 1 : 0;
		return (this.shortLived < SHORT_LIVES_OF_A_FIGHT) ? ""
				: "; soon after it was made, and not for the first time: does another client use this client id?";
	}

	/**
	 * Read until the broker ends the connection.
	 * @return what it said
	 */
	private MqttException read() throws IOException {
		if (this.violation != null) {
			throw this.violation;
		}
		Transport transport = this.guard.get(() -> this.connection.transport());
		if (transport == null) {
			throw new IOException("the connection is closed");
		}
		int timeoutMillis = this.connection.silenceMillis();
		while (true) {
			this.connection.dispatch();
			MqttException ended = this.connection.endedByBroker();
			if (ended != null) {
				return ended;
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
