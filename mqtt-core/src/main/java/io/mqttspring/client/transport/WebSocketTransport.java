package io.mqttspring.client.transport;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.WebSocketOptions;

/**
 * MQTT in the binary frames of a WebSocket (RFC 6455, MQTT 5.0 §6), over any other
 * transport. Frames and packets have nothing to do with each other, in both directions.
 * {@code writing} guards the outgoing side, which two threads use when a ping is
 * answered.
 */
public final class WebSocketTransport implements Transport {

	// RFC 6455 §1.3
	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final int CONTINUATION = 0;

	private static final int BINARY = 2;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private static final int PONG = 10;

	private static final int FINAL = 0x80;

	private static final int MASKED = 0x80;

	private static final int MAX_CONTROL = 125;

	private static final int CHUNK = 16 << 10; // masked, and so copied, at a time

	private static final SecureRandom RANDOM = new SecureRandom();

	private final Transport under;

	private final Executor background;

	private final ReentrantLock writing = new ReentrantLock();

	private byte[] out = new byte[256];

	// The reading thread's own
	private final byte[] header = new byte[8];

	private long left; // bytes of the data frame that are not read yet

	private boolean inMessage; // its last frame is to come

	private boolean closed;

	private final AtomicReference<byte @Nullable []> pinged = new AtomicReference<>();

	private WebSocketTransport(Transport under, Executor background) {
		this.under = under;
		this.background = background;
	}

	/**
	 * Ask the server to speak MQTT over WebSocket.
	 * @param under what the server is connected by; not closed when this fails
	 * @param host name and port, as in the address
	 * @param path what to ask for, with query
	 * @param options headers and sub-protocol
	 * @param deadline until when
	 * @param background runs what the reading thread has to write: a peer that does not
	 * read must not keep it
	 * @return the connection
	 * @throws IOException if the server does not
	 */
	public static WebSocketTransport handshake(Transport under, String host, String path, WebSocketOptions options,
			Deadline deadline, Executor background) throws IOException {
		byte[] random = new byte[16];
		RANDOM.nextBytes(random);
		String key = Base64.getEncoder().encodeToString(random);
		StringBuilder request = new StringBuilder("GET %s HTTP/1.1\r\nHost: %s\r\n".formatted(path, host));
		request.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
		request.append("Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n".formatted(key));
		request.append("Sec-WebSocket-Protocol: %s\r\n".formatted(options.subprotocol()));
		options.headers().forEach((name, value) -> request.append("%s: %s\r\n".formatted(name, value)));
		byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
		under.write(bytes, 0, bytes.length);
		check(HttpHead.read(under, deadline, "the WebSocket server"), key, path, options);
		return new WebSocketTransport(under, background);
	}

	private static void check(HttpHead answer, String key, String path, WebSocketOptions options)
			throws ProtocolException {
		if (answer.status() != 101) {
			throw new ProtocolException(
					"the server does not take a WebSocket at '%s': %d %s; check the path (mqtt.websocket.path)"
						.formatted(path.replaceFirst("\\?.*", "?…"), answer.status(), answer.reason()));
		}
		boolean upgraded = "websocket".equalsIgnoreCase(answer.header("upgrade"))
				&& accept(key).equals(answer.header("sec-websocket-accept"));
		if (!upgraded) {
			throw new ProtocolException("the server's answer is none to a WebSocket's request");
		}
		if (!options.subprotocol().equals(answer.header("sec-websocket-protocol"))) {
			throw new ProtocolException(
					"the server speaks '%s' over WebSocket, and not '%s' (mqtt.websocket.subprotocol) [MQTT-6.0.0-3]"
						.formatted(answer.header("sec-websocket-protocol"), options.subprotocol()));
		}
	}

