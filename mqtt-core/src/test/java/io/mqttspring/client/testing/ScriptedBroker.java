package io.mqttspring.client.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A broker that does what the test says: takes a connection, reads packets, plays literal
 * bytes of the specification, cuts, falls silent. The test is the broker's thread; each
 * wait is bounded, and what fails tells what was read so far.
 */
public final class ScriptedBroker implements AutoCloseable {

	/** CONNACK of 5.0: accepted, no session, no properties. */
	public static final String CONNACK_5 = "20 03 00 00 00";

	/** CONNACK of 3.1.1: accepted, no session. */
	public static final String CONNACK_3 = "20 02 00 00";

	/** First byte of CONNECT. */
	public static final int CONNECT = 0x10;

	/** First four bits of PUBLISH. */
	public static final int PUBLISH = 0x30;

	/** First byte of PUBACK. */
	public static final int PUBACK = 0x40;

	/** First byte of SUBSCRIBE. */
	public static final int SUBSCRIBE = 0x82;

	/** First byte of UNSUBSCRIBE. */
	public static final int UNSUBSCRIBE = 0xA2;

	/** First byte of PINGREQ. */
	public static final int PINGREQ = 0xC0;

	/** First byte of DISCONNECT. */
	public static final int DISCONNECT = 0xE0;

	private static final int TIMEOUT_MILLIS = 15_000;

	private final ServerSocket server;

	private final List<Link> links = new CopyOnWriteArrayList<>();

