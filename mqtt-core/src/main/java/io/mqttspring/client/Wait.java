package io.mqttspring.client;

/**
 * What a publish waits for before it returns.
 */
public enum Wait {

	/**
	 * For nothing: the message is handed over. It waits only for room in the outgoing
	 * queue.
	 */
	NONE,

	/**
	 * Until the message is written to the socket.
	 */
	SENT,

	/**
	 * Until the broker has it: PUBACK for QoS 1, PUBCOMP for QoS 2. For QoS 0, which is
	 * not acknowledged, as {@link #SENT}.
	 */
	ACKNOWLEDGED

}
