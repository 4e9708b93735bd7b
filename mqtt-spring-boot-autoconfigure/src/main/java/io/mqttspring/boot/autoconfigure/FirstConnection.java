package io.mqttspring.boot.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttConnectException;

/**
 * Starts a client and waits for its first connection, or for a reason why there will be
 * none.
 */
final class FirstConnection implements MqttClientListener {

	private final MqttClient client;

	private final CountDownLatch decided = new CountDownLatch(1);

	private volatile boolean made;

	private volatile @Nullable MqttConnectException failure;

	FirstConnection(MqttClient client) {
		this.client = client;
	}

	void start() {
		this.client.addListener(this);
		this.client.start();
	}

	/**
	 * Wait until the client is connected, has given up or is refused for what does not
	 * get better by itself, or the deadline is over.
	 * @param deadline as {@link System#nanoTime()} counts
	 */
	void await(long deadline) throws InterruptedException {
		if (isTrying()) {
			this.decided.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
		}
	}

	private boolean isTrying() {
		return switch (this.client.status().state()) {
			case CONNECTING, RECONNECTING -> true;
			case DISCONNECTED, CONNECTED, CLOSING, CLOSED -> false;
		};
	}

	boolean isMade() {
		return this.made || this.client.status().state() == MqttClientState.CONNECTED;
	}

	void forget() {
		this.client.removeListener(this);
	}

	@Nullable MqttConnectException failure() {
		return this.failure;
	}

	/**
	 * Say why there is no connection, with the address.
	 */
	@Override
	public String toString() {
		MqttClientStatus status = this.client.status();
		MqttConnectException failure = this.failure;
		// A client that has given up says so before its listeners are told why
		String reason = (failure != null) ? failure.getMessage() : status.lastError();
		return "No connection to the MQTT broker at %s: %s".formatted(status.uri(),
				(reason != null) ? reason : "no attempt has come to an end");
	}

	@Override
	public void connected(MqttClient client, boolean sessionPresent) {
		this.made = true;
		this.decided.countDown();
	}

	@Override
	public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
		this.failure = cause;
		boolean gaveUp = client.status().state() == MqttClientState.DISCONNECTED;
		if (gaveUp || !cause.isRetryable()) {
			this.decided.countDown();
		}
	}

}
