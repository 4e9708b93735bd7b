package io.mqttspring.client;

/**
 * Where a client stands.
 */
public enum MqttClientState {

	/**
	 * Not connected, and nothing is tried: before {@code connect}, after
	 * {@code disconnect}, or when all attempts were used up.
	 */
	DISCONNECTED,

	/**
	 * The first connection is being made.
	 */
	CONNECTING,

	/**
	 * The broker has accepted the connection.
	 */
	CONNECTED,

	/**
	 * The connection was lost, or could not be made yet; the next attempt is under way or
	 * waited for.
	 */
	RECONNECTING,

	/**
	 * {@code close} was called: handlers and publishes are brought to an end.
	 */
	CLOSING,

	/**
	 * All over.
	 */
	CLOSED

}