	/**
	 * Listen on a free port.
	 */
	public ScriptedBroker() {
		try {
			this.server = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return where it listens.
	 */
	public String uri() {
		return "mqtt://127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Return the port it listens on.
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Take the next connection.
	 */
	public Link accept() {
		return acceptWithin(Duration.ofMillis(TIMEOUT_MILLIS)).orElseThrow(() -> new AssertionError(
				"No connection number %d within %,d ms".formatted(this.links.size() + 1, TIMEOUT_MILLIS)));
	}

	/**
	 * Take the next connection if it comes in time.
	 */
	public Optional<Link> acceptWithin(Duration limit) {
		try {
			this.server.setSoTimeout((int) limit.toMillis());
			Link link = new Link(this.server.accept(), this.links.size() + 1);
			this.links.add(link);
			return Optional.of(link);
		}
		catch (SocketTimeoutException ex) {
			return Optional.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Take the next connection, read CONNECT and answer it.
	 * @param connAck the answer, as hexadecimal digits
	 */
	public Link accept(String connAck) {
		Link link = accept();
		link.expect(CONNECT);
		link.send(connAck);
		return link;
	}

	/**
	 * Return a PUBLISH of QoS 0, with an empty property list on 5.0.
	 */
	public static byte[] publish(boolean v5, String topic, String payload) {
		return publish(v5, 0, 0, topic, payload);
	}

	/**
	 * Return a PUBLISH of any QoS, shorter than 128 bytes.
	 */
	public static byte[] publish(boolean v5, int qos, int packetId, String topic, String payload) {
		byte[] name = topic.getBytes(StandardCharsets.UTF_8);
		byte[] data = payload.getBytes(StandardCharsets.UTF_8);
		StringBuilder hex = new StringBuilder();
		int length = 2 + name.length + ((qos > 0) ? 2 : 0) + (v5 ? 1 : 0) + data.length;
		if (length > 127) {
			throw new IllegalArgumentException("The packet has more than 127 bytes");
		}
		hex.append("%02X%02X%04X".formatted(0x30 | qos << 1, length, name.length));
		hex.append(HexFormat.of().formatHex(name));
		if (qos > 0) {
			hex.append("%04X".formatted(packetId));
		}
		if (v5) {
			hex.append("00");
		}
		hex.append(HexFormat.of().formatHex(data));
		return HexFormat.of().parseHex(hex);
	}

	@Override
	public void close() {
		this.links.forEach(Link::cut);
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A connection, seen from the broker.
	 */
	public static final class Link {

		private final Socket socket;

		private final InputStream in;

		private final int number;

		private final List<Packet> read = new ArrayList<>();

		Link(Socket socket, int number) throws IOException {
			this.socket = socket;
			this.number = number;
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			this.in = socket.getInputStream();
		}

		/**
		 * Read the next packet, whatever it is.
		 */
		public Packet read() {
			try {
				int first = this.in.read();
				if (first < 0) {
					throw new AssertionError("The client has closed %s".formatted(this));
				}
				Packet packet = new Packet(first, this.in.readNBytes(remainingLength()));
				this.read.add(packet);
				return packet;
			}
			catch (SocketTimeoutException ex) {
				throw new AssertionError("Nothing came within %,d ms on %s".formatted(TIMEOUT_MILLIS, this));
			}
			catch (IOException ex) {
				throw new AssertionError("Reading failed with %s on %s".formatted(ex, this), ex);
			}
		}

		private int remainingLength() throws IOException {
			int length = 0;
			for (int shift = 0;; shift += 7) {
				int next = this.in.read();
				if (next < 0) {
					throw new EOFException("in the middle of a packet");
				}
				length |= (next & 0x7F) << shift;
				if (next < 0x80) {
					return length;
				}
			}
		}

		/**
		 * Read the next packet, which has to be of a type.
		 * @param first its first byte; of PUBLISH, the first four bits
		 */
		public Packet expect(int first) {
			Packet packet = read();
			if (((first == PUBLISH) ? packet.first() & 0xF0 : packet.first()) != first) {
				throw new AssertionError(
						"Expected a packet that begins with %02X, got the last one of %s".formatted(first, this));
			}
			return packet;
		}

		/**
		 * Read the next packet, which has to be these bytes.
		 * @param hex as hexadecimal digits
		 */
		public void expect(String hex) {
			String expected = hex.replace(" ", "").toUpperCase(Locale.ROOT);
			if (!read().hex().replace(" ", "").equals(expected)) {
				throw new AssertionError("Expected %s, got the last one of %s".formatted(hex, this));
			}
		}

		/**
		 * Read no more than the first byte of the next packet: nothing can be read after
		 * it.
		 */
		public void expectFirstByte(int first) {
			try {
				int read = this.in.read();
				if (read != first) {
					throw new AssertionError(
							"Expected a packet that begins with %02X, got %02X on %s".formatted(first, read, this));
				}
			}
			catch (IOException ex) {
				throw new AssertionError("Reading failed with %s on %s".formatted(ex, this), ex);
			}
		}

		/**
		 * Read until the client closes.
		 * @return the packets before
		 */
		public List<Packet> readToEnd() {
			List<Packet> packets = new ArrayList<>();
			try {
				int first;
				while ((first = this.in.read()) >= 0) {
					packets.add(new Packet(first, this.in.readNBytes(remainingLength())));
				}
			}
			catch (SocketTimeoutException ex) {
				this.read.addAll(packets);
				throw new AssertionError("The client did not close within %,d ms: %s".formatted(TIMEOUT_MILLIS, this));
			}
			catch (IOException ex) {
				// A reset ends it as well
			}
			this.read.addAll(packets);
			return packets;
		}

		/**
		 * Play bytes.
		 * @param hex as hexadecimal digits
		 */
		public void send(String hex) {
			send(HexFormat.of().parseHex(hex.replace(" ", "")));
		}

		/**
		 * Play bytes.
		 */
		public void send(byte[] bytes) {
			try {
				this.socket.getOutputStream().write(bytes);
			}
			catch (IOException ex) {
				throw new AssertionError("Writing failed with %s on %s".formatted(ex, this), ex);
			}
		}

		/**
		 * Answer PUBACK to a PUBLISH of QoS 1.
		 */
		public void acknowledge(Packet publish) {
			send("40 02 %04X".formatted(publish.packetId()));
		}

		/**
		 * Close, as a broker that ends.
		 */
		public void cut() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * Close with a reset, as a network that fails.
		 */
		public void reset() {
			try {
				this.socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// Closed already
			}
			cut();
		}

		@Override
		public String toString() {
			StringBuilder text = new StringBuilder("connection %d; read so far:".formatted(this.number));
			if (this.read.isEmpty()) {
				text.append(" nothing");
			}
			this.read.forEach((packet) -> text.append("\n  ").append(packet));
			return text.toString();
		}

	}

	/**
	 * A packet from the client.
	 *
	 * @param first its first byte
	 * @param body what follows the remaining length
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Packet(int first, byte[] body) {

		private static final int SHOWN = 128;

		/**
		 * Return whether it begins with this byte; of PUBLISH, with these four bits.
		 */
		public boolean is(int type) {
			return ((type == PUBLISH) ? this.first & 0xF0 : this.first) == type;
		}

		/**
		 * Return the protocol level of a CONNECT: 4 or 5.
		 */
		public int protocolLevel() {
			return this.body[6];
		}

		/**
		 * Return the topic of a PUBLISH.
		 */
		public String topic() {
			return new String(this.body, 2, topicLength(), StandardCharsets.UTF_8);
		}

		private int topicLength() {
			return (this.body[0] & 0xFF) << 8 | this.body[1] & 0xFF;
		}

		/**
		 * Return the QoS of a PUBLISH.
		 */
		public int qos() {
			return this.first >> 1 & 3;
		}

		/**
		 * Return whether a PUBLISH has the DUP flag.
		 */
		public boolean duplicate() {
			return (this.first & 8) != 0;
		}

		/**
		 * Return the packet id of PUBLISH, SUBSCRIBE, UNSUBSCRIBE and acknowledgements.
		 */
		public int packetId() {
			int at = is(PUBLISH) ? 2 + topicLength() : 0;
			return (this.body[at] & 0xFF) << 8 | this.body[at + 1] & 0xFF;
		}

		/**
		 * Return the payload of a PUBLISH that has no property, as text.
		 * @param v5 whether there is an empty property list
		 */
		public String payload(boolean v5) {
			int at = 2 + topicLength() + ((qos() > 0) ? 2 : 0) + (v5 ? 1 : 0);
			return new String(this.body, at, this.body.length - at, StandardCharsets.UTF_8);
		}

		/**
		 * Return how many bytes it had.
		 */
		public int length() {
			return hex().replace(" ", "").length() / 2;
		}

		/**
		 * Return the bytes: 40 02 00 01.
		 */
		public String hex() {
			StringBuilder hex = new StringBuilder("%02X".formatted(this.first));
			int length = this.body.length;
			do {
				hex.append(" %02X".formatted((length > 127) ? length & 0x7F | 0x80 : length));
				length >>>= 7;
			}
			while (length > 0);
			for (byte one : this.body) {
				hex.append(" %02X".formatted(one));
			}
			return hex.toString();
		}

		@Override
		public String toString() {
			String hex = hex();
			return (hex.length() > SHOWN * 3)
					? hex.substring(0, SHOWN * 3) + "… (%,d bytes)".formatted(this.body.length) : hex;
		}

	}

}
