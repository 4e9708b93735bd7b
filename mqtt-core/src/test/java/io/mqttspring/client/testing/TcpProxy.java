package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A line between client and broker that can be cut.
 */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private volatile boolean down;

	/**
	 * Lay a line to a port of this machine.
	 */
	public TcpProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start("accept", this::accept);
	}

	/**
	 * Return where its near end is.
	 */
	public String uri() {
		return "mqtt://127.0.0.1:" + port();
	}

	/**
	 * Return the port of its near end.
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Cut all connections, with a reset on both sides. New ones can be made at once.
	 */
	public void cut() {
		this.open.forEach(TcpProxy::reset);
	}

	/**
	 * Cut all connections, and new ones as soon as they are made, until {@link #up()}.
	 */
	public void down() {
		this.down = true;
		cut();
	}

	/**
	 * Let connections be made again.
	 */
	public void up() {
		this.down = false;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket near = this.server.accept();
				this.open.add(near);
				if (this.down) {
					reset(near);
					continue;
				}
				Socket far = new Socket();
				this.open.add(far);
				far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.target));
				start("up", () -> copy(near, far));
				start("down", () -> copy(far, near));
				if (this.down) {
					reset(near);
					reset(far);
				}
			}
			catch (IOException ex) {
				cut(); // the broker is away: so is this line
			}
		}
	}

	private void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// Cut on one side: then on the other too
		}
		finally {
			close(from);
			close(to);
			this.open.remove(from);
			this.open.remove(to);
		}
	}

	private static void reset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// Closed already
		}
		close(socket);
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(String name, Runnable task) {
		Thread thread = new Thread(task, "proxy-" + name);
		thread.setDaemon(true);
		thread.start();
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
