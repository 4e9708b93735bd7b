package io.mqttspring.client.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * Encoded packets told in a line each: type, packet id, length. Never a topic, payload or
 * credential. For TRACE logs, so it reads the bytes again and asks nothing of the codec.
 */
public final class PacketSummary {

	private PacketSummary() {
	}

	/**
	 * Tell all whole packets.
	 * @param bytes where they stand
	 * @param from the first byte
	 * @param to the byte after the last one
	 * @return a line for each packet, such as {@code PUBLISH 7, 92 bytes}
	 */
	public static List<String> of(byte[] bytes, int from, int to) {
		List<String> lines = new ArrayList<>();
		int at = from;
		while (to - at >= 2) {
			int body = at + 1;
			int remaining = 0;
			int shift = 0;
			do {
				remaining |= (bytes[body] & 0x7f) << shift;
				shift += 7;
			}
			while (bytes[body++] < 0 && body < to && shift < 28);
			int end = body + remaining;
			if (end > to) {
				break;
			}
			PacketType type = PacketType.of(bytes[at] & 0xff);
			int id = packetId(type, bytes, at, body, end);
			lines.add("%s%s, %,d bytes".formatted(type, (id > 0) ? " " + id : "", end - at));
			at = end;
		}
		return lines;
	}

	private static int packetId(PacketType type, byte[] bytes, int at, int body, int end) {
		int idAt = switch (type) {
			case PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK -> body;
			case PUBLISH -> ((bytes[at] & 6) != 0 && body + 2 <= end) ? body + 2 + shortAt(bytes, body) : end;
			default -> end;
		};
		return (idAt + 2 <= end) ? shortAt(bytes, idAt) : 0;
	}

	private static int shortAt(byte[] bytes, int at) {
		return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
	}

}
