package io.mqttspring.client.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TCP cuts the stream wherever it likes: any split of the bytes gives the same packets.
 */
class PacketDecoderSplitTests {

	private static final String[] STREAM_OF_311 = { "20 02 01 00", "90 05 00 01 00 01 02", "30 07 | 00 03 'a/b' | 'hi'",
			"32 09 | 00 04 'l' C3 A4 'n' | 00 07 | 'x'", "34 06 | 00 01 'q' | 00 08 | 00", "62 02 00 08", "40 02 12 34",
			"50 02 12 35", "70 02 12 35", "B0 02 00 02", "D0 00", "31 83 01 | 00 01 'r' | '" + "p".repeat(128) + "'",
			"D0 00" };

	private static final String[] STREAM_OF_5 = { "20 0B 01 00 08 21 00 0A 27 00 01 00 00", "90 06 00 01 00 00 01 87",
			"30 08 | 00 03 'a/b' | 00 | 'hi'", "32 0D | 00 04 'l' C3 A4 'n' | 00 07 | 03 23 00 01 | 'x'",
			"34 0A | 00 00 | 00 08 | 05 0B 07 23 00 01", "62 03 00 08 00", "40 03 12 34 10",
			"50 08 12 35 97 04 1F 00 01 'q'", "70 03 12 35 92", "B0 05 00 02 00 00 11", "D0 00",
			"31 84 01 | 00 01 'r' | 00 | '" + "p".repeat(128) + "'",
			"30 17 | 00 01 'u' | 13 26 00 01 'k' 00 02 'v1' 26 00 01 'k' 00 05 'v2' C3 A4 'x'", "E0 02 8B 00" };

	private static byte[] stream(MqttVersion version) {
		return Wire.bytes((version == MqttVersion.MQTT_5) ? STREAM_OF_5 : STREAM_OF_311);
	}

	private static List<String> whole(MqttVersion version) {
		return DecodedPackets.decode(version, stream(version)).lines;
	}

	@ParameterizedTest
	@EnumSource
	void eachSplitInTwoGivesTheSamePackets(MqttVersion version) {
		byte[] stream = stream(version);
		List<String> whole = whole(version);
		for (int split = 0; split <= stream.length; split++) {
			Feed feed = new Feed(version, stream);
			feed.upTo(split);
			feed.upTo(stream.length);
			assertThat(feed.packets.lines).as("split at %d", split).isEqualTo(whole);
		}
	}

	@ParameterizedTest
	@EnumSource
	void byteByByteGivesTheSamePackets(MqttVersion version) {
		byte[] stream = stream(version);
		Feed feed = new Feed(version, stream);
		for (int to = 1; to <= stream.length; to++) {
			feed.upTo(to);
		}
		assertThat(feed.packets.lines).isEqualTo(whole(version));
	}

	@ParameterizedTest
	@EnumSource
	void anyPiecesGiveTheSamePackets(MqttVersion version) {
		byte[] stream = stream(version);
		List<String> whole = whole(version);
		Random random = new Random(10);
		for (int round = 0; round < 500; round++) {
			Feed feed = new Feed(version, stream);
			int to = 0;
			while (to < stream.length) {
				to = Math.min(stream.length, to + random.nextInt(1 + random.nextInt(40)));
				feed.upTo(to);
			}
			assertThat(feed.packets.lines).as("round %d", round).isEqualTo(whole);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aPacketIsHandedOverAsSoonAsItsLastByteIsThere(MqttVersion version) {
		byte[] stream = stream(version);
		Feed feed = new Feed(version, stream);
		for (int to = 1; to <= stream.length; to++) {
			feed.upTo(to);
			assertThat(feed.packets.lines).as("up to %d", to).isEqualTo(packetsBefore(version, to));
		}
	}

	private static List<String> packetsBefore(MqttVersion version, int to) {
		String[] packets = (version == MqttVersion.MQTT_5) ? STREAM_OF_5 : STREAM_OF_311;
		int count = 0;
		int length = 0;
		while (count < packets.length && length + Wire.bytes(packets[count]).length <= to) {
			length += Wire.bytes(packets[count++]).length;
		}
		return whole(version).subList(0, count);
	}

	@Test
	void theStreamsHaveEachPacketThatABrokerSends() {
		for (MqttVersion version : MqttVersion.values()) {
			assertThat(whole(version)).extracting((line) -> line.split(" ")[0])
				.contains("CONNACK", "SUBACK", "PUBLISH", "PUBREL", "PUBACK", "PUBREC", "PUBCOMP", "UNSUBACK",
						"PINGRESP");
		}
	}

	/**
	 * Hands on what was not decoded, and garbage in place of what was, as a buffer does
	 * that is used again.
	 */
	private static final class Feed {

		private final PacketDecoder decoder;

		private final DecodedPackets packets = new DecodedPackets();

		private final byte[] stream;

		private int from;

		private Feed(MqttVersion version, byte[] stream) {
			this.decoder = DecodedPackets.decoder(version);
			this.stream = stream;
		}

		void upTo(int to) {
			byte[] bytes = new byte[to];
			Arrays.fill(bytes, (byte) 0xFF);
			System.arraycopy(this.stream, this.from, bytes, this.from, to - this.from);
			this.from = this.decoder.decode(bytes, this.from, to, this.packets);
			Arrays.fill(bytes, (byte) 0xEE); // nothing may still point here
		}

	}

}
