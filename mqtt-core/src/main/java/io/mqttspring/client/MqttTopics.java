package io.mqttspring.client;

/**
 * The rules of topic names and topic filters (MQTT 5.0 §4.7, 3.1.1 §4.7).
 */
public final class MqttTopics {

	private static final int MAX_BYTES = 65_535;

	private static final String SHARE = "$share/";

	private MqttTopics() {
	}

	/**
	 * Check a topic name: what a message is published to.
	 * @param topic the name
	 * @return how many bytes it takes in UTF-8, 1 to 65,535
	 * @throws IllegalArgumentException if it is empty, too long, has a wildcard
	 * [MQTT-3.3.2-2], U+0000 [MQTT-4.7.3-2] or half a surrogate pair [MQTT-1.5.4-1]
	 */
	public static int checkName(String topic) {
		int bytes = utf8Length("Topic name", topic);
		for (int i = 0; i < topic.length(); i++) {
			char c = topic.charAt(i);
			if (c == '+' || c == '#') {
				throw new IllegalArgumentException(
						"Topic name '%s': '%c' is a wildcard and has no place in the name of a topic to publish to"
							.formatted(topic, c));
			}
		}
		return bytes;
	}

	/**
	 * Check a topic filter: what is subscribed to.
	 * @param filter the filter; may begin with {@code $share/group/}
	 * @throws IllegalArgumentException if it is empty, too long, has a wildcard where
	 * none may be [MQTT-4.7.1-1] [MQTT-4.7.1-2], U+0000 [MQTT-4.7.3-2] or half a
	 * surrogate pair [MQTT-1.5.4-1], or a share name that is not one [MQTT-4.8.2-2]
	 */
	public static void checkFilter(String filter) {
		utf8Length("Topic filter", filter);
		if (isShared(filter)) {
			checkShare(filter);
		}
		int last = filter.length() - 1;
		for (int i = 0; i <= last; i++) {
			char c = filter.charAt(i);
			if (c == '#' && i != last) {
				throw new IllegalArgumentException(
						"Topic filter '%s': '#' may only be the last level; use '+', or move '#' to the end"
							.formatted(filter));
			}
			boolean alone = (i == 0 || filter.charAt(i - 1) == '/') && (i == last || filter.charAt(i + 1) == '/');
			if ((c == '#' || c == '+') && !alone) {
				throw new IllegalArgumentException(
						"Topic filter '%s': '%c' has to be a level of its own, between slashes".formatted(filter, c));
			}
		}
	}

	private static void checkShare(String filter) {
		int end = filter.indexOf('/', SHARE.length());
		String group = (end < 0) ? filter.substring(SHARE.length()) : filter.substring(SHARE.length(), end);
		if (group.isEmpty() || group.indexOf('+') >= 0 || group.indexOf('#') >= 0) {
			throw new IllegalArgumentException(
					"Topic filter '%s': the share name after '$share/' has to be one level or more characters without '+' and '#'"
						.formatted(filter));
		}
		if (end < 0 || end == filter.length() - 1) {
			throw new IllegalArgumentException(
					"Topic filter '%s': a filter has to follow the share name, as in '$share/%s/#'".formatted(filter,
							group));
		}
	}

	/**
	 * Return whether a filter is that of a shared subscription (MQTT 5.0 §4.8.2).
	 * @param filter any filter
	 * @return whether it begins with {@code $share/}
	 */
	public static boolean isShared(String filter) {
		return filter.startsWith(SHARE);
	}

	/**
	 * Return the filter that messages of a shared subscription are matched by (MQTT 5.0
	 * §4.8.2).
	 * @param filter any filter
	 * @return what follows {@code $share/group/}; any other filter as it is
	 */
	public static String withoutShare(String filter) {
		return isShared(filter) ? filter.substring(filter.indexOf('/', SHARE.length()) + 1) : filter;
	}

	/**
	 * Return how many bytes a string takes in UTF-8.
	 * @param what what the string is, for the message of the exception
	 * @param string the string
	 * @return 1 to 65,535
	 * @throws IllegalArgumentException if it is empty or may not be in a packet
	 */
	private static int utf8Length(String what, String string) {
		if (string.isEmpty()) {
			throw new IllegalArgumentException(what + " is empty: it has to have at least one character");
		}
		return utf8(what, string);
	}

	static int utf8(String what, String string) {
		int bytes = string.length();
		for (int i = 0; i < string.length(); i++) {
			char c = string.charAt(i);
			if (c == 0) {
				throw new IllegalArgumentException(
						"%s has the character U+0000 at %d, which MQTT does not allow".formatted(what, i));
			}
			if (c >= 0x80) {
				bytes += (c >= 0x800) ? 2 : 1;
				if (Character.isSurrogate(c)) {
					if (!Character.isHighSurrogate(c) || i + 1 == string.length()
							|| !Character.isLowSurrogate(string.charAt(i + 1))) {
						throw new IllegalArgumentException(
								"%s has half a surrogate pair at %d, which cannot be written in UTF-8".formatted(what,
										i));
					}
					i++; // the pair is two characters and four bytes
				}
			}
		}
		if (bytes > MAX_BYTES) {
			throw new IllegalArgumentException(
					"%s takes %,d bytes in UTF-8: at most %,d are allowed".formatted(what, bytes, MAX_BYTES));
		}
		return bytes;
	}

}
