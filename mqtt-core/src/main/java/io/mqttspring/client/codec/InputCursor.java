package io.mqttspring.client.codec;

import java.util.Arrays;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;

/**
 * A place in the bytes of one packet; never reads past its end. Not thread-safe.
 */
final class InputCursor {

	private byte[] bytes = new byte[0];

	private int position;

	private int end;

	private PacketType type = PacketType.RESERVED;

	void set(byte[] bytes, int from, int to, PacketType type) {
		this.bytes = bytes;
		this.position = from;
		this.end = to;
		this.type = type;
	}

	PacketType type() {
		return this.type;
	}

	byte[] bytes() {
		return this.bytes;
	}

	int position() {
		return this.position;
	}

	int remaining() {
		return this.end - this.position;
	}

	private void need(int count) {
		if (count > this.end - this.position) {
			throw malformed("ends in the middle of a field");
		}
	}

	void skip(int count) {
		need(count);
		this.position += count;
	}

	int readByte() {
		need(1);
		return this.bytes[this.position++] & 0xff;
	}

	int readShort() {
		need(2);
		int value = (this.bytes[this.position] & 0xff) << 8 | this.bytes[this.position + 1] & 0xff;
		this.position += 2;
		return value;
	}

	long readInt() {
		return (long) readShort() << 16 | readShort();
	}

	// MQTT 5.0 §1.5.5: at most four bytes, and no more than are needed [MQTT-1.5.5-1]
	int readVariableInt() {
		int value = 0;
		for (int shift = 0; shift <= 21; shift += 7) {
			int next = readByte();
			value |= (next & 0x7f) << shift;
			if (next < 0x80) {
				if (next == 0 && shift > 0) {
					throw malformed("has a variable byte integer of more bytes than needed");
				}
				return value;
			}
		}
		throw malformed("has a variable byte integer of more than four bytes");
	}

	String readString() {
		int count = readShort();
		need(count);
		String value = Utf8.decode(this.bytes, this.position, count);
		this.position += count;
		return value;
	}

	byte[] readBinary() {
		int count = readShort();
		need(count);
		byte[] value = Arrays.copyOfRange(this.bytes, this.position, this.position + count);
		this.position += count;
		return value;
	}

	byte[] readRest() {
		byte[] value = Arrays.copyOfRange(this.bytes, this.position, this.end);
		this.position = this.end;
		return value;
	}

	int readPacketId() {
		int id = readShort();
		if (id == 0) {
			throw protocolError("has packet id 0 [MQTT-2.2.1-3]");
		}
		return id;
	}

	void requireEnd() {
		if (this.position != this.end) {
			throw malformed("has %,d bytes too many".formatted(this.end - this.position));
		}
	}

	MqttProtocolException malformed(String what) {
		return new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET, "%s %s".formatted(this.type, what));
	}

	MqttProtocolException protocolError(String what) {
		return new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR, "%s %s".formatted(this.type, what));
	}

}
