package io.mqttspring.client.codec;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

import static io.mqttspring.client.MqttReasonCode.MALFORMED_PACKET;
import static io.mqttspring.client.MqttReasonCode.PACKET_TOO_LARGE;
import static io.mqttspring.client.MqttReasonCode.PROTOCOL_ERROR;
import static io.mqttspring.client.MqttReasonCode.TOPIC_ALIAS_INVALID;
import static io.mqttspring.client.MqttReasonCode.TOPIC_NAME_INVALID;
import static io.mqttspring.client.MqttVersion.MQTT_3_1_1;
import static io.mqttspring.client.MqttVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a broker may not send, and with which reason code it is refused (MQTT 5.0 §4.13).
 */
class PacketDecoderStrictnessTests {

	private static final List<MqttVersion> BOTH = List.of(MQTT_3_1_1, MQTT_5);

	private static final List<MqttVersion> V311 = List.of(MQTT_3_1_1);

	private static final List<MqttVersion> V5 = List.of(MQTT_5);

	private static void assertRefused(Stream<Refused> all) {
		all.forEach((refused) -> refused.versions()
			.forEach((version) -> assertThatExceptionOfType(MqttProtocolException.class)
				.as("%s on %s", refused.wire(), version)
				.isThrownBy(() -> DecodedPackets.decode(version, refused.wire()))
				.withMessageContaining(refused.message())
				.satisfies((ex) -> assertThat(ex.reasonCode()).as("%s on %s", refused.wire(), version)
					.isEqualTo(refused.reason()))));
	}

	private static Refused malformed(List<MqttVersion> versions, String wire, String message) {
		return new Refused(versions, wire, MALFORMED_PACKET, message);
	}

	private static Refused protocolError(List<MqttVersion> versions, String wire, String message) {
		return new Refused(versions, wire, PROTOCOL_ERROR, message);
	}

	// ---- the fixed header

