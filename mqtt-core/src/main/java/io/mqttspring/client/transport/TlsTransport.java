package io.mqttspring.client.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * TLS over any other transport. The engine, and not the JDK's TLS socket, because a
 * handshake has to end in time whatever the peer does, and because what is under it need
 * not be a socket. {@code writing} guards the outgoing side, which two threads use when
 * the peer asks for new keys.
 */
public final class TlsTransport implements Transport {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private static final int SMALL = 512;

	private static final int RECORDS_PER_WRITE = 4;

	private final Transport under;

	private final SSLEngine engine;

	private final Executor background;

	private final ReentrantLock writing = new ReentrantLock();

	private ByteBuffer encrypted; // what goes out

	// The reading thread's own
	private ByteBuffer received = ByteBuffer.allocate(SMALL).flip();

	private boolean handshaken;

	private ByteBuffer decrypted = NOTHING; // what had no room where it was asked for

	private TlsTransport(Transport under, SSLEngine engine, Executor background) {
		this.under = under;
		this.engine = engine;
		this.background = background;
		this.encrypted = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
	}

	/**
	 * Agree on keys with the server.
	 * @param under what the server is connected by; not closed when this fails
	 * @param engine set up as a client
	 * @param deadline until when
	 * @param background runs what the reading thread has to write: a peer that does not
	 * read must not keep it
	 * @return the encrypted connection
	 * @throws IOException if the server is not to be trusted, does not trust us, speaks
	 * none of the application protocols that were asked for, or is too slow
	 */
	public static TlsTransport handshake(Transport under, SSLEngine engine, Deadline deadline, Executor background)
			throws IOException {
		TlsTransport transport = new TlsTransport(under, engine, background);
		try {
			transport.handshake(deadline);
		}
		catch (SSLException ex) {
			transport.sendAlert();
			throw ex;
		}
		String[] wanted = engine.getSSLParameters().getApplicationProtocols();
		String chosen = engine.getApplicationProtocol();
		if (wanted.length > 0 && (chosen == null || chosen.isEmpty())) {
			throw new SSLHandshakeException(
					"the server has chosen none of the application protocols '%s' (mqtt.ssl.alpn)"
						.formatted(String.join(", ", wanted)));
		}
		return transport;
	}

	private void handshake(Deadline deadline) throws IOException {
		this.engine.beginHandshake();
		while (true) {
			switch (this.engine.getHandshakeStatus()) {
				case NEED_WRAP -> wrap(NOTHING);
				case NEED_TASK -> runTasks();
				case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
					if (!unwrap(NOTHING) && needsMore() && !receive(deadline.millisLeft())) {
						throw new EOFException("the server closed the connection during the TLS handshake");
					}
				}
				default -> {
					this.handshaken = true;
					return;
				}
			}
		}
	}

	private boolean needsMore() {
		HandshakeStatus status = this.engine.getHandshakeStatus();
		return status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NEED_UNWRAP_AGAIN;
	}

	// The server is told why, as far as that goes without waiting for it
	private void sendAlert() {
		try {
			if (this.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
				wrap(NOTHING);
			}
		}
		catch (IOException ex) {
			// What is wrong is told already
		}
	}

	private void runTasks() {
		Runnable task;
		while ((task = this.engine.getDelegatedTask()) != null) {
			task.run();
		}
	}

	@Override
	public int read(byte[] bytes, int from, int count, int timeoutMillis) throws IOException {
		Deadline deadline = Deadline.ofRead(timeoutMillis);
		ByteBuffer target = ByteBuffer.wrap(bytes, from, count);
		while (!this.decrypted.hasRemaining()) {
			boolean progress = unwrap(target);
			int read = target.position() - from;
			if (read > 0) {
				return read;
			}
			if (this.engine.isInboundDone()) {
				return -1;
			}
			if (!progress && !receive(deadline.millisLeft())) {
				return -1;
			}
		}
		int read = Math.min(count, this.decrypted.remaining());
		this.decrypted.get(bytes, from, read);
		if (!this.decrypted.hasRemaining()) {
			this.decrypted = NOTHING;
		}
		return read;
	}

	/**
	 * Decrypt one record, if there is one.
	 * @return whether more can be done with what was received
	 */
	private boolean unwrap(ByteBuffer target) throws IOException {
		SSLEngineResult result = this.engine.unwrap(this.received, target);
		if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
			this.decrypted = ByteBuffer.allocate(this.engine.getSession().getApplicationBufferSize());
			result = this.engine.unwrap(this.received, this.decrypted);
			this.decrypted.flip();
		}
		switch (result.getHandshakeStatus()) {
			case NEED_TASK -> runTasks();
			case NEED_WRAP -> { // in a handshake it is done by who handshakes
				if (this.handshaken) {
					this.background.execute(this::answer); // new keys, or the end
				}
			}
			default -> {
			}
		}
		return result.getStatus() == SSLEngineResult.Status.OK && result.bytesConsumed() > 0;
	}

	private void answer() {
		this.writing.lock();
		try {
			do {
				wrap(NOTHING);
			}
			while (this.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !this.engine.isOutboundDone());
		}
		catch (IOException ex) {
			this.under.close(); // so that the reading thread notices
		}
		finally {
			this.writing.unlock();
		}
	}

	/**
	 * Receive more, into a buffer that grows when it was filled.
	 * @return whether there was more
	 */
	private boolean receive(int timeoutMillis) throws IOException {
		ByteBuffer buffer = this.received;
		if (buffer.hasRemaining()) {
			buffer.compact();
			if (!buffer.hasRemaining()) {
				buffer = ByteBuffer.allocate(2 * buffer.capacity()).put(buffer.flip());
			}
		}
		else {
			buffer.clear();
		}
		this.received = buffer;
		int read = -1;
		try {
			read = this.under.read(buffer.array(), buffer.position(), buffer.remaining(), timeoutMillis);
		}
		finally {
			buffer.limit(buffer.position() + Math.max(read, 0)).position(0);
		}
		if (read == buffer.capacity()) { // it was filled at once: more is to come
			this.received = ByteBuffer.allocate(2 * buffer.capacity()).put(buffer).flip();
		}
		return read >= 0;
	}

	@Override
	public void write(byte[] bytes, int from, int count) throws IOException {
		wrap(ByteBuffer.wrap(bytes, from, count));
	}

	private void wrap(ByteBuffer source) throws IOException {
		this.writing.lock();
		try {
			do {
				SSLEngineResult.Status status = fill(source);
				ByteBuffer full = this.encrypted.flip();
				if (full.hasRemaining()) {
					this.under.write(full.array(), 0, full.remaining());
				}
				if (status == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
					throw new IOException("the TLS connection is closed");
				}
			}
			while (source.hasRemaining());
		}
		finally {
			this.writing.unlock();
		}
	}

	// Several records, so that they share one write
	private SSLEngineResult.Status fill(ByteBuffer source) throws SSLException {
		int record = this.engine.getSession().getPacketBufferSize();
		int capacity = (source.remaining() > record) ? RECORDS_PER_WRITE * record : record;
		if (this.encrypted.capacity() < capacity) {
			this.encrypted = ByteBuffer.allocate(capacity);
		}
		this.encrypted.clear();
		SSLEngineResult.Status status;
		do {
			status = this.engine.wrap(source, this.encrypted).getStatus();
		}
		while (status == SSLEngineResult.Status.OK && source.hasRemaining() && this.encrypted.remaining() >= record);
		return status;
	}

	@Override
	public void close() {
		this.under.close();
	}

}
