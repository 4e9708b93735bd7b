package io.mqttspring.client.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Literal bytes, written as the specification prints them: two hexadecimal digits for
 * each, text in quotes, and a bar wherever it helps the eye, as in
 * {@code 30 07 | 00 03 'a/b' | 'hi'}.
 */
public final class Wire {

	private Wire() {
	}

	public static byte[] bytes(String... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		String rest = String.join(" ", parts);
		for (int at = 0; at < rest.length();) {
			char c = rest.charAt(at);
			if (c == '\'') {
				int end = rest.indexOf('\'', at + 1);
				bytes.writeBytes(rest.substring(at + 1, end).getBytes(StandardCharsets.UTF_8));
				at = end + 1;
			}
			else if (c == ' ' || c == '|') {
				at++;
			}
			else {
				bytes.write(Integer.parseInt(rest.substring(at, at + 2), 16));
				at += 2;
			}
		}
		return bytes.toByteArray();
	}

	/**
	 * Return bytes as two digits each, so that a failing assertion can be read.
	 */
	public static String hex(byte[] bytes) {
		return HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes);
	}

	public static String hex(String... parts) {
		return hex(bytes(parts));
	}

}
