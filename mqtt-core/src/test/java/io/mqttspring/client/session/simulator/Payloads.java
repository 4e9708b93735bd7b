package io.mqttspring.client.session.simulator;

import java.nio.ByteBuffer;

/**
 * Payloads that tell which message they are of, in whatever they travelled.
 */
public final class Payloads {

	/**
	 * The smallest payload.
	 */
	public static final int LEAST = Long.BYTES;

	private Payloads() {
	}

	/**
	 * Make the payload of a message.
	 */
	public static byte[] make(long id, int size) {
		byte[] payload = new byte[Math.max(size, LEAST)];
		for (int i = LEAST; i < payload.length; i++) {
			payload[i] = (byte) (id * 31 + i);
		}
		ByteBuffer.wrap(payload).putLong(id);
		return payload;
	}

	/**
	 * Return which message a payload is of.
	 */
	public static long id(byte[] payload) {
		return (payload.length < LEAST) ? 0 : ByteBuffer.wrap(payload).getLong();
	}

}
