package io.mqttspring.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
	 * Connect. A broker that hangs leaves this waiting when its backlog is full.
	 * @param path of the socket's file
	 * @param timeout the longest wait
	 * @param opening given the channel before it is connected: who closes it calls off
	 * the attempt
	 * @return the connection
	 * @throws IOException if nobody listens there
	 */
	public static UnixTransport connect(String path, Duration timeout, Consumer<Closeable> opening) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		CompletableFuture<Boolean> late = new CompletableFuture<Boolean>().completeOnTimeout(true, timeout.toMillis(),
				TimeUnit.MILLISECONDS);
		late.thenAccept((isLate) -> {
			if (isLate) {
				close(channel);
			}
		});
		Selector readable = null;
		Selector writable = null;
		try {
			opening.accept(channel);
			channel.connect(UnixDomainSocketAddress.of(path));
			readable = Selector.open();
			writable = Selector.open();
			return new UnixTransport(channel, readable, writable);
		}
		catch (AsynchronousCloseException ex) {
			throw late.getNow(false) ? new SocketTimeoutException("mqtt.connect-timeout is over") : ex;
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
		finally {
			late.complete(false);
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
		close(this.channel);
		close(this.readable);
		close(this.writable);
	}

	private static void close(Closeable one) {
		try {
			one.close();
		}
		catch (IOException ex) {
			// The connection is gone either way, and nobody waits for more of it
		}
	}

}
