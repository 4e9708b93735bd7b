package io.mqttspring.client.codec;

import java.util.Arrays;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes, the decoder ends with whole packets, with a request for more bytes or
 * with {@link MqttProtocolException}, and keeps to the bytes that it was given.
 */
class PacketDecoderFuzzTests {

	private static final int ROUNDS = 10; // of each try

	private static final String[] PACKETS_OF_311 = { "20 02 00 00", "90 04 00 01 00 01", "30 07 | 00 03 'a/b' | 'hi'",
			"32 09 | 00 03 'a/b' | 00 01 | 'hi'", "62 02 00 08", "40 02 12 34", "50 02 12 35", "70 02 12 35",
			"B0 02 00 02", "D0 00" };

	private static final String[] PACKETS_OF_5 = {
			"20 5C 00 00 59 11 00 00 0E 10 21 00 0A 24 01 25 00 27 00 01 00 00 12 00 06 'id-007' 22 00 05 1F 00 05 'hello' 26 00 01 'a' 00 01 '1' 26 00 01 'a' 00 00 28 00 29 00 2A 00 13 00 1E 1A 00 06 'reply/' 1C 00 05 'other' 15 00 05 'SCRAM' 16 00 02 CA FE",
			"30 42 | 00 03 'a/b' | 3A 01 01 02 00 00 00 3C 23 00 02 08 00 05 'reply' 09 00 03 00 FF 01 26 00 01 'k' 00 01 'v' 26 00 01 'k' 00 01 'w' 0B 01 0B FF FF FF 7F 03 00 0A 'text/plain' 'hi'",
			"32 0D | 00 04 'l' C3 A4 'n' | 00 07 | 03 23 00 01 | 'x'", "34 08 | 00 00 | 00 08 | 03 23 00 01",
			"40 10 00 0A 87 0C 1F 00 02 'no' 26 00 01 'k' 00 01 'v'", "50 03 00 01 10", "62 04 00 01 92 00",
			"70 02 00 01", "90 09 00 0A 05 1F 00 02 'no' 87", "B0 05 00 0A 00 00 11", "D0 00",
			"E0 17 9C 15 1F 00 03 'bye' 1C 00 05 'other' 26 00 01 'k' 00 01 'v'",
			"F0 0F 18 0D 15 00 05 'SCRAM' 16 00 02 CA FE" };

	private static String decode(MqttVersion version, byte[] bytes, int from, int to) {
		DecodedPackets packets = new DecodedPackets();
		try {
			int end = DecodedPackets.decoder(version).decode(bytes, from, to, packets);
			assertThat(end).isBetween(from, to);
			return packets.lines + " and " + (to - end) + " bytes more";
		}
		catch (MqttProtocolException ex) {
			assertThat(ex.reasonCode().isError()).isTrue();
			return packets.lines + " and " + ex.getMessage();
		}
	}

	@Property
	void randomBytes(@ForAll MqttVersion version, @ForAll long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < ROUNDS; round++) {
			byte[] bytes = new byte[random.nextInt(64)];
			random.nextBytes(bytes);
			decode(version, bytes, 0, bytes.length);
		}
	}

	@Property
	void packetsWithBytesThatChanged(@ForAll MqttVersion version, @ForAll long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < ROUNDS; round++) {
			byte[] bytes = mutated(version, random);
			byte[] within = new byte[bytes.length + 20];
			Arrays.fill(within, (byte) 0x2B);
			System.arraycopy(bytes, 0, within, 10, bytes.length);
			assertThat(decode(version, within, 10, 10 + bytes.length))
				.isEqualTo(decode(version, bytes, 0, bytes.length));
		}
	}

	private static byte[] mutated(MqttVersion version, Random random) {
		String[] packets = (version == MqttVersion.MQTT_5) ? PACKETS_OF_5 : PACKETS_OF_311;
		byte[] bytes = Wire.bytes(packets[random.nextInt(packets.length)], packets[random.nextInt(packets.length)]);
		for (int changes = random.nextInt(4); changes >= 0; changes--) {
			int at = random.nextInt(bytes.length);
			bytes = switch (random.nextInt(4)) {
				case 0 -> with(bytes, at, random.nextInt());
				case 1 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
				case 2 -> with(bytes, at, bytes[at] + (random.nextBoolean() ? 1 : -1));
				default -> Arrays.copyOf(bytes, at + 1);
			};
		}
		return bytes;
	}

	private static byte[] with(byte[] bytes, int at, int value) {
		byte[] changed = bytes.clone();
		changed[at] = (byte) value;
		return changed;
	}

}
