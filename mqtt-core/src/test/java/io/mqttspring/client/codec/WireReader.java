package io.mqttspring.client.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the data types of MQTT 5.0 §1.5 out of one packet, strictly, for the broker's
 * side of tests.
 */
final class WireReader {

	private final String packet;

	private final byte[] bytes;

	private int at;

	private final int end;

	WireReader(String packet, byte[] bytes, int from, int to) {
		this.packet = packet;
		this.bytes = bytes;
		this.at = from;
		this.end = to;
	}

	boolean atEnd() {
		return this.at == this.end;
	}

	void check(boolean allowed, String what, Object... arguments) {
		if (!allowed) {
			throw new BrokerCodec.IllegalPacketException(this.packet + ": " + what.formatted(arguments));
		}
	}

	void checkEnd() {
		check(atEnd(), "%d bytes follow its end", this.end - this.at);
	}

	private int advance(int count) {
		check(count <= this.end - this.at, "it ends %d bytes too early", count - (this.end - this.at));
		int from = this.at;
		this.at += count;
		return from;
	}

	WireReader slice(int count) {
		int from = advance(count);
		return new WireReader(this.packet, this.bytes, from, from + count);
	}

	int u8() {
		return Byte.toUnsignedInt(this.bytes[advance(1)]);
	}

	int u16() {
		return u8() * 256 + u8();
	}

	long u32() {
		return u16() * 65_536L + u16();
	}

	int variable(String what) {
		int value = 0;
		int multiplier = 1;
		for (int count = 1; count <= 4; count++) {
			int digit = u8();
			value += (digit % 128) * multiplier;
			multiplier *= 128;
			if (digit < 128) {
				check(digit != 0 || count == 1, "%s is written with more bytes than needed [MQTT-1.5.5-1]", what);
				return value;
			}
		}
		check(false, "%s is written with more than four bytes", what);
		return 0;
	}

	byte[] binary() {
		return raw(u16());
	}

	private byte[] raw(int count) {
		int from = advance(count);
		return Arrays.copyOfRange(this.bytes, from, from + count);
	}

	byte[] rest() {
		return raw(this.end - this.at);
	}

	String string() {
		byte[] utf8 = binary();
		try {
			String value = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
			check(value.indexOf(0) < 0, "a string has U+0000 [MQTT-1.5.4-2]");
			return value;
		}
		catch (CharacterCodingException ex) {
			check(false, "a string is not UTF-8 [MQTT-1.5.4-1]");
			return "";
		}
	}

	int packetId() {
		int id = u16();
		check(id != 0, "packet id 0 [MQTT-2.2.1-3]");
		return id;
	}

}
