package io.mqttspring.client.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;

/**
 * UTF-8 encoded strings (MQTT 5.0 §1.5.4, 3.1.1 §1.5.3).
 */
final class Utf8 {

	private Utf8() {
	}

	static void write(OutputBuffer out, String value) {
		byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
		out.writeBytes(bytes, 0, bytes.length);
	}

	/**
	 * Decode, refusing what is ill-formed: overlong forms and surrogates [MQTT-1.5.4-1],
	 * and U+0000 [MQTT-1.5.4-2].
	 */
	static String decode(byte[] bytes, int from, int count) {
		int or = 0;
		boolean zero = false;
		for (int i = from; i < from + count; i++) {
			or |= bytes[i];
			zero |= bytes[i] == 0;
		}
		if (zero) {
			throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
					"A string has the character U+0000, which MQTT does not allow");
		}
		if (or >= 0) { // all ASCII
			return new String(bytes, from, count, StandardCharsets.ISO_8859_1);
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, count)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET, "A string is not well-formed UTF-8");
		}
	}

}
