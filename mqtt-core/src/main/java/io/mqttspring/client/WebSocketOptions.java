package io.mqttspring.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How MQTT is spoken over WebSocket (MQTT 5.0 §6), for the addresses {@code ws://} and
 * {@code wss://}.
 *
 * @param path what to ask for where the address names none, with its query (default
 * {@code /mqtt})
 * @param headers further headers of the request, such as {@code Authorization}
 * @param subprotocol what to ask for and insist on (default {@code mqtt}; some old
 * brokers want {@code mqttv3.1})
 */
public record WebSocketOptions(String path, Map<String, String> headers, String subprotocol) {

	// RFC 9110
	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	/**
	 * The defaults.
	 */
	public static final WebSocketOptions DEFAULTS = new WebSocketOptions("/mqtt", Map.of(), "mqtt");

	public WebSocketOptions {
		if (!path.startsWith("/") || !isPrintable(path) || path.indexOf(' ') >= 0) {
			throw new IllegalArgumentException(
					"path of a WebSocket has to begin with '/', and have no blanks and control characters");
		}
		if (!TOKEN.matcher(subprotocol).matches()) {
			throw new IllegalArgumentException("subprotocol of a WebSocket is none");
		}
		headers.forEach((name, value) -> {
			if (!TOKEN.matcher(name).matches() || !isPrintable(value)) {
				throw new IllegalArgumentException(
						"header of a WebSocket's request is none: no blanks and control characters in names, and no control characters in values");
			}
		});
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	private static boolean isPrintable(String text) {
		return text.chars().noneMatch(Character::isISOControl);
	}

	/**
	 * Return these options with another path.
	 * @param path what to ask for, with its query
	 * @return new options
	 */
	public WebSocketOptions withPath(String path) {
		return new WebSocketOptions(path, this.headers, this.subprotocol);
	}

	/**
	 * Return these options with one more header.
	 * @param name its name; another value of the same name is replaced
	 * @param value its value
	 * @return new options
	 */
	public WebSocketOptions withHeader(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new WebSocketOptions(this.path, more, this.subprotocol);
	}

	/**
	 * Return these options with another sub-protocol.
	 * @param subprotocol what to ask for and insist on
	 * @return new options
	 */
	public WebSocketOptions withSubprotocol(String subprotocol) {
		return new WebSocketOptions(this.path, this.headers, subprotocol);
	}

	@Override
	public String toString() {
		return "WebSocketOptions[path=%s, headers=%s, subprotocol=%s]".formatted(this.path.replaceAll("\\?.*", "?…"),
				this.headers.keySet(), this.subprotocol);
	}

}
