package io.mqttspring.client;

import java.time.Duration;

/**
 * What the broker keeps for this client between connections.
 *
 * @param cleanStart whether the first connection begins with an empty session (MQTT 5.0
 * §3.1.2.4); on 3.1.1 Clean Session, at every connection
 * @param expiryInterval how long the broker keeps the session after the connection is
 * gone (MQTT 5.0 §3.1.2.11.2); whole seconds, 4,294,967,295 for ever, without effect on
 * 3.1.1
 */
public record SessionOptions(boolean cleanStart, Duration expiryInterval) {

	/**
	 * No session is kept: for a client id that nobody else knows.
	 */
	public static final SessionOptions NOT_KEPT = new SessionOptions(true, Duration.ZERO);

	/**
	 * The session is kept for an hour: the default for a client id that was given.
	 */
	public static final SessionOptions KEPT = new SessionOptions(false, Duration.ofHours(1));

	public SessionOptions {
		Require.wholeSeconds("expiryInterval", expiryInterval, 0, 0xFFFF_FFFFL);
	}

}
