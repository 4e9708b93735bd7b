package io.mqttspring.client;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A proxy between this client and the broker. It is given the broker's name, and resolves
 * it itself.
 *
 * @param type which kind of proxy it is
 * @param host its name or address
 * @param port 1 to 65,535
 * @param username how it is to know us, or {@code null}; at most 255 bytes for SOCKS
 * @param password likewise
 */
public record ProxyOptions(Type type, String host, int port, @Nullable String username, @Nullable String password) {

	private static final int SOCKS_LIMIT = 255;

	public ProxyOptions {
		Objects.requireNonNull(type, "type");
		if (host.isBlank()) {
			throw new IllegalArgumentException("host of the proxy is blank");
		}
		Require.between("port of the proxy", port, 1, 65_535);
		if (type == Type.SOCKS5) {
			checkLength("username", username);
			checkLength("password", password);
		}
		if (username == null && password != null) {
			throw new IllegalArgumentException("the proxy has a password, and no username");
		}
	}

	private static void checkLength(String name, @Nullable String value) {
		int bytes = (value != null) ? value.getBytes(StandardCharsets.UTF_8).length : 0;
		if (bytes > SOCKS_LIMIT) {
			throw new IllegalArgumentException("%s of the proxy takes %d bytes in UTF-8: SOCKS takes at most %d"
				.formatted(name, bytes, SOCKS_LIMIT));
		}
	}

	/**
	 * Return these options with another port.
	 * @param port 1 to 65,535
	 * @return new options
	 */
	public ProxyOptions withPort(int port) {
		return new ProxyOptions(this.type, this.host, port, this.username, this.password);
	}

	/**
	 * Return these options with other credentials.
	 * @param username the user name, or {@code null} for none
	 * @param password the password, or {@code null} for none
	 * @return new options
	 */
	public ProxyOptions withCredentials(@Nullable String username, @Nullable String password) {
		return new ProxyOptions(this.type, this.host, this.port, username, password);
	}

	/**
	 * Return where the proxy is.
	 * @return host and port
	 */
	public String address() {
		return this.host + ":" + this.port;
	}

	@Override
	public String toString() {
		return "%s proxy %s".formatted(this.type, address());
	}

	/**
	 * Kinds of proxies.
	 */
	public enum Type {

		/**
		 * An HTTP proxy that takes CONNECT.
		 */
		HTTP,

		/**
		 * A SOCKS 5 proxy.
		 */
		SOCKS5

	}

}
