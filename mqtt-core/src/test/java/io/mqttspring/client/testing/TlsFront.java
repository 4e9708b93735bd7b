package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Stands before a broker and speaks TLS, with ALPN, as the front of a cloud does.
 */
public final class TlsFront implements AutoCloseable {

	private final SSLServerSocket server;

	private final int target;

	private final UnaryOperator<String> chooser;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	/**
	 * Stand before a port of this machine.
	 * @param chooser given what a client offers by ALPN, separated by commas: what to
	 * choose, {@code null} for nothing
	 */
	public TlsFront(int target, SSLContext context, UnaryOperator<String> chooser) {
		this.target = target;
		this.chooser = chooser;
		try {
			this.server = (SSLServerSocket) context.getServerSocketFactory()
				.createServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Background.run(this::accept);
	}

	/**
	 * Return the port it listens on.
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				SSLSocket near = (SSLSocket) this.server.accept();
				near.setHandshakeApplicationProtocolSelector(
						(socket, offered) -> this.chooser.apply(String.join(",", offered)));
				Socket far = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.open.add(near);
				this.open.add(far);
				Background.run(() -> pass(near, far));
				Background.run(() -> pass(far, near));
			}
			catch (IOException ex) {
				// Closed, or one connection less
			}
		}
	}

	private static void pass(Socket from, Socket to) {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// One side has gone: so does the other
		}
	}

	/**
	 * Cut all connections.
	 */
	public void cut() {
		this.open.forEach((socket) -> {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// It is gone
			}
		});
		this.open.clear();
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		cut();
	}

}
