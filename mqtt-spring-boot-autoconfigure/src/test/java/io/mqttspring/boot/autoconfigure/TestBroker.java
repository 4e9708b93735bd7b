package io.mqttspring.boot.autoconfigure;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * A broker that speaks just enough MQTT 5 to be connected to, published to and left, and
 * remembers what came. For what needs a real one there is HiveMQ.
 */
final class TestBroker implements AutoCloseable {

	private static final byte[] ACCEPTED = { 0x20, 3, 0, 0, 0 };

	private static final byte[] BAD_CREDENTIALS = { 0x20, 3, 0, (byte) 0x86, 0 };

	private final ServerSocket server;

	private final byte[] connAck;

	private volatile byte[] message = {};

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private TestBroker(int port, byte[] connAck) {
		this(ServerSocketFactory.getDefault(), port, connAck);
	}

	private TestBroker(ServerSocketFactory factory, int port, byte[] connAck) {
		try {
			this.server = factory.createServerSocket(port, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.connAck = connAck;
		Thread thread = new Thread(this::accept, "test-broker");
		thread.setDaemon(true);
		thread.start();
	}

	static TestBroker start() {
		return startAt(0);
	}

	static TestBroker startAt(int port) {
		return new TestBroker(port, ACCEPTED);
	}

	static TestBroker startTls(SSLContext context) {
		return new TestBroker(context.getServerSocketFactory(), 0, ACCEPTED);
	}

	static TestBroker refusing() {
		return new TestBroker(0, BAD_CREDENTIALS);
	}

	// Below those that the system gives to outgoing connections: else a client that tries
	// to connect to it could reach itself, or another test
	static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return server.getLocalPort();
			}
			catch (IOException ex) {
				// Somebody has it: try another one
			}
		}
	}

	static String uri(int port) {
		return "mqtt://%s:%d".formatted(InetAddress.getLoopbackAddress().getHostAddress(), port);
	}

	String uri() {
		return uri(port());
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Deliver a message of QoS 1 to whoever subscribes from now on.
	 * @param topic the topic, in ASCII
	 */
	void deliver(String topic) {
		byte[] name = topic.getBytes(StandardCharsets.US_ASCII);
		this.message = ByteBuffer.allocate(name.length + 7)
			.put((byte) 0x32)
			.put((byte) (name.length + 5))
			.putShort((short) name.length)
			.put(name)
			.putShort((short) 1) // packet id
			.put((byte) 0) // no properties
			.array();
	}

	/**
	 * Return what came, in order: the names of packets.
	 */
	List<String> received() {
		return this.received;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				serve(socket);
			}
			catch (SocketException | EOFException ex) {
				this.received.add("END");
			}
			catch (IOException ex) {
				this.received.add(ex.toString());
			}
		}
	}

	private void serve(Socket socket) throws IOException {
		DataInputStream in = new DataInputStream(socket.getInputStream());
		OutputStream out = socket.getOutputStream();
		while (true) {
			int header = in.readUnsignedByte();
			byte[] body = in.readNBytes(remainingLength(in));
			switch (header >> 4) {
				case 1 -> answer("CONNECT", out, this.connAck);
				case 3 -> answer("PUBLISH", out, pubAck(header, body));
				case 4 -> this.received.add("PUBACK");
				case 8 -> {
					answer("SUBSCRIBE", out, new byte[] { (byte) 0x90, 4, body[0], body[1], 0, 1 });
					out.write(this.message);
					out.flush();
				}
				case 12 -> answer("PINGREQ", out, new byte[] { (byte) 0xD0, 0 });
				case 14 -> this.received.add("DISCONNECT");
				default -> this.received.add("packet of type " + (header >> 4));
			}
		}
	}

	private void answer(String packet, OutputStream out, byte[] answer) throws IOException {
		this.received.add(packet);
		out.write(answer);
		out.flush();
	}

	private static byte[] pubAck(int header, byte[] body) {
		if ((header & 0x06) == 0) {
			return new byte[0];
		}
		int id = 2 + ((body[0] & 0xFF) << 8) + (body[1] & 0xFF);
		return new byte[] { 0x40, 2, body[id], body[id + 1] };
	}

	private static int remainingLength(DataInputStream in) throws IOException {
		int length = 0;
		int shift = 0;
		int next;
		do {
			next = in.readUnsignedByte();
			length |= (next & 0x7F) << shift;
			shift += 7;
		}
		while (next >= 0x80);
		return length;
	}

	/**
	 * Close all connections.
	 */
	void cut() {
		try {
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
