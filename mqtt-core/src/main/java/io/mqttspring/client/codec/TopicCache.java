package io.mqttspring.client.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Topics seen lately, by their bytes, so that a topic that comes again is neither decoded
 * nor checked again. Each place holds the last topic that fell on it. Not thread-safe.
 */
final class TopicCache {

	private static final int SIZE = 256;

	private static final int MAX_LENGTH = 128; // longer topics are not worth the memory

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private byte @Nullable [] @Nullable [] keys;

	private @Nullable String @Nullable [] topics;

	String topic(byte[] bytes, int from, int count) {
		if (count > MAX_LENGTH) {
			return PacketDecoder.topicName(bytes, from, count);
		}
		byte[][] keys = this.keys;
		String[] topics = this.topics;
		if (keys == null || topics == null) {
			keys = new byte[SIZE][];
			topics = new String[SIZE];
			this.keys = keys;
			this.topics = topics;
		}
		int place = hash(bytes, from, count) & (SIZE - 1);
		byte[] key = keys[place];
		if (key != null && key.length == count && Arrays.equals(key, 0, count, bytes, from, from + count)) {
			String topic = topics[place];
			if (topic != null) {
				return topic;
			}
		}
		String topic = PacketDecoder.topicName(bytes, from, count);
		keys[place] = Arrays.copyOfRange(bytes, from, from + count);
		topics[place] = topic;
		return topic;
	}

	private static int hash(byte[] bytes, int from, int count) {
		long hash = count;
		int at = from;
		for (int end = from + count - 8; at <= end; at += 8) {
			hash = (hash ^ (long) LONGS.get(bytes, at)) * 0x9E3779B97F4A7C15L;
			hash ^= hash >>> 32;
		}
		for (; at < from + count; at++) {
			hash = (hash ^ bytes[at]) * 0x9E3779B97F4A7C15L;
		}
		return (int) (hash >>> 40);
	}

}
