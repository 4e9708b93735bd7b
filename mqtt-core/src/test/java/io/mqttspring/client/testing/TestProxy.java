package io.mqttspring.client.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.mqttspring.client.ProxyOptions;

/**
 * An HTTP or SOCKS 5 proxy that connects to any port of this machine, whatever the host
 * is called, and remembers what it was asked for. Written after the RFCs, not after our
 * own code.
 */
public final class TestProxy implements AutoCloseable {

	private final ServerSocket server;

	private final ProxyOptions.Type type;

	private final String user;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	/**
	 * Start a proxy.
	 * @param user whom it knows, as {@code name:password}, or {@code null} for anybody
	 */
	public TestProxy(ProxyOptions.Type type, String user) {
		this.type = type;
		this.user = user;
		try {
			this.server = new ServerSocket(FreePort.next(), 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Background.run(this::accept);
	}

	/**
	 * Return how to reach it.
	 */
	public ProxyOptions options(String username, String password) {
		return new ProxyOptions(this.type, "127.0.0.1", this.server.getLocalPort(), username, password);
	}

	/**
	 * Return the targets that it was asked for.
	 */
	public List<String> requests() {
		return List.copyOf(this.requests);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket near = this.server.accept();
				this.open.add(near);
				Background.run(() -> serve(near));
			}
			catch (IOException ex) {
				// Closed
			}
		}
	}

	private void serve(Socket near) {
		try (near) {
			int port = (this.type == ProxyOptions.Type.HTTP) ? http(near) : socks(near);
			if (port > 0) {
				try (Socket far = new Socket(InetAddress.getLoopbackAddress(), port)) {
					this.open.add(far);
					Background.run(() -> pass(far, near));
					pass(near, far);
				}
			}
		}
		catch (IOException ex) {
			// The client, or the broker, has gone
		}
	}

	private int http(Socket near) throws IOException {
		DataInputStream in = new DataInputStream(near.getInputStream());
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder();
		while (true) {
			char c = (char) in.readByte();
			if (c == '\n') {
				if (line.isEmpty()) {
					break;
				}
				lines.add(line.toString());
				line.setLength(0);
			}
			else if (c != '\r') {
				line.append(c);
			}
		}
		OutputStream out = near.getOutputStream();
		String basic = (this.user != null) ? "Basic " + Base64.getEncoder().encodeToString(this.user.getBytes()) : null;
		if (basic != null && !lines.contains("Proxy-Authorization: " + basic)) {
			out.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n".getBytes());
			return 0;
		}
		String target = lines.get(0).split(" ")[1];
		this.requests.add(target);
		int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
		if (port == 1) {
			out.write("HTTP/1.1 403 Forbidden by policy\r\n\r\n".getBytes());
			return 0;
		}
		out.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".getBytes());
		return port;
	}

	private int socks(Socket near) throws IOException {
		DataInputStream in = new DataInputStream(near.getInputStream());
		OutputStream out = near.getOutputStream();
		in.readByte();
		byte[] methods = in.readNBytes(in.readUnsignedByte());
		int wanted = (this.user != null) ? 2 : 0;
		boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) >= 0;
		out.write(new byte[] { 5, (byte) (offered ? wanted : 0xFF) });
		if (!offered) {
			return 0;
		}
		if (wanted == 2) {
			in.readByte();
			String user = new String(in.readNBytes(in.readUnsignedByte())) + ":"
					+ new String(in.readNBytes(in.readUnsignedByte()));
			out.write(new byte[] { 1, (byte) (user.equals(this.user) ? 0 : 1) });
			if (!user.equals(this.user)) {
				return 0;
			}
		}
		in.readNBytes(4);
		String host = new String(in.readNBytes(in.readUnsignedByte()));
		int port = in.readUnsignedShort();
		this.requests.add(host + ":" + port);
		byte reply = (byte) ((port == 1) ? 2 : 0);
		out.write(new byte[] { 5, reply, 0, 1, 127, 0, 0, 1, 0, 80 });
		return (port == 1) ? 0 : port;
	}

	private static void pass(Socket from, Socket to) {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// One side has gone: so does the other
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Socket socket : this.open) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
