package io.mqttspring.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a broker is: {@code mqtt://host:port}, {@code tcp://host:port}.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65,535
 */
record MqttAddress(String host, int port) {

	private static final int DEFAULT_PORT = 1883;

	static MqttAddress parse(String text) {
		URI uri;
		try {
			uri = new URI(text.trim());
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException(
					"An address of a broker is no URI at character %d; it has to look like mqtt://host:1883"
						.formatted(ex.getIndex()));
		}
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		if (!scheme.equals("mqtt") && !scheme.equals("tcp")) {
			throw new IllegalArgumentException(
					"Scheme '%s' of a broker's address is not supported: use mqtt://host:1883 or tcp://host:1883"
						.formatted(scheme));
		}
		if (uri.getUserInfo() != null) {
			throw new IllegalArgumentException(
					"The address of broker '%s' has user info: give user name and password as credentials, where they are not shown"
						.formatted(uri.getHost()));
		}
		String authority = uri.getHost();
		if (authority == null) {
			throw new IllegalArgumentException(
					"An address of a broker has no host; it has to look like mqtt://host:1883");
		}
		String bare = authority.startsWith("[") ? authority.substring(1, authority.length() - 1) : authority;
		int port = (uri.getPort() == -1) ? DEFAULT_PORT : uri.getPort();
		if (port < 1 || port > 65_535) {
			throw new IllegalArgumentException(
					"Port %d of broker '%s' is none: it can be 1 to 65,535".formatted(port, bare));
		}
		return new MqttAddress(bare, port);
	}

	@Override
	public String toString() {
		return "mqtt://%s:%d".formatted((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host, this.port);
	}

}