	@Test // [MQTT-2.1.3-1] [MQTT-3.6.1-1] [MQTT-3.14.1-1] [MQTT-3.15.1-1], 3.1.1
			// [MQTT-2.2.2-2]
	void refusesReservedFlagsInTheFirstByte() {
		assertRefused(Stream.of(malformed(BOTH, "21 02 00 00", "CONNACK has the flags 0x1, which are to be 0x0"),
				malformed(BOTH, "41 02 00 01", "PUBACK has the flags 0x1"),
				malformed(BOTH, "58 02 00 01", "PUBREC has the flags 0x8"),
				malformed(BOTH, "60 02 00 01", "PUBREL has the flags 0x0, which are to be 0x2"),
				malformed(BOTH, "63 02 00 01", "PUBREL has the flags 0x3"),
				malformed(BOTH, "72 02 00 01", "PUBCOMP has the flags 0x2"),
				malformed(BOTH, "92 03 00 01 00", "SUBACK has the flags 0x2"),
				malformed(BOTH, "B2 02 00 01", "UNSUBACK has the flags 0x2"),
				malformed(BOTH, "DF 00", "PINGRESP has the flags 0xF"),
				malformed(V5, "E1 00", "DISCONNECT has the flags 0x1"),
				malformed(V5, "F1 00", "AUTH has the flags 0x1")));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x00, 0x0F, 0x10, 0x82, 0xA2, 0xC0 })
	void refusesPacketsThatOnlyAClientSends(int first) {
		for (MqttVersion version : MqttVersion.values()) {
			assertThatExceptionOfType(MqttProtocolException.class)
				.isThrownBy(() -> DecodedPackets.decode(version, "%02X 00".formatted(first)))
				.withMessageContaining("The first byte 0x%02X is of a packet".formatted(first))
				.withMessageContaining("is this the port of an MQTT broker?");
		}
	}

	@Test // 3.1.1 §2.2.1: a broker sends no DISCONNECT, and there is no AUTH
	void refusesDisconnectAndAuthOn311() {
		assertRefused(Stream.of(protocolError(V311, "E0 00", "(DISCONNECT) that no broker sends"),
				protocolError(V311, "F0 00", "(AUTH) that no broker sends")));
	}

	@Test
	void saysSoWhenSomethingElseThanABrokerAnswers() {
		assertRefused(Stream.of(
				// an alert of TLS
				protocolError(BOTH, "15 03 03 00 02 02 46", "is this the port of an MQTT broker?"),
				malformed(BOTH, "'HTTP/1.1 400 Bad Request'", "PUBACK has the flags 0x8"),
				malformed(BOTH, "'SSH-2.0-OpenSSH'", "PUBREC has the flags 0x3")));
	}

	@Test // [MQTT-3.3.1-4]
	void refusesQos3() {
		assertRefused(Stream.of(malformed(BOTH, "36 06 00 01 'a' 00 01 00", "PUBLISH has QoS 3 [MQTT-3.3.1-4]"),
				malformed(BOTH, "3F 06 00 01 'a' 00 01 00", "PUBLISH has QoS 3")));
	}

	@Test // [MQTT-3.3.1-2]
	void refusesDupWithQos0() {
		assertRefused(Stream.of(malformed(BOTH, "38 04 00 01 'a' 00", "PUBLISH of QoS 0 has DUP set [MQTT-3.3.1-2]")));
	}

	@Test // 5.0 §1.5.5
	void refusesARemainingLengthOfMoreThanFourBytes() {
		assertRefused(
				Stream.of(malformed(BOTH, "30 FF FF FF FF", "PUBLISH has a remaining length of more than four bytes"),
						malformed(BOTH, "40 80 80 80 80 01", "PUBACK has a remaining length of more than four bytes")));
	}

	@Test // [MQTT-1.5.5-1]
	void refusesALengthOfMoreBytesThanNeededOn5() {
		assertRefused(Stream.of(
				malformed(V5, "D0 80 00", "PINGRESP has a remaining length of more bytes than needed [MQTT-1.5.5-1]"),
				malformed(V5, "40 82 80 00 00 01", "more bytes than needed"),
				malformed(V5, "40 82 80 80 00 00 01", "more bytes than needed"),
				// of the properties
				malformed(V5, "40 05 00 01 00 80 00", "variable byte integer of more bytes than needed"),
				// of the id of a property
				malformed(V5, "30 08 00 01 'a' 04 81 00 01 'x'", "variable byte integer of more bytes than needed"),
				// of a subscription identifier
				malformed(V5, "30 07 00 01 'a' 03 0B 81 00", "variable byte integer of more bytes than needed")));
	}

	@Test // 5.0 §1.5.5
	void refusesAVariableByteIntegerOfMoreThanFourBytesInAPacket() {
		assertRefused(Stream.of(
				malformed(V5, "30 0A 00 01 'a' 06 0B FF FF FF FF 01", "variable byte integer of more than four bytes"),
				malformed(V5, "40 08 00 01 00 80 80 80 80 01", "variable byte integer of more than four bytes")));
	}

	@Test // MQTT 5.0 §3.1.2.11.4, [MQTT-3.1.2-24]
	void refusesAPacketAboveTheMaximumPacketSizeByItsFirstBytes() {
		for (MqttVersion version : MqttVersion.values()) {
			PacketDecoder decoder = new PacketDecoder(version, 1024, 0);
			byte[] largest = Wire.bytes("30 FD 07"); // 1021 and 3 bytes
			assertThat(decoder.decode(largest, 0, 3, new DecodedPackets())).isZero();
			byte[] tooLarge = Wire.bytes("30 FE 07");
			assertThatExceptionOfType(MqttProtocolException.class)
				.isThrownBy(() -> decoder.decode(tooLarge, 0, 3, new DecodedPackets()))
				.withMessage(
						"PUBLISH of 1,025 bytes is above the maximum packet size (mqtt.max-packet-size, 1,024); raise the limit or have smaller messages sent")
				.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(PACKET_TOO_LARGE));
			byte[] huge = Wire.bytes("20 FF FF FF 7F");
			assertThatExceptionOfType(MqttProtocolException.class)
				.isThrownBy(() -> decoder.decode(huge, 0, 5, new DecodedPackets()))
				.withMessageStartingWith("CONNACK of 268,435,460 bytes is above");
		}
	}

	@Test
	void whatThePacketBeforeAnIllegalOneSaidIsHandedOver() {
		DecodedPackets packets = new DecodedPackets();
		byte[] bytes = Wire.bytes("D0 00 | 40 02 00 01 | 36 00");
		assertThatExceptionOfType(MqttProtocolException.class)
			.isThrownBy(() -> DecodedPackets.decoder(MQTT_5).decode(bytes, 0, bytes.length, packets));
		assertThat(packets.lines).containsExactly("PINGRESP", "PUBACK 1 SUCCESS");
	}

	// ---- packet ids, ends and trailing bytes

	@Test // [MQTT-2.2.1-4], 3.1.1 [MQTT-2.3.1-1]
	void refusesPacketId0() {
		assertRefused(Stream.of(protocolError(BOTH, "32 06 00 01 'a' 00 00 00", "PUBLISH has packet id 0"),
				protocolError(BOTH, "34 06 00 01 'a' 00 00 00", "PUBLISH has packet id 0"),
				protocolError(BOTH, "40 02 00 00", "PUBACK has packet id 0"),
				protocolError(BOTH, "50 02 00 00", "PUBREC has packet id 0"),
				protocolError(BOTH, "62 02 00 00", "PUBREL has packet id 0"),
				protocolError(BOTH, "70 02 00 00", "PUBCOMP has packet id 0"),
				protocolError(V311, "90 03 00 00 00", "SUBACK has packet id 0"),
				protocolError(V5, "90 04 00 00 00 00", "SUBACK has packet id 0"),
				protocolError(V311, "B0 02 00 00", "UNSUBACK has packet id 0"),
				protocolError(V5, "B0 04 00 00 00 00", "UNSUBACK has packet id 0")));
	}

	@Test
	void refusesTrailingBytes() {
		assertRefused(Stream.of(malformed(V311, "20 03 00 00 00", "CONNACK has 1 bytes too many"),
				malformed(V5, "20 04 00 00 00 00", "CONNACK has 1 bytes too many"),
				malformed(V311, "40 03 00 01 00", "PUBACK has 1 bytes too many"),
				malformed(V311, "50 03 00 01 00", "PUBREC has 1 bytes too many"),
				malformed(V311, "62 03 00 01 00", "PUBREL has 1 bytes too many"),
				malformed(V311, "70 04 00 01 00 00", "PUBCOMP has 2 bytes too many"),
				malformed(V5, "40 05 00 01 00 00 00", "PUBACK has 1 bytes too many"),
				malformed(V5, "62 05 00 01 00 00 00", "PUBREL has 1 bytes too many"),
				malformed(V311, "B0 03 00 01 00", "UNSUBACK has 1 bytes too many"),
				malformed(BOTH, "D0 01 00", "PINGRESP has 1 bytes too many"),
				malformed(V5, "E0 03 00 00 00", "DISCONNECT has 1 bytes too many"),
				malformed(V5, "F0 03 00 00 00", "AUTH has 1 bytes too many")));
	}

	@ParameterizedTest
	@MethodSource
	void refusesEachPacketThatEndsTooEarly(MqttVersion version, String wire) {
		byte[] whole = Wire.bytes(wire);
		for (int length = 0; length < whole.length - 2; length++) {
			byte[] cut = new byte[length + 2];
			System.arraycopy(whole, 0, cut, 0, cut.length);
			cut[1] = (byte) length;
			if (mayEnd(version, cut)) {
				DecodedPackets.decode(version, cut);
			}
			else {
				assertThatExceptionOfType(MqttProtocolException.class).as("%s on %s", Wire.hex(cut), version)
					.isThrownBy(() -> DecodedPackets.decode(version, cut));
			}
		}
	}

	static Stream<Object[]> refusesEachPacketThatEndsTooEarly() {
		return Stream.of(new Object[] { MQTT_3_1_1, "20 02 00 00" }, new Object[] { MQTT_5, "20 06 00 00 03 21 00 0A" },
				new Object[] { MQTT_5, "20 0C 00 00 09 1F 00 06 'reason'" },
				new Object[] { MQTT_3_1_1, "32 05 00 01 'a' 00 01" },
				new Object[] { MQTT_5, "34 0B 00 01 'a' 00 01 05 02 00 00 00 3C" },
				new Object[] { MQTT_5, "30 12 00 01 'a' 0E 26 00 04 'name' 00 05 'value'" },
				new Object[] { MQTT_5, "30 08 00 01 'a' 04 0B FF FF 7F" }, new Object[] { MQTT_3_1_1, "40 02 00 01" },
				new Object[] { MQTT_5, "40 0A 00 01 80 06 1F 00 03 'why'" },
				new Object[] { MQTT_5, "50 0A 00 01 80 06 1F 00 03 'why'" },
				new Object[] { MQTT_5, "62 0A 00 01 92 06 1F 00 03 'why'" },
				new Object[] { MQTT_5, "70 0A 00 01 92 06 1F 00 03 'why'" },
				new Object[] { MQTT_3_1_1, "90 03 00 01 00" },
				new Object[] { MQTT_5, "90 0A 00 01 06 1F 00 03 'why' 00" }, new Object[] { MQTT_3_1_1, "B0 02 00 01" },
				new Object[] { MQTT_5, "B0 0A 00 01 06 1F 00 03 'why' 00" },
				new Object[] { MQTT_5, "E0 08 00 06 1F 00 03 'why'" },
				new Object[] { MQTT_5, "F0 08 18 06 15 00 03 'why'" });
	}

	// Where properties, and a reason before them, may be left out (5.0 §3.4.2, §3.14.2)
	private static boolean mayEnd(MqttVersion version, byte[] packet) {
		int first = packet[0] & 0xf0;
		int length = packet.length - 2;
		return version == MQTT_5
				&& ((first >= 0x40 && first <= 0x70 && (length == 2 || length == 3)) || (first >= 0xE0 && length <= 1));
	}

	// ---- UTF-8

	@Test // [MQTT-1.5.4-1], 3.1.1 [MQTT-1.5.3-1]
	void refusesTopicsThatAreNoUtf8() {
		String[] illFormed = { "80", // continues nothing
				"BF", "FE", "FF", // no UTF-8 at all
				"C3", // cut off
				"E6 B8", "F0 9F 98", //
				"C3 28", // not continued
				"C0 AF", "C1 BF", // '/' and U+007F in two bytes: overlong
				"E0 80 AF", "E0 9F BF", // in three
				"F0 80 80 AF", "F0 8F BF BF", // in four
				"ED A0 80", "ED AF BF", "ED B0 80", "ED BF BF", // surrogates
				"ED A0 BD ED B8 80", // a pair of them: CESU-8
				"F4 90 80 80", "F5 80 80 80", // above U+10FFFF
				"F8 88 80 80 80", "FC 84 80 80 80 80" };
		for (String wire : illFormed) {
			int count = Wire.bytes(wire).length;
			assertRefused(Stream.of(
					malformed(V311, "30 %02X | 00 %02X 'a/' %s".formatted(count + 4, count + 2, wire),
							"not well-formed UTF-8"),
					malformed(V5, "30 %02X | 00 %02X 'a/' %s | 00".formatted(count + 5, count + 2, wire),
							"not well-formed UTF-8")));
		}
	}

	@Test // [MQTT-1.5.4-2], 3.1.1 [MQTT-1.5.3-2]
	void refusesTheNullCharacter() {
		assertRefused(Stream.of(malformed(V311, "30 05 | 00 03 'a' 00 'b'", "U+0000"),
				malformed(V5, "30 06 | 00 03 'a' 00 'b' | 00", "U+0000"),
				malformed(V5, "30 07 | 00 04 'a' C3 A4 00 | 00", "U+0000"),
				// in two bytes, as Java's modified UTF-8 has it
				malformed(V5, "30 06 | 00 03 'a' C0 80 | 00", "not well-formed UTF-8")));
	}

	@Test // [MQTT-1.5.4-1] [MQTT-1.5.4-2] [MQTT-1.5.7-1] [MQTT-3.3.2-13] [MQTT-3.3.2-19]
	void refusesStringsInPropertiesThatAreNoUtf8() {
		assertRefused(Stream.of(malformed(V5, "30 0A 00 01 'a' 06 03 00 03 'a' C3 'b'", "not well-formed UTF-8"),
				malformed(V5, "30 08 00 01 'a' 04 03 00 01 00", "U+0000"),
				malformed(V5, "30 09 00 01 'a' 05 08 00 02 C0 80", "not well-formed UTF-8"),
				malformed(V5, "30 0B 00 01 'a' 07 26 00 01 FF 00 01 'v'", "not well-formed UTF-8"),
				malformed(V5, "30 0B 00 01 'a' 07 26 00 01 'k' 00 01 FF", "not well-formed UTF-8"),
				malformed(V5, "30 0B 00 01 'a' 07 26 00 01 00 00 01 'v'", "U+0000"),
				malformed(V5, "40 08 00 01 80 04 1F 00 01 00", "U+0000"),
				malformed(V5, "20 07 00 00 04 12 00 01 00", "U+0000"),
				malformed(V5, "20 09 00 00 06 12 00 03 ED A0 80", "not well-formed UTF-8")));
	}

	@Test // 5.0 §1.5.4 asks receivers not to close for these
	void takesControlCharactersAndNonCharacters() {
		assertThat(DecodedPackets.decode(MQTT_3_1_1, "30 09 | 00 07 'a' 01 EF BF BF C2 9F").messages.get(0).topic())
			.isEqualTo("a\u0001\uFFFF\u009F");
	}

	// ---- topics

	@Test // [MQTT-3.3.2-2] [MQTT-4.7.0-1]
	void refusesWildcardsInATopic() {
		Stream.of("'+'", "'#'", "'a+'", "'a/#'").forEach((topic) -> {
			int count = Wire.bytes(topic).length;
			assertRefused(Stream.of(
					new Refused(V311, "30 %02X | 00 %02X %s".formatted(count + 2, count, topic), TOPIC_NAME_INVALID,
							"PUBLISH has a wildcard in its topic [MQTT-3.3.2-2]"),
					new Refused(V5, "30 %02X | 00 %02X %s | 00".formatted(count + 3, count, topic), TOPIC_NAME_INVALID,
							"PUBLISH has a wildcard in its topic")));
		});
	}

	@Test
	void refusesAWildcardInATopicThatIsTooLongToBeRemembered() {
		String topic = "a/".repeat(100) + "#";
		assertRefused(Stream.of(new Refused(V311, "30 CB 01 | 00 C9 '%s'".formatted(topic), TOPIC_NAME_INVALID,
				"PUBLISH has a wildcard in its topic")));
	}

	@Test // [MQTT-4.7.3-1]; 5.0 §3.3.2.1
	void refusesAnEmptyTopic() {
		assertRefused(Stream.of(malformed(V311, "30 02 | 00 00", "PUBLISH has an empty topic [MQTT-4.7.3-1]"),
				malformed(V311, "32 04 | 00 00 | 00 01", "PUBLISH has an empty topic"),
				protocolError(V5, "30 03 | 00 00 | 00", "PUBLISH has neither a topic nor a topic alias"), protocolError(
						V5, "30 08 | 00 00 | 05 02 00 00 00 01", "PUBLISH has neither a topic nor a topic alias")));
	}

	@Test // 5.0 §3.3.2.3.4, [MQTT-3.3.2-8] [MQTT-3.3.2-11]
	void refusesTopicAliasesThatWereNotOffered() {
		assertRefused(Stream.of(
				new Refused(V5, "30 07 | 00 01 'a' | 03 23 00 00", TOPIC_ALIAS_INVALID,
						"PUBLISH has the topic alias 0: 1 to 10 were offered"),
				new Refused(V5, "30 07 | 00 01 'a' | 03 23 00 0B", TOPIC_ALIAS_INVALID,
						"PUBLISH has the topic alias 11: 1 to 10 were offered"),
				new Refused(V5, "30 07 | 00 01 'a' | 03 23 FF FF", TOPIC_ALIAS_INVALID, "the topic alias 65535"),
				new Refused(V5, "30 06 | 00 00 | 03 23 00 00", TOPIC_ALIAS_INVALID, "the topic alias 0")));
	}

	@Test // [MQTT-3.1.2-27]
	void refusesAnyTopicAliasWhereNoneWasOffered() {
		byte[] bytes = Wire.bytes("30 07 | 00 01 'a' | 03 23 00 01");
		assertThatExceptionOfType(MqttProtocolException.class)
			.isThrownBy(() -> new PacketDecoder(MQTT_5, 1024, 0).decode(bytes, 0, bytes.length, new DecodedPackets()))
			.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(TOPIC_ALIAS_INVALID));
	}

	@Test // 5.0 §3.3.4
	void refusesATopicAliasThatStandsForNothing() {
		assertRefused(Stream.of(
				protocolError(V5, "30 06 | 00 00 | 03 23 00 01", "the topic alias 1, which stands for nothing yet"),
				protocolError(V5, "30 07 | 00 01 'a' | 03 23 00 05 | 30 06 | 00 00 | 03 23 00 04",
						"the topic alias 4, which stands for nothing yet"),
				protocolError(V5, "30 07 | 00 01 'a' | 03 23 00 05 | 30 06 | 00 00 | 03 23 00 06",
						"the topic alias 6, which stands for nothing yet")));
	}

	@Test // [MQTT-3.3.2-7]
	void topicAliasesEndWithTheConnection() {
		byte[] define = Wire.bytes("30 07 | 00 01 'a' | 03 23 00 01");
		DecodedPackets.decoder(MQTT_5).decode(define, 0, define.length, new DecodedPackets());
		assertRefused(Stream.of(protocolError(V5, "30 06 | 00 00 | 03 23 00 01", "stands for nothing yet")));
	}

	@Test // [MQTT-3.3.2-14] [MQTT-4.7.3-1]
	void refusesAResponseTopicThatIsNone() {
		assertRefused(Stream.of(
				protocolError(V5, "30 0A 00 01 'a' 06 08 00 03 'r/+'",
						"has a response topic that is none [MQTT-3.3.2-14]"),
				protocolError(V5, "30 08 00 01 'a' 04 08 00 01 '#'", "has a response topic that is none"),
				protocolError(V5, "30 07 00 01 'a' 03 08 00 00", "has a response topic that is none")));
	}

	// ---- CONNACK

	@Test // [MQTT-3.2.2-1]
	void refusesReservedFlagsOfConnAck() {
		for (int flags = 2; flags <= 0xff; flags++) {
			assertRefused(Stream.of(
					malformed(V311, "20 02 %02X 00".formatted(flags),
							"CONNACK has the flags 0x%02X, of which only the lowest may be set [MQTT-3.2.2-1]"
								.formatted(flags)),
					malformed(V5, "20 03 %02X 00 00".formatted(flags), "CONNACK has the flags")));
		}
	}

	@Test // [MQTT-3.2.2-6], 3.1.1 [MQTT-3.2.2-4]
	void refusesASessionThatIsPresentInARefusal() {
		assertRefused(Stream.of(
				protocolError(V311, "20 02 01 05", "CONNACK refuses the connection and says that a session is present"),
				protocolError(V5, "20 03 01 87 00",
						"CONNACK refuses the connection and says that a session is present"),
				protocolError(V5, "20 02 01 01", "CONNACK refuses the connection and says that a session is present")));
	}

	@Test // 3.1.1 §3.2.2.3
	void refusesReturnCodesOf311ThatThereAreNot() {
		for (int code = 6; code <= 0xff; code++) {
			String message = "CONNACK has the return code %d, which there is not".formatted(code);
			assertRefused(Stream.of(malformed(BOTH, "20 02 00 %02X".formatted(code), message)));
		}
	}

	@Test // 5.0 §3.2.2.3.3, §3.2.2.3.6
	void refusesZeroWhereItMeansNothing() {
		assertRefused(Stream.of(
				protocolError(V5, "20 06 00 00 03 21 00 00", "CONNACK has 0 as value of the property 0x21"),
				protocolError(V5, "20 08 00 00 05 27 00 00 00 00", "CONNACK has 0 as value of the property 0x27")));
	}

	@Test // 5.0 §3.3.2.3.8
	void refusesSubscriptionIdentifier0() {
		assertRefused(Stream.of(
				protocolError(V5, "30 06 00 01 'a' 02 0B 00", "PUBLISH has the subscription identifier 0"),
				protocolError(V5, "30 08 00 01 'a' 04 0B 01 0B 00", "PUBLISH has the subscription identifier 0")));
	}

	// ---- SUBACK, UNSUBACK

	@Test // 3.1.1 [MQTT-3.9.3-2]
	void refusesReturnCodesOfSubAckThatThereAreNot() {
		Stream.of(0x03, 0x04, 0x7F, 0x81, 0x87, 0xFF)
			.forEach((code) -> assertRefused(Stream.of(malformed(V311, "90 03 00 01 %02X".formatted(code),
					"SUBACK has the return code 0x%02X, which there is not [MQTT-3.9.3-2]".formatted(code)))));
	}

	@Test // [MQTT-3.8.4-6]
	void refusesAnswersWithoutAReasonCode() {
		assertRefused(Stream.of(protocolError(V311, "90 02 00 01", "SUBACK has no reason code"),
				protocolError(V5, "90 03 00 01 00", "SUBACK has no reason code"),
				protocolError(V5, "B0 03 00 01 00", "UNSUBACK has no reason code")));
	}

	@ParameterizedTest
	@EnumSource
	void anEmptyPublishIsNoReasonToFailOtherwise(MqttVersion version) {
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> DecodedPackets.decode(version, "30 00"))
			.withMessage("PUBLISH ends in the middle of a field");
	}

	private record Refused(List<MqttVersion> versions, String wire, MqttReasonCode reason, String message) {
	}

}
