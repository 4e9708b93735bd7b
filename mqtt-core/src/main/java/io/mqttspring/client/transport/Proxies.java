package io.mqttspring.client.transport;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.ProxyOptions;

/**
 * Ways through a proxy: HTTP CONNECT (RFC 9110 §9.3.6) with Basic authentication, and
 * SOCKS 5 (RFC 1928) with user name and password (RFC 1929). The proxy resolves the
 * broker's name.
 */
public final class Proxies {

	private static final int SOCKS = 5;

	private static final int NO_AUTHENTICATION = 0;

	private static final int USER_NAME_AND_PASSWORD = 2;

	private static final int DOMAIN_NAME = 3;

	private static final String[] SOCKS_REPLIES = { "succeeded", "general failure", "not allowed by the proxy's rules",
			"network unreachable", "host unreachable", "connection refused", "time to live expired",
			"command not supported", "address type not supported" };

	private Proxies() {
	}

	/**
	 * Have a proxy connect to a broker.
	 * @param proxy what the proxy is connected by
	 * @param options which kind it is, and how it is to know us
	 * @param host the broker's
	 * @param port the broker's
	 * @param deadline until when
	 * @throws IOException if the proxy does not, and why
	 */
	public static void connect(Transport proxy, ProxyOptions options, String host, int port, Deadline deadline)
			throws IOException {
		switch (options.type()) {
			case HTTP -> http(proxy, options, host, port, deadline);
			case SOCKS5 -> socks5(proxy, options, host, port, deadline);
		}
	}

	private static void http(Transport proxy, ProxyOptions options, String host, int port, Deadline deadline)
			throws IOException {
		String target = ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + port;
		StringBuilder request = new StringBuilder("CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n".formatted(target));
		if (options.username() != null) {
			String user = options.username() + ":" + ((options.password() != null) ? options.password() : "");
			request.append("Proxy-Authorization: Basic ")
				.append(Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
				.append("\r\n");
		}
		byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
		proxy.write(bytes, 0, bytes.length);
		String who = "the HTTP proxy " + options.address();
		HttpHead answer = HttpHead.read(proxy, deadline, who);
		if (answer.status() / 100 != 2) {
			throw new ProtocolException("%s does not connect to %s: %d %s%s".formatted(who, target, answer.status(),
					answer.reason(), (answer.status() == 407)
							? "; check its user name and password (mqtt.proxy.username, mqtt.proxy.password)" : ""));
		}
	}

	private static void socks5(Transport proxy, ProxyOptions options, String host, int port, Deadline deadline)
			throws IOException {
		String who = "the SOCKS proxy " + options.address();
		boolean known = options.username() != null;
		byte[] hello = known ? new byte[] { SOCKS, 2, NO_AUTHENTICATION, USER_NAME_AND_PASSWORD }
				: new byte[] { SOCKS, 1, NO_AUTHENTICATION };
		proxy.write(hello, 0, hello.length);
		byte[] method = read(proxy, 2, deadline, who);
		if (method[0] != SOCKS) {
			throw new ProtocolException("%s does not speak SOCKS 5".formatted(who));
		}
		if (known && method[1] == USER_NAME_AND_PASSWORD) {
			authenticate(proxy, options, deadline, who);
		}
		else if (method[1] != NO_AUTHENTICATION) {
			throw new ProtocolException("%s takes none of our ways to authenticate; %s".formatted(who,
					known ? "it wants another one than user name and password" : "it may want mqtt.proxy.username"));
		}
		byte[] name = host.getBytes(StandardCharsets.US_ASCII);
		byte[] request = ByteBuffer.allocate(7 + name.length)
			.put(new byte[] { SOCKS, 1, 0, DOMAIN_NAME, (byte) name.length })
			.put(name)
			.putShort((short) port)
			.array();
		proxy.write(request, 0, request.length);
		byte[] reply = read(proxy, 4, deadline, who);
		if (reply[1] != 0) {
			throw new ProtocolException("%s does not connect to %s:%d: %s".formatted(who, host, port,
					(reply[1] > 0 && reply[1] < SOCKS_REPLIES.length) ? SOCKS_REPLIES[reply[1]]
							: "reply %d".formatted(reply[1] & 0xFF)));
		}
		int address = switch (reply[3]) {
			case 1 -> 4;
			case 4 -> 16;
			default -> read(proxy, 1, deadline, who)[0] & 0xFF;
		};
		read(proxy, address + 2, deadline, who); // where it connects from
	}

	private static void authenticate(Transport proxy, ProxyOptions options, Deadline deadline, String who)
			throws IOException {
		byte[] username = bytes(options.username());
		byte[] password = bytes(options.password());
		byte[] request = ByteBuffer.allocate(3 + username.length + password.length)
			.put((byte) 1)
			.put((byte) username.length)
			.put(username)
			.put((byte) password.length)
			.put(password)
			.array();
		proxy.write(request, 0, request.length);
		if (read(proxy, 2, deadline, who)[1] != 0) {
			throw new ProtocolException(
					"%s refuses user name and password (mqtt.proxy.username, mqtt.proxy.password)".formatted(who));
		}
	}

	private static byte[] bytes(@Nullable String text) {
		return (text != null) ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
	}

	private static byte[] read(Transport proxy, int count, Deadline deadline, String who) throws IOException {
		byte[] bytes = new byte[count];
		FullRead.of(proxy, bytes, count, deadline, who);
		return bytes;
	}

}
