package io.mqttspring.client;

import java.io.IOException;
import java.util.concurrent.locks.Condition;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.OutputBuffer;
import io.mqttspring.client.session.Session;
import io.mqttspring.client.transport.Transport;

/**
 * Writes what the session has encoded, all there is in one call. One thread writes at a
 * time, the one that has set {@code writing}: this thread, or a caller that waits for its
 * own message and finds nobody writing. The idle wait of this thread is the clock of
 * keep-alive and of expiry, so there is no timer thread. All methods are called with the
 * lock held.
 */
final class Writer implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(Writer.class);

	/**
	 * How much the system surely takes at once when the broker has read all before it.
	 */
	private static final int SURE_ROOM = 8 << 10;

	private final Guard guard;

	private final Session session;

	private final Lanes lanes;

	private final Runnable onProgress;

	private final String threadName;

	private final Object client; // for messages

	private final Condition work;

	private @Nullable Thread thread;

	private boolean stopped;

	private boolean idle;

	private long bytesWritten;

	// As long as one connection
	private @Nullable Transport transport;

	private boolean writing;

	private int writingLength;

	private long bytesTaken; // of those written, by the broker for sure

	private boolean failed;

	private long keepAliveNanos;

	private long lastSent;

	private long lastReceived;

	private long pingsSent;

	private long pingsAnswered;

	/**
	 * Create a writer.
	 * @param onProgress called with the lock held when messages were written or expired
	 */
	Writer(Guard guard, Session session, Lanes lanes, String clientName, Object client, Runnable onProgress) {
		this.guard = guard;
		this.session = session;
		this.lanes = lanes;
		this.onProgress = onProgress;
		this.client = client;
		this.threadName = "mqtt-%s-writer".formatted(clientName);
		this.work = guard.newCondition();
	}

	void start() {
		if (this.thread == null && !this.stopped) {
			this.thread = Threads.start(this.threadName, this);
		}
	}

	void stop() {
		this.stopped = true;
		this.work.signalAll();
	}

	boolean isRunning() {
		return this.thread != null;
	}

	// ---- one connection

	void opened(Transport transport) {
		this.transport = transport;
		this.writing = false;
		this.failed = false;
		this.pingsSent = 0;
		this.pingsAnswered = 0;
	}

	/**
	 * CONNACK is there.
	 * @param keepAliveNanos the longest silence, 0 for no limit
	 */
	void connected(long keepAliveNanos, long now) {
		this.keepAliveNanos = keepAliveNanos;
		this.lastSent = now;
		this.lastReceived = now;
		this.bytesTaken = this.bytesWritten;
		start();
		wake(); // to keep the connection alive from now on
	}

	void closed() {
		this.transport = null;
		this.writing = false;
	}

	@Nullable Transport transport() {
		return this.transport;
	}

	/**
	 * CONNECT is about to be written.
	 */
	void connecting(int length) {
		this.bytesWritten += length;
	}

	long keepAliveNanos() {
		return this.keepAliveNanos;
	}

	boolean hasFailed() {
		return this.failed;
	}

	long bytesWritten() {
		return this.bytesWritten;
	}

	void received(long now) {
		this.lastReceived = now;
	}

	// ---- write

	boolean canWrite() {
		return this.transport != null && !this.writing && !this.failed && this.session.isConnected()
				&& this.session.outputLength() > 0;
	}

	/**
	 * Return whether a caller can write what there is without having to wait for the
	 * broker to read: in the socket no time limit would hold, and no interrupt.
	 */
	boolean canWriteAtOnce() {
		return canWrite() && offset() - this.bytesTaken <= SURE_ROOM;
	}

	/**
	 * Return how many bytes there will have been when all that is encoded is written.
	 */
	long offset() {
		return this.bytesWritten + (this.writing ? this.writingLength : 0) + this.session.outputLength();
	}

	/**
	 * The broker has answered what was encoded at an offset, and so has read all before.
	 */
	void taken(@Nullable Transport transport, long offset) {
		if (transport == this.transport && offset > this.bytesTaken) {
			this.bytesTaken = offset;
		}
	}

	/**
	 * Write what there is. The lock is released for the write.
	 */
	void write() {
		Transport transport = this.transport;
		if (transport == null) {
			return;
		}
		this.writing = true;
		OutputBuffer output = this.session.takeOutput();
		int length = output.length();
		this.writingLength = length;
		this.guard.unlock();
		boolean written = false;
		try {
			PacketLog.sent(this.client, output.bytes(), 0, length);
			transport.write(output.bytes(), 0, length);
			written = true;
		}
		catch (IOException ex) {
			logger.debug("{}: writing failed, which the reader will notice: {}", this.client, ex.toString());
		}
		finally {
			if (!written) { // for whatever reason
				transport.close();
			}
			this.guard.lock();
			if (this.transport == transport) { // else the connection was lost meanwhile
				wrote(written, length);
			}
		}
	}

	private void wrote(boolean written, int length) {
		this.writing = false;
		this.failed = !written;
		if (written) {
			this.bytesWritten += length;
			this.lastSent = System.nanoTime();
			this.session.outputWritten(this.lastSent);
		}
		else {
			this.lanes.unbounded(true); // a reader that waits for room is to notice
		}
		this.onProgress.run();
		this.guard.changed();
	}

	/**
	 * Let this thread write what there is.
	 */
	void signal() {
		if (this.idle && canWrite()) {
			wake();
		}
	}

	/**
	 * Let this thread look again at what there is to do, and when.
	 */
	void wake() {
		if (this.idle) {
			this.idle = false;
			this.work.signal();
		}
	}

	/**
	 * Wait until all is written, or cannot be.
	 */
	void awaitFlushed(long deadline) {
		this.guard.awaitChange(
				() -> !this.session.isConnected() || this.failed || (!this.writing && this.session.outputLength() == 0),
				deadline);
	}

	@Override
	public void run() {
		this.guard.lock();
		try {
			while (awaitWork()) {
				write();
			}
		}
		finally {
			this.thread = null;
			this.guard.changed();
			this.guard.unlock();
		}
	}

	private boolean awaitWork() {
		while (!this.stopped) {
			if (canWrite()) {
				return true;
			}
			long now = System.nanoTime();
			long wait = this.session.expire(now);
			this.onProgress.run();
			if (canWrite()) {
				return true;
			}
			if (this.session.isConnected() && this.keepAliveNanos > 0 && !this.failed) {
				long due = pingDue(now);
				if (due <= 0) {
					ping();
					continue;
				}
				wait = Math.min(wait, due);
			}
			if (!this.guard.handOver()) {
				await(wait);
			}
		}
		return false;
	}

	private void await(long nanos) {
		this.idle = true;
		try {
			if (nanos == Long.MAX_VALUE) {
				this.work.await();
			}
			else {
				this.work.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The writer was interrupted, which means nothing to it");
		}
		finally {
			this.idle = false;
		}
	}

	// ---- keep-alive

	// The broker is to hear from us once in a keep-alive [MQTT-3.1.2-20], and we from it
	private long pingDue(long now) {
		long sent = this.lastSent + this.keepAliveNanos - now;
		if (this.pingsSent > this.pingsAnswered) {
			return sent;
		}
		return Math.min(sent, this.lastReceived + this.keepAliveNanos - now);
	}

	/**
	 * Encode PINGREQ.
	 * @return its number on this connection
	 */
	long ping() {
		this.session.ping();
		this.lastSent = System.nanoTime(); // the next one is due a keep-alive from now
		return ++this.pingsSent;
	}

	void pingAnswered() {
		this.pingsAnswered = Math.min(this.pingsAnswered + 1, this.pingsSent);
		this.guard.changed();
	}

	long pingsAnswered() {
		return this.pingsAnswered;
	}

}
