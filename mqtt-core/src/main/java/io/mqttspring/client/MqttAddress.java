package io.mqttspring.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a broker is.
 *
 * @param scheme how it is reached
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; empty for a
 * Unix socket
 * @param port 1 to 65,535; 0 for a Unix socket
 * @param path of a WebSocket, with its query, or of a Unix socket; else empty
 */
record MqttAddress(Scheme scheme, String host, int port, String path) {

	private static final Pattern AUTHORITY = Pattern
		.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\[\\]:@]+))(?::([0-9]{1,9}))?");

	private static final String EXAMPLES = "mqtt://host:1883, mqtts://host:8883, ws://host/mqtt, wss://host/mqtt or unix:/path";

	static MqttAddress parse(String text) {
		URI uri;
		try {
			uri = new URI(text.trim());
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"An address of a broker is no URI (%s at character %d); it has to look like mqtt://host:1883"
						.formatted(ex.getReason(), ex.getIndex()));
		}
		Scheme scheme = Scheme.of((uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "");
		if (String.valueOf(uri.getRawAuthority()).indexOf('@') >= 0) {
			throw new IllegalArgumentException(
					"The address of broker '%s' has user info: give user name and password as credentials, where they are not shown"
						.formatted(uri.getHost()));
		}
		return (scheme == Scheme.UNIX) ? unix(uri) : network(scheme, uri);
	}

	private static MqttAddress unix(URI uri) {
		String path = uri.getPath();
		if (path == null || !path.startsWith("/") || uri.getAuthority() != null) {
			throw new IllegalArgumentException(
					"The address of a Unix socket has to have its whole path, as in unix:/run/mosquitto.sock");
		}
		return new MqttAddress(Scheme.UNIX, "", 0, path);
	}

	private static MqttAddress network(Scheme scheme, URI uri) {
		// By hand: names with '_', as Docker gives them, are no hosts of a URI
		Matcher authority = AUTHORITY.matcher(String.valueOf(uri.getRawAuthority()));
		if (uri.getRawAuthority() == null || !authority.matches()) {
			throw new IllegalArgumentException(
					"An address of a broker has no host; it has to look like mqtt://host:1883");
		}
		String bare = (authority.group(1) != null) ? authority.group(1) : authority.group(2);
		int port = (authority.group(3) != null) ? Integer.parseInt(authority.group(3)) : scheme.port;
		if (port < 1 || port > 65_535) {
			throw new IllegalArgumentException(
					"Port %d of broker '%s' is none: it can be 1 to 65,535".formatted(port, bare));
		}
		String path = (uri.getRawPath() != null && !uri.getRawPath().equals("/")) ? uri.getRawPath() : "";
		if (!scheme.webSocket && !path.isEmpty()) {
			throw new IllegalArgumentException(
					"The address of broker '%s' has the path '%s', which only ws:// and wss:// can have".formatted(bare,
							path));
		}
		String query = (scheme.webSocket && uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		boolean onlyQuery = path.isEmpty() && !query.isEmpty();
		return new MqttAddress(scheme, bare, port, (onlyQuery ? "/" : path) + query);
	}

	/**
	 * Return the host and, where it is not the scheme's own, the port, as HTTP wants
	 * them.
	 */
	String authority() {
		String bracketed = (this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host;
		return (this.port == this.scheme.port) ? bracketed : bracketed + ":" + this.port;
	}

	URI toUri() {
		return URI.create(withPort() + this.path);
	}

	private String withPort() {
		if (this.scheme == Scheme.UNIX) {
			return "unix:";
		}
		return "%s://%s:%d".formatted(this.scheme.names[0],
				(this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host, this.port);
	}

	// A query may have a token in it
	@Override
	public String toString() {
		int query = this.path.indexOf('?');
		return withPort() + ((query < 0 || this.scheme == Scheme.UNIX) ? this.path : this.path.substring(0, query));
	}

	/**
	 * Ways to reach a broker.
	 */
	enum Scheme {

		MQTT(1883, false, false, "mqtt", "tcp"), MQTTS(8883, true, false, "mqtts", "ssl"), WS(80, false, true, "ws"),
		WSS(443, true, true, "wss"), UNIX(0, false, false, "unix");

		final int port; // where the address names none

		final boolean tls;

		final boolean webSocket;

		private final String[] names;

		Scheme(int port, boolean tls, boolean webSocket, String... names) {
			this.port = port;
			this.tls = tls;
			this.webSocket = webSocket;
			this.names = names;
		}

		static Scheme of(String name) {
			return Arrays.stream(values())
				.filter((scheme) -> Arrays.asList(scheme.names).contains(name))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException(
						"Scheme '%s' of a broker's address is not supported: use %s".formatted(name, EXAMPLES)));
		}

	}

}