	private static String accept(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-1", ex);
		}
	}

	// ---- in

	@Override
	public int read(byte[] bytes, int from, int count, int timeoutMillis) throws IOException {
		Deadline deadline = Deadline.ofRead(timeoutMillis);
		while (this.left == 0) {
			if (this.closed || !readHeader(deadline)) {
				return -1;
			}
		}
		int read = this.under.read(bytes, from, (int) Math.min(count, this.left), deadline.millisLeft());
		this.left -= Math.max(read, 0);
		return read;
	}

	/**
	 * Read what stands before the data of a frame, and whole frames of no data.
	 * @return whether the connection goes on
	 */
	private boolean readHeader(Deadline deadline) throws IOException {
		int first = this.under.read(this.header, 0, 1, deadline.millisLeft());
		if (first < 0) {
			return false;
		}
		int opcode = this.header[0] & 0x0F;
		boolean last = (this.header[0] & FINAL) != 0;
		boolean reserved = (this.header[0] & 0x70) != 0;
		readFully(this.header, 1, deadline);
		int length = this.header[0] & 0x7F;
		if (reserved || (this.header[0] & MASKED) != 0) {
			throw new ProtocolException("the server has sent a WebSocket frame that is masked or has reserved bits");
		}
		switch (opcode) {
			case BINARY, CONTINUATION -> {
				if ((opcode == CONTINUATION) != this.inMessage) {
					throw new ProtocolException("the server has sent WebSocket frames that do not follow each other");
				}
				this.inMessage = !last;
				this.left = dataLength(length, deadline);
				return true;
			}
			case CLOSE, PING, PONG -> {
				if (!last || length > MAX_CONTROL) {
					throw new ProtocolException("the server has sent a WebSocket control frame that is none");
				}
				byte[] data = new byte[length];
				readFully(data, length, deadline);
				return control(opcode, data);
			}
			default -> throw new ProtocolException(
					"the server has sent a WebSocket frame of type %d: MQTT comes in binary ones [MQTT-6.0.0-1]"
						.formatted(opcode));
		}
	}

	private long dataLength(int length, Deadline deadline) throws IOException {
		int more = switch (length) {
			case 126 -> 2;
			case 127 -> 8;
			default -> 0;
		};
		if (more == 0) {
			return length;
		}
		readFully(this.header, more, deadline);
		long value = 0;
		for (int i = 0; i < more; i++) {
			value = value << 8 | this.header[i] & 0xFF;
		}
		if (value < 0) {
			throw new ProtocolException("the server has sent a WebSocket frame of a negative length");
		}
		return value;
	}

	private void readFully(byte[] bytes, int count, Deadline deadline) throws IOException {
		FullRead.of(this.under, bytes, count, deadline, "the server");
	}

	private boolean control(int opcode, byte[] data) throws IOException {
		if (opcode == PING && this.pinged.getAndSet(data) == null) {
			this.background.execute(this::pong);
		}
		this.closed = opcode == CLOSE;
		return !this.closed;
	}

	// The latest ping is enough to be answered: RFC 6455 §5.5.3
	private void pong() {
		byte[] data = this.pinged.getAndSet(null);
		try {
			if (data != null) {
				send(PONG, data, 0, data.length);
			}
		}
		catch (IOException ex) {
			this.under.close(); // so that the reading thread notices
		}
	}

	// ---- out

	@Override
	public void write(byte[] bytes, int from, int count) throws IOException {
		for (int written = 0; written < count;) {
			int chunk = Math.min(CHUNK, count - written);
			send(BINARY, bytes, from + written, chunk);
			written += chunk;
		}
	}

	private void send(int opcode, byte[] bytes, int from, int count) throws IOException {
		this.writing.lock();
		try {
			int header = (count <= MAX_CONTROL) ? 2 : 4;
			if (this.out.length < header + 4 + count) {
				this.out = new byte[header + 4 + CHUNK];
			}
			byte[] out = this.out;
			out[0] = (byte) (FINAL | opcode);
			if (header == 2) {
				out[1] = (byte) (MASKED | count);
			}
			else {
				out[1] = (byte) (MASKED | 126);
				out[2] = (byte) (count >> 8);
				out[3] = (byte) count;
			}
			int mask = RANDOM.nextInt(); // from a strong source: RFC 6455 §5.3
			for (int i = 0; i < 4; i++) {
				out[header + i] = (byte) (mask >> 24 - 8 * i);
			}
			for (int i = 0; i < count; i++) {
				out[header + 4 + i] = (byte) (bytes[from + i] ^ out[header + (i & 3)]);
			}
			this.under.write(out, 0, header + 4 + count);
		}
		finally {
			this.writing.unlock();
		}
	}

	@Override
	public void close() {
		this.under.close();
	}

}
