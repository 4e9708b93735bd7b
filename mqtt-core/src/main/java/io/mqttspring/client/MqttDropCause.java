package io.mqttspring.client;

/**
 * Why a message went no further. Each is counted, and told to listeners.
 */
public enum MqttDropCause {

	/**
	 * The outgoing queue was full and its policy names this message.
	 */
	QUEUE_FULL,

	/**
	 * QoS 0 without a connection, by policy.
	 */
	OFFLINE,

	/**
	 * Its expiry was over before it was sent.
	 */
	EXPIRED,

	/**
	 * QoS 0 that was being written when the connection was lost: it may have arrived, and
	 * must not be sent twice.
	 */
	CONNECTION_LOST,

	/**
	 * The broker does not take it: too large, a QoS or RETAIN it does not support.
	 */
	NOT_SUPPORTED,

	/**
	 * The client was closed before it was sent or acknowledged.
	 */
	CLOSED,

	/**
	 * It arrived, and no handler is for it.
	 */
	UNMATCHED

}
