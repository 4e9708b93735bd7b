package io.mqttspring.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * A Unix domain socket. Only its channel exists in the JDK, and a blocking channel knows
 * no timeout: so it does not block, and reader and writer wait at a selector each.
 */
public final class UnixTransport implements Transport {

	private final SocketChannel channel;

	private final Selector readable;

	private final Selector writable;

	private UnixTransport(SocketChannel channel, Selector readable, Selector writable) throws IOException {
		this.channel = channel;
		this.readable = readable;
		this.writable = writable;
		channel.configureBlocking(false);
		channel.register(readable, SelectionKey.OP_READ);
		channel.register(writable, SelectionKey.OP_WRITE);
	}

	/**
	 * Connect. The other end is on this machine and answers at once, or not at all.
	 * @param path of the socket's file
	 * @param opening given the channel before it is connected: who closes it calls off
	 * the attempt
	 * @return the connection
	 * @throws IOException if nobody listens there
	 */
	public static UnixTransport connect(String path, Consumer<Closeable> opening) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		Selector readable = null;
		Selector writable = null;
		try {
			opening.accept(channel);
			channel.connect(UnixDomainSocketAddress.of(path));
			readable = Selector.open();
			writable = Selector.open();
			return new UnixTransport(channel, readable, writable);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			if (readable != null) {
				readable.close();
			}
			if (writable != null) {
				writable.close();
			}
			throw ex;
		}
	}

	@Override
	public int read(byte[] bytes, int from, int count, int timeoutMillis) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
		Deadline deadline = Deadline.ofRead(timeoutMillis);
		int read;
		while ((read = this.channel.read(buffer)) == 0) {
			await(this.readable, deadline.millisLeft());
		}
		return read;
	}

	@Override
	public void write(byte[] bytes, int from, int count) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
		while (buffer.hasRemaining()) {
			if (this.channel.write(buffer) == 0) {
				await(this.writable, 0);
			}
		}
	}

	private static void await(Selector selector, long millis) throws IOException {
		try {
			selector.select(millis);
			selector.selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw new IOException("Socket closed", ex);
		}
	}

	@Override
	public void close() {
		for (Closeable one : new Closeable[] { this.channel, this.readable, this.writable }) {
			try {
				one.close();
			}
			catch (IOException ex) {
				// The connection is gone either way, and nobody waits for more of it
			}
		}
	}

}
