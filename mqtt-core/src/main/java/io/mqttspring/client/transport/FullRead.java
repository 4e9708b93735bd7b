package io.mqttspring.client.transport;

import java.io.EOFException;
import java.io.IOException;

/**
 * Reads all that was asked for, where half of it means nothing.
 */
final class FullRead {

	private FullRead() {
	}

	static void of(Transport transport, byte[] bytes, int count, Deadline deadline, String who) throws IOException {
		for (int have = 0; have < count;) {
			int read = transport.read(bytes, have, count - have, deadline.millisLeft());
			if (read < 0) {
				throw new EOFException(who + " closed the connection in the middle of what it said");
			}
			have += read;
		}
	}

}
