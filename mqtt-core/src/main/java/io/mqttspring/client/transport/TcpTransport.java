package io.mqttspring.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.SocketOptions;

/**
 * A TCP connection, or whatever else a {@link Socket} stands for.
 */
public final class TcpTransport implements Transport {

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	private int timeoutMillis; // the socket's; used by the reading thread alone

	TcpTransport(Socket socket) throws IOException {
		this.socket = socket;
		this.in = socket.getInputStream();
		this.out = socket.getOutputStream();
		this.timeoutMillis = socket.getSoTimeout();
	}

	/**
	 * Connect to the first address of the host that takes the connection. Each gets an
	 * equal share of the time that is left, so that one that does not answer leaves some
	 * for the others.
	 * @param host name or address
	 * @param port 1 to 65,535
	 * @param options of the socket
	 * @param deadline until when
	 * @param opening given each socket before it is connected: who closes it calls off
	 * the attempt
	 * @return the connection
	 * @throws IOException if no address took it: why the last one did not
	 */
	public static TcpTransport connect(String host, int port, SocketOptions options, Deadline deadline,
			Consumer<Closeable> opening) throws IOException {
		InetAddress[] addresses = InetAddress.getAllByName(host);
		IOException failure = null;
		for (int i = 0; i < addresses.length; i++) {
			int share = Math.max(1, deadline.millisLeft() / (addresses.length - i));
			try {
				return open(new InetSocketAddress(addresses[i], port), options, share, opening);
			}
			catch (IOException ex) {
				if (failure != null) {
					ex.addSuppressed(failure);
				}
				failure = ex;
			}
		}
		throw (failure != null) ? failure : new IOException("host '%s' has no address".formatted(host));
	}

	private static TcpTransport open(InetSocketAddress address, SocketOptions options, int timeoutMillis,
			Consumer<Closeable> opening) throws IOException {
		Socket socket = new Socket();
		try {
			opening.accept(socket);
			socket.setTcpNoDelay(options.tcpNoDelay());
			socket.setKeepAlive(options.keepAlive());
			if (options.sendBuffer() > 0) {
				socket.setSendBufferSize(options.sendBuffer());
			}
			if (options.receiveBuffer() > 0) {
				socket.setReceiveBufferSize(options.receiveBuffer());
			}
			bind(socket, options.bindAddress());
			socket.connect(address, timeoutMillis);
			return new TcpTransport(socket);
		}
		catch (Throwable ex) {
			socket.close();
			throw ex;
		}
	}

	private static void bind(Socket socket, @Nullable String address) throws IOException {
		if (address != null) {
			socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
		}
	}

	@Override
	public int read(byte[] bytes, int from, int count, int timeoutMillis) throws IOException {
		if (timeoutMillis != this.timeoutMillis) {
			this.socket.setSoTimeout(timeoutMillis);
			this.timeoutMillis = timeoutMillis;
		}
		return this.in.read(bytes, from, count);
	}

	@Override
	public void write(byte[] bytes, int from, int count) throws IOException {
		this.out.write(bytes, from, count);
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// The connection is gone either way, and nobody waits for more of it
		}
	}

}
