package io.mqttspring.client.codec;

import java.util.Arrays;

import io.mqttspring.client.MqttMessage;

/**
 * Bytes to be written, in an array that grows when used and shrinks when idle. Not
 * thread-safe.
 */
public final class OutputBuffer {

	private static final int INITIAL = 512;

	private static final byte[] NONE = new byte[0];

	private byte[] bytes = NONE;

	private int length;

	/**
	 * Return the array in which the bytes stand, from 0 on; void after the next change.
	 * @return the array
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Return how many bytes there are.
	 * @return the number
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Forget the bytes; an array of more than {@code keep} bytes is given back.
	 * @param keep the largest array to keep
	 */
	public void clear(int keep) {
		this.length = 0;
		if (this.bytes.length > keep) {
			this.bytes = NONE;
		}
	}

	void ensure(int more) {
		int needed = Math.addExact(this.length, more);
		if (needed > this.bytes.length) {
			int grown = (int) Math.min(Math.max(INITIAL, this.bytes.length * 2L), Integer.MAX_VALUE - 16);
			this.bytes = Arrays.copyOf(this.bytes, Math.max(needed, grown));
		}
	}

	void writeByte(int value) {
		ensure(1);
		this.bytes[this.length++] = (byte) value;
	}

	void writeShort(int value) {
		ensure(2);
		this.bytes[this.length++] = (byte) (value >> 8);
		this.bytes[this.length++] = (byte) value;
	}

	void writeInt(long value) {
		writeShort((int) (value >> 16));
		writeShort((int) value);
	}

	// MQTT 5.0 §1.5.5
	void writeVariableInt(int value) {
		ensure(4);
		int rest = value;
		while (rest > 127) {
			this.bytes[this.length++] = (byte) (rest | 0x80);
			rest >>= 7;
		}
		this.bytes[this.length++] = (byte) rest;
	}

	void writeBytes(byte[] source, int from, int count) {
		ensure(count);
		System.arraycopy(source, from, this.bytes, this.length, count);
		this.length += count;
	}

	void writeAll(OutputBuffer other) {
		writeBytes(other.bytes, 0, other.length);
	}

	void writeBinary(byte[] value) {
		writeShort(value.length);
		writeBytes(value, 0, value.length);
	}

	void writeString(String value) {
		int lengthAt = this.length;
		writeShort(0);
		Utf8.write(this, value);
		int count = this.length - lengthAt - 2;
		if (count > 65_535) {
			throw new IllegalArgumentException(
					"A string of %,d bytes in UTF-8 does not fit: at most 65,535 do".formatted(count));
		}
		this.bytes[lengthAt] = (byte) (count >> 8);
		this.bytes[lengthAt + 1] = (byte) count;
	}

	// The one way to copy Latin-1 characters that makes no array of its own
	@SuppressWarnings("deprecation")
	void writeTopic(MqttMessage message) {
		String topic = message.topic();
		int count = message.topicLength();
		writeShort(count);
		if (count == topic.length()) { // then it is ASCII
			ensure(count);
			topic.getBytes(0, count, this.bytes, this.length);
			this.length += count;
		}
		else {
			Utf8.write(this, topic);
		}
	}

}
