package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on which nobody listens. They lie below those that the system gives to outgoing
 * connections: else another test could be given one while its broker is down, and a
 * client that tries to connect to it could even reach itself.
 */
public final class FreePort {

	private static final int FIRST = 20_000;

	private static final int END = 32_000;

	private FreePort() {
	}

	/**
	 * Return a port of the loopback interface.
	 */
	public static int next() {
		for (int i = 0; i < 1000; i++) {
			int port = ThreadLocalRandom.current().nextInt(FIRST, END);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// Somebody has it: try another one
			}
		}
		throw new UncheckedIOException(
				new IOException("No free port between %,d and %,d was found".formatted(FIRST, END)));
	}

}
