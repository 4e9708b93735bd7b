package io.mqttspring.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.SocketOptions;

/**
 * A TCP connection.
 */
public final class TcpTransport implements Transport {

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	private int timeoutMillis; // the socket's; used by the reading thread alone

	private TcpTransport(Socket socket) throws IOException {
		this.socket = socket;
		this.in = socket.getInputStream();
		this.out = socket.getOutputStream();
	}

	/**
	 * Connect to the first address of the host that takes the connection.
	 * @param host name or address
	 * @param port 1 to 65,535
	 * @param options of the socket
	 * @param timeout the longest that all addresses together may take
	 * @param opening given each socket before it is connected: who closes it calls off
	 * the attempt
	 * @return the connection
	 * @throws IOException if no address took it: why the last one did not
	 */
	public static TcpTransport connect(String host, int port, SocketOptions options, Duration timeout,
			Consumer<Closeable> opening) throws IOException {
		long deadline = System.nanoTime() + timeout.toNanos();
		IOException failure = null;
		for (InetAddress address : InetAddress.getAllByName(host)) {
			long left = (deadline - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				break;
			}
			try {
				return open(new InetSocketAddress(address, port), options, (int) Math.min(left, Integer.MAX_VALUE),
						opening);
			}
			catch (IOException ex) {
				failure = suppress(failure, ex);
			}
		}
		throw (failure != null) ? failure
				: new SocketTimeoutException("no address of the host answered within " + timeout);
	}

	private static IOException suppress(@Nullable IOException earlier, IOException ex) {
		if (earlier != null) {
			ex.addSuppressed(earlier);
		}
		return ex;
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
			socket.connect(address, timeoutMillis);
			return new TcpTransport(socket);
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
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
