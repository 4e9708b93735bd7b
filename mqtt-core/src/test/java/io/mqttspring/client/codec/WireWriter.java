package io.mqttspring.client.codec;

import java.util.Arrays;

/**
 * Writes the data types of MQTT 5.0 §1.5, for the broker's side of tests.
 */
final class WireWriter {

	private byte[] bytes = new byte[64];

	private int length;

	WireWriter u8(int value) {
		if (this.length == this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, this.length * 2);
		}
		this.bytes[this.length++] = (byte) value;
		return this;
	}

	WireWriter u16(int value) {
		return u8(value >>> 8).u8(value);
	}

	WireWriter u32(long value) {
		return u16((int) (value >>> 16)).u16((int) value);
	}

	WireWriter variable(int value) {
		int rest = value;
		while (rest >= 128) {
			u8(rest % 128 + 128);
			rest /= 128;
		}
		return u8(rest);
	}

	WireWriter raw(byte[] value) {
		if (this.length + value.length > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, this.length * 2 + value.length);
		}
		System.arraycopy(value, 0, this.bytes, this.length, value.length);
		this.length += value.length;
		return this;
	}

	WireWriter binary(byte[] value) {
		return u16(value.length).raw(value);
	}

	WireWriter string(String value) {
		return binary(PacketProperties.utf8(value));
	}

	byte[] toBytes() {
		return Arrays.copyOf(this.bytes, this.length);
	}

	/**
	 * Return a packet with this as what follows its fixed header.
	 */
	byte[] toPacket(int firstByte) {
		return new WireWriter().u8(firstByte).variable(this.length).raw(toBytes()).toBytes();
	}

}
