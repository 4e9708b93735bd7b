package io.mqttspring.client;

import java.io.IOException;
import java.util.Arrays;

import io.mqttspring.client.transport.Transport;

/**
 * Bytes that were read and not decoded yet, in an array that grows when it was filled, so
 * never by a length that is only declared, and shrinks when little comes. Not
 * thread-safe.
 */
final class ReadBuffer {

	private static final int SMALL = 512;

	private static final int LARGE = 64 << 10;

	private static final int SMALL_READS_BEFORE_SHRINKING = 32;

	private byte[] bytes = new byte[SMALL];

	private int from;

	private int to;

	private int smallReads;

	/**
	 * Read more behind what there is.
	 * @return how many bytes, or -1 at the end of the stream
	 */
	int fill(Transport transport, int timeoutMillis) throws IOException {
		makeRoom();
		int read = transport.read(this.bytes, this.to, this.bytes.length - this.to, timeoutMillis);
		if (read > 0) {
			this.to += read;
			this.smallReads = (read < SMALL) ? this.smallReads + 1 : 0;
		}
		return read;
	}

	private void makeRoom() {
		if (this.from == this.to) {
			this.from = 0;
			this.to = 0;
			if (this.bytes.length > LARGE
					|| (this.bytes.length > SMALL && this.smallReads >= SMALL_READS_BEFORE_SHRINKING)) {
				this.bytes = new byte[(this.bytes.length > LARGE) ? LARGE : SMALL];
				this.smallReads = 0;
			}
			return;
		}
		if (this.from > 0) {
			System.arraycopy(this.bytes, this.from, this.bytes, 0, this.to - this.from);
			this.to -= this.from;
			this.from = 0;
		}
		if (this.to == this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, this.bytes.length * 2);
		}
	}

	byte[] bytes() {
		return this.bytes;
	}

	int from() {
		return this.from;
	}

	int to() {
		return this.to;
	}

	void consumed(int from) {
		if (from == this.to && this.to == this.bytes.length && this.bytes.length < LARGE) {
			// It was filled at once: more is to come
			this.bytes = new byte[this.bytes.length * 2];
			this.from = 0;
			this.to = 0;
			return;
		}
		this.from = from;
	}

	void clear() {
		this.from = 0;
		this.to = 0;
	}

}
