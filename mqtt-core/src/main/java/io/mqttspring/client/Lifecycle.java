package io.mqttspring.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Whether there shall be a connection, whether there is one, and what became of the last
 * attempts. All methods are called with the lock held.
 */
final class Lifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Lifecycle.class);

	private final Guard guard;

	private final Listeners listeners;

	private final MqttClientOptions options;

	// What is wanted
	private boolean wanted; // by connect or start

	private boolean keepTrying; // by start, or connected once

	// The connection that there is: whoever wants one gets the next
	private boolean leaving;

	private boolean closing;

	private boolean closed;

	private final List<Pending<Void>> waiters = new ArrayList<>();

	// What is
	private MqttClientState state = MqttClientState.DISCONNECTED;

	private Instant since = Instant.now();

	private volatile MqttAddress address;

	private MqttVersion version;

	private volatile String clientId;

	private boolean sessionPresent;

	private boolean readerRunning;

	private int attempts;

	private boolean told; // the last attempt was

	private long awayFrom = System.nanoTime();

	private @Nullable String lastError;

	// Since the client was built
	private long connects;

	private final Map<String, Long> failures = new TreeMap<>();

	Lifecycle(Guard guard, Listeners listeners, MqttClientOptions options) {
		this.guard = guard;
		this.listeners = listeners;
		this.options = options;
		this.address = options.addresses().get(0);
		this.version = (options.version() != null) ? options.version() : MqttVersion.MQTT_5;
		this.clientId = options.clientId();
	}

	// ---- what is wanted

	void requireOpen() {
		if (this.closing) {
			throw new MqttException("%s is closed: build a new client".formatted(this));
		}
	}

	Pending<Void> connect() {
		Pending<Void> waiter = new Pending<>(this.guard);
		if (this.state == MqttClientState.CONNECTED && !this.leaving) {
			waiter.complete(null);
		}
		else {
			this.wanted = true;
			this.waiters.add(waiter);
			this.guard.changed(); // no more pause
		}
		return waiter;
	}

	void start() {
		this.wanted = true;
		this.keepTrying = this.options.reconnect().enabled();
	}

	void end() {
		this.leaving = true;
		this.wanted = false;
		this.keepTrying = false;
		this.guard.changed();
	}

	boolean isWanted() {
		return this.wanted;
	}

	boolean keepsTrying() {
		return this.wanted && this.keepTrying;
	}

	/**
	 * Begin to close.
	 * @return whether nobody did before
	 */
	boolean close() {
		if (this.closing) {
			return false;
		}
		this.closing = true;
		state(MqttClientState.CLOSING);
		return true;
	}

	boolean isClosing() {
		return this.closing;
	}

	void closed() {
		this.closed = true;
		state(MqttClientState.CLOSED);
		failWaiters(new MqttException("%s was closed".formatted(this)));
		this.guard.changed();
	}

	boolean isClosed() {
		return this.closed;
	}

	// ---- the reader

	/**
	 * Take note that the reader is needed.
	 * @return whether it has to be started
	 */
	boolean startReader() {
		if (this.readerRunning) {
			return false;
		}
		this.readerRunning = true;
		this.attempts = 0;
		this.awayFrom = System.nanoTime();
		state(MqttClientState.CONNECTING);
		return true;
	}

	/**
	 * Decide whether the reader ends, so that a {@code connect} at the same time either
	 * finds it going on or starts a new one.
	 */
	boolean endsReader() {
		if (this.wanted && (this.keepTrying || !this.waiters.isEmpty())) {
			return false;
		}
		this.wanted = false;
		this.readerRunning = false;
		state(MqttClientState.DISCONNECTED);
		failWaiters(new MqttException("%s was disconnected".formatted(this)));
		this.guard.changed();
		return true;
	}

	boolean isReaderRunning() {
		return this.readerRunning;
	}

	/**
	 * Wait before the next attempt.
	 * @return whether to make it
	 */
	boolean pause(Duration delay) {
		if (this.told && !delay.minusSeconds(1).isNegative() && this.waiters.isEmpty()) {
			logger.info("{} tries again in {} s", this, delay.toSeconds());
		}
		this.guard.awaitChange(() -> !keepsTrying() || !this.waiters.isEmpty(), System.nanoTime() + delay.toNanos());
		return this.wanted;
	}

	void attempt(MqttAddress address, MqttVersion version) {
		// Wanted again before the reader ended
		if (this.state == MqttClientState.DISCONNECTED) {
			state(MqttClientState.CONNECTING);
		}
		this.address = address;
		this.version = version;
	}

	// ---- what happens

	void connected(boolean sessionPresent, @Nullable String assignedClientId) {
		String after = (this.attempts > 0) ? ", after %d attempts in %d s".formatted(this.attempts + 1,
				Duration.ofNanos(System.nanoTime() - this.awayFrom).toSeconds()) : "";
		this.connects++;
		this.leaving = !this.wanted; // called off while CONNACK came
		this.attempts = 0;
		this.lastError = null;
		this.sessionPresent = sessionPresent;
		if (assignedClientId != null) {
			this.clientId = assignedClientId;
		}
		this.keepTrying = this.options.reconnect().enabled();
		state(MqttClientState.CONNECTED);
		logger.info("{} is connected with MQTT {}, session {}{}", this, this.version,
				sessionPresent ? "present" : "new", after);
		endWaiters((waiter) -> waiter.complete(null));
		this.listeners.tell((listener, client) -> listener.connected(client, sessionPresent));
	}

	/**
	 * The connection is gone.
	 * @param cause why, or {@code null} if this side wanted it
	 */
	void lost(@Nullable MqttException cause) {
		this.awayFrom = System.nanoTime();
		this.told = true;
		if (cause != null) {
			this.lastError = cause.getMessage();
			boolean ofItself = !(cause instanceof Refusals.DisconnectedException ended)
					|| Refusals.isRetryable(ended.reason());
			logger.atLevel(ofItself ? Level.WARN : Level.ERROR)
				.log("{} has lost its connection: {}", this, cause.getMessage());
		}
		else {
			logger.info("{} is disconnected", this);
		}
		state(keepsTrying() ? MqttClientState.RECONNECTING : MqttClientState.DISCONNECTED);
		this.listeners.tell((listener, client) -> listener.disconnected(client, cause));
	}

	/**
	 * A round of attempts has failed.
	 */
	void failed(MqttConnectException cause) {
		if (!this.wanted) {
			return; // it was called off
		}
		int attempt = ++this.attempts;
		boolean known = attempt > 1 && Objects.equals(cause.getMessage(), this.lastError);
		this.lastError = cause.getMessage();
		MqttReasonCode reason = cause.reasonCode();
		this.failures.merge((reason != null) ? reason.name() : "NETWORK", 1L, Long::sum);
		// The more of the same, the less is told: the 2nd attempt, the 4th, the 8th …
		this.told = !known || Integer.bitCount(attempt) == 1;
		logger.atLevel(level(cause, attempt, known)).log("{} (attempt {})", cause.getMessage(), attempt);
		failWaiters(cause);
		int limit = this.options.reconnect().maxAttempts();
		if (limit > 0 && attempt >= limit && keepsTrying()) {
			logger.error("{} gives up after {} attempts (mqtt.reconnect.max-attempts)", this, attempt);
			end();
		}
		state(keepsTrying() ? MqttClientState.RECONNECTING : MqttClientState.DISCONNECTED);
		this.listeners.tell((listener, client) -> listener.connectionFailed(client, cause, attempt));
	}

	private Level level(MqttConnectException cause, int attempt, boolean known) {
		if (!this.told) {
			return Level.DEBUG;
		}
		if (!known && !cause.isRetryable()) {
			return Level.ERROR;
		}
		return (attempt == 1) ? Level.WARN : Level.INFO;
	}

	private void failWaiters(MqttException cause) {
		endWaiters((waiter) -> waiter.fail(cause));
	}

	private void endWaiters(Consumer<Pending<Void>> end) {
		this.waiters.forEach(end);
		this.waiters.clear();
	}

	private void state(MqttClientState state) {
		boolean allowed = !this.closing || state == MqttClientState.CLOSING || state == MqttClientState.CLOSED;
		if (allowed && this.state != state) {
			this.state = state;
			this.since = Instant.now();
		}
	}

	// ---- figures

	MqttClientState state() {
		return this.state;
	}

	Instant since() {
		return this.since;
	}

	MqttVersion version() {
		return this.version;
	}

	String clientId() {
		return this.clientId;
	}

	boolean isSessionPresent() {
		return this.sessionPresent;
	}

	MqttAddress address() {
		return this.address;
	}

	int attempts() {
		return this.attempts;
	}

	@Nullable String lastError() {
		return this.lastError;
	}

	long connects() {
		return this.connects;
	}

	Map<String, Long> failures() {
		return Map.copyOf(this.failures);
	}

	/**
	 * Return how the client is called in logs and exceptions. Called with or without the
	 * lock.
	 */
	@Override
	public String toString() {
		return "MQTT client '%s' (%s at %s)".formatted(this.options.name(), this.clientId, this.address);
	}

}
