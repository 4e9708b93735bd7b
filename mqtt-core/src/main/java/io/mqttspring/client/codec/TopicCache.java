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

	private @Nullable Entry @Nullable [] entries; // made with the first topic

	String topic(byte[] bytes, int from, int count) {
		if (count > MAX_LENGTH) {
			return PacketDecoder.topicName(bytes, from, count);
		}
		if (this.entries == null) {
			this.entries = new @Nullable Entry[SIZE];
		}
		int place = hash(bytes, from, count) & (SIZE - 1);
		Entry entry = this.entries[place];
		if (entry == null || !Arrays.equals(entry.bytes(), 0, entry.bytes().length, bytes, from, from + count)) {
			entry = new Entry(Arrays.copyOfRange(bytes, from, from + count),
					PacketDecoder.topicName(bytes, from, count));
			this.entries[place] = entry;
		}
		return entry.topic();
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

	private record Entry(byte[] bytes, String topic) {
	}

}
