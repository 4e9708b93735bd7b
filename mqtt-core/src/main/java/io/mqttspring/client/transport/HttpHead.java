package io.mqttspring.client.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Status and headers of an HTTP answer (RFC 9112 §2, §4). Read byte by byte, once per
 * connection, so that nothing of what follows is taken.
 *
 * @param status 100 to 599
 * @param reason what the server said beside the status
 * @param headers by name in lower case
 */
record HttpHead(int status, String reason, Map<String, String> headers) {

	private static final int MAX_BYTES = 16 << 10;

	@Nullable String header(String name) {
		return this.headers.get(name);
	}

	static HttpHead read(Transport transport, Deadline deadline, String who) throws IOException {
		byte[] bytes = new byte[MAX_BYTES];
		int length = 0;
		while (!endsHead(bytes, length)) {
			if (length == MAX_BYTES) {
				throw new IOException("%s answers with an HTTP head of more than %,d bytes".formatted(who, MAX_BYTES));
			}
			if (transport.read(bytes, length, 1, deadline.millisLeft()) < 0) {
				throw new EOFException("%s closed the connection %s".formatted(who,
						(length == 0) ? "without an answer" : "in the middle of its HTTP answer"));
			}
			length++;
		}
		return parse(new String(bytes, 0, length, StandardCharsets.ISO_8859_1), who);
	}

	private static boolean endsHead(byte[] bytes, int length) {
		return length >= 4 && bytes[length - 1] == '\n' && bytes[length - 2] == '\r' && bytes[length - 3] == '\n';
	}

	private static HttpHead parse(String head, String who) throws IOException {
		String[] lines = head.split("\r\n", -1);
		if (!lines[0].matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
			throw new IOException("%s does not speak HTTP".formatted(who));
		}
		Map<String, String> headers = new HashMap<>();
		for (int i = 1; i < lines.length - 2; i++) { // an empty line ends the head
			int colon = lines[i].indexOf(':');
			if (colon <= 0) {
				throw new IOException("%s answers with an HTTP header that is none".formatted(who));
			}
			headers.merge(lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT),
					lines[i].substring(colon + 1).trim(), (one, more) -> one + ", " + more);
		}
		return new HttpHead(Integer.parseInt(lines[0].substring(9, 12)), lines[0].substring(12).trim(), headers);
	}

}
