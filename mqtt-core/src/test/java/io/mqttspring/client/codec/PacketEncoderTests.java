package io.mqttspring.client.codec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.MqttWill;

import static io.mqttspring.client.MqttVersion.MQTT_3_1_1;
import static io.mqttspring.client.MqttVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a client sends, byte by byte.
 */
class PacketEncoderTests {

	private static final ConnectPacket PLAIN = new ConnectPacket("c", true, 60, MqttCredentials.NONE, null, 0, 65_535,
			268_435_460, 0, false, true, List.of(), null, null);

	private static byte[] encode(MqttVersion version, BiConsumer<PacketEncoder, OutputBuffer> packet) {
		OutputBuffer out = new OutputBuffer();
		packet.accept(new PacketEncoder(version), out);
		return Arrays.copyOf(out.bytes(), out.length());
	}

	private static void assertEncoded(MqttVersion version, BiConsumer<PacketEncoder, OutputBuffer> packet,
			String... wire) {
		assertThat(Wire.hex(encode(version, packet))).isEqualTo(Wire.hex(wire));
	}

	private static void assertConnect(MqttVersion version, ConnectPacket connect, String... wire) {
		assertEncoded(version, (encoder, out) -> encoder.connect(out, connect), wire);
	}

	private static void assertPublish(MqttVersion version, MqttMessage message, int packetId, String... wire) {
		assertEncoded(version,
				(encoder, out) -> encoder.publish(out, message, packetId, false, PacketEncoder.expirySeconds(message)),
				wire);
	}

	// ---- CONNECT

	@Test // [MQTT-3.1.2-1], 3.1.1 [MQTT-3.1.2-1]
	void encodesConnect() {
		assertConnect(MQTT_3_1_1, PLAIN, "10 0D | 00 04 'MQTT' | 04 | 02 | 00 3C | 00 01 'c'");
		assertConnect(MQTT_5, PLAIN, "10 0E | 00 04 'MQTT' | 05 | 02 | 00 3C | 00 | 00 01 'c'");
	}

	@Test // [MQTT-3.1.3-6]
	void encodesConnectWithoutAClientId() {
		ConnectPacket connect = new ConnectPacket("", false, 0, MqttCredentials.NONE, null, 0, 65_535, 268_435_460, 0,
				false, true, List.of(), null, null);
		assertConnect(MQTT_3_1_1, connect, "10 0C | 00 04 'MQTT' | 04 | 00 | 00 00 | 00 00");
		assertConnect(MQTT_5, connect, "10 0D | 00 04 'MQTT' | 05 | 00 | 00 00 | 00 | 00 00");
	}

	@Test // 3.1.1 figure 3.6: flags 0xCE, keep-alive 10; [MQTT-3.1.3-1]
	void encodesThePayloadOfConnectInTheOrderOfTheSpecification() {
		ConnectPacket connect = new ConnectPacket("id", true, 10, new MqttCredentials("user", "pass"),
				new MqttWill(MqttMessage.of("w/t", "gone")), 0, 65_535, 268_435_460, 0, false, true, List.of(), null,
				null);
		assertConnect(MQTT_3_1_1, connect, "10 25 | 00 04 'MQTT' | 04 | CE | 00 0A | 00 02 'id'",
				"00 03 'w/t' | 00 04 'gone' | 00 04 'user' | 00 04 'pass'");
		assertConnect(MQTT_5, connect, "10 27 | 00 04 'MQTT' | 05 | CE | 00 0A | 00 | 00 02 'id'",
				"00 | 00 03 'w/t' | 00 04 'gone' | 00 04 'user' | 00 04 'pass'");
	}

	@ParameterizedTest // [MQTT-3.1.2-11] [MQTT-3.1.2-12] [MQTT-3.1.2-13]
	@CsvSource({ "AT_MOST_ONCE, false, 06", "AT_LEAST_ONCE, false, 0E", "EXACTLY_ONCE, false, 16",
			"AT_MOST_ONCE, true, 26", "AT_LEAST_ONCE, true, 2E", "EXACTLY_ONCE, true, 36" })
	void encodesTheFlagsOfTheWill(MqttQos qos, boolean retained, String flags) {
		MqttMessage message = MqttMessage.builder("w").qos(qos).retained(retained).build();
		ConnectPacket connect = new ConnectPacket("c", true, 60, MqttCredentials.NONE, new MqttWill(message), 0, 65_535,
				268_435_460, 0, false, true, List.of(), null, null);
		assertConnect(MQTT_3_1_1, connect, "10 12 | 00 04 'MQTT' | 04 |", flags,
				"| 00 3C | 00 01 'c' | 00 01 'w' | 00 00");
	}

	@Test // [MQTT-3.1.2-16] [MQTT-3.1.2-17] [MQTT-3.1.2-18] [MQTT-3.1.2-19]
	void encodesEitherOfUserNameAndPassword() {
		ConnectPacket userName = new ConnectPacket("c", true, 60, new MqttCredentials("u", (String) null), null, 0,
				65_535, 268_435_460, 0, false, true, List.of(), null, null);
		assertConnect(MQTT_3_1_1, userName, "10 10 | 00 04 'MQTT' | 04 | 82 | 00 3C | 00 01 'c' | 00 01 'u'");
		ConnectPacket password = new ConnectPacket("c", true, 60, new MqttCredentials(null, "p"), null, 0, 65_535,
				268_435_460, 0, false, true, List.of(), null, null);
		assertConnect(MQTT_5, password, "10 11 | 00 04 'MQTT' | 05 | 42 | 00 3C | 00 | 00 01 'c' | 00 01 'p'");
		// 3.1.1 [MQTT-3.1.2-22]
		assertThatIllegalArgumentException()
			.isThrownBy(() -> encode(MQTT_3_1_1, (encoder, out) -> encoder.connect(out, password)))
			.withMessage(
					"A password without a user name cannot be sent on MQTT 3.1.1 [MQTT-3.1.2-22]: give a user name too");
	}

	@Test
	void whatCouldNotBeEncodedLeavesNothingBehind() {
		PacketEncoder encoder = new PacketEncoder(MQTT_3_1_1);
		OutputBuffer out = new OutputBuffer();
		ConnectPacket password = new ConnectPacket("c", true, 60, new MqttCredentials(null, "p"), null, 0, 65_535,
				268_435_460, 0, false, true, List.of(), null, null);
		assertThatIllegalArgumentException().isThrownBy(() -> encoder.connect(out, password));
		encoder.connect(out, PLAIN);
		assertThat(Wire.hex(Arrays.copyOf(out.bytes(), out.length())))
			.isEqualTo(Wire.hex("10 0D | 00 04 'MQTT' | 04 | 02 | 00 3C | 00 01 'c'"));
	}

	@Test // 5.0 §3.1.2.11
	void encodesEachPropertyOfConnect() {
		ConnectPacket connect = new ConnectPacket("c", false, 60, MqttCredentials.NONE, null, 4_294_967_295L, 10,
				16_777_216, 32, true, false, List.of(new MqttUserProperty("k", "v"), new MqttUserProperty("k", "w")),
				"SCRAM", Wire.bytes("CA FE"));
		// 61 and 47 bytes
		assertConnect(MQTT_5, connect, "10 3D | 00 04 'MQTT' | 05 | 00 | 00 3C | 2F", "11 FF FF FF FF", // Session
																										// Expiry
																										// Interval
				"21 00 0A", // Receive Maximum
				"27 01 00 00 00", // Maximum Packet Size
				"22 00 20", // Topic Alias Maximum
				"19 01", // Request Response Information
				"17 00", // Request Problem Information
				"26 00 01 'k' 00 01 'v'", // User Property
				"26 00 01 'k' 00 01 'w'", //
				"15 00 05 'SCRAM'", // Authentication Method
				"16 00 02 CA FE", // Authentication Data
				"00 01 'c'");
		assertConnect(MQTT_3_1_1, connect, "10 0D | 00 04 'MQTT' | 04 | 00 | 00 3C | 00 01 'c'");
	}

	@Test // 5.0 §3.1.3.2
	void encodesEachPropertyOfTheWill() {
		MqttMessage message = MqttMessage.builder("w")
			.payload("x")
			.messageExpiry(Duration.ofMinutes(1))
			.contentType("t")
			.responseTopic("r")
			.correlationData(Wire.bytes("00 FF"))
			.userProperty("k", "v")
			.build();
		ConnectPacket connect = new ConnectPacket("c", true, 60, MqttCredentials.NONE,
				new MqttWill(message, Duration.ofSeconds(5)), 0, 65_535, 268_435_460, 0, false, true, List.of(), null,
				null);
		assertConnect(MQTT_5, connect, "10 35 | 00 04 'MQTT' | 05 | 0E | 00 3C | 00 | 00 01 'c'", //
				"20", // 32 bytes
				"18 00 00 00 05", // Will Delay Interval
				"01 01", // Payload Format Indicator
				"02 00 00 00 3C", // Message Expiry Interval
				"03 00 01 't'", // Content Type
				"08 00 01 'r'", // Response Topic
				"09 00 02 00 FF", // Correlation Data
				"26 00 01 'k' 00 01 'v'", // User Property
				"00 01 'w' | 00 01 'x'");
		assertConnect(MQTT_3_1_1, connect,
				"10 13 | 00 04 'MQTT' | 04 | 0E | 00 3C | 00 01 'c' | 00 01 'w' | 00 01 'x'");
	}

	// ---- PUBLISH

	@Test // 5.0 §3.3.1, §3.3.2, 3.1.1 §3.3
	void encodesPublish() {
		MqttMessage message = MqttMessage.of("a/b", "hi");
		assertPublish(MQTT_3_1_1, message, 10, "32 09 | 00 03 'a/b' | 00 0A | 'hi'");
		assertPublish(MQTT_5, message, 10, "32 0A | 00 03 'a/b' | 00 0A | 00 | 'hi'");
	}

	@ParameterizedTest // [MQTT-2.2.1-2]: QoS 0 has no packet id
	@CsvSource({ "AT_MOST_ONCE, false, 30, ''", "AT_MOST_ONCE, true, 31, ''", "AT_LEAST_ONCE, false, 32, 00 0A",
			"AT_LEAST_ONCE, true, 33, 00 0A", "EXACTLY_ONCE, false, 34, 00 0A", "EXACTLY_ONCE, true, 35, 00 0A" })
	void encodesTheFlagsOfPublish(MqttQos qos, boolean retained, String first, String packetId) {
		MqttMessage message = MqttMessage.builder("a").qos(qos).retained(retained).build();
		int length = 3 + Wire.bytes(packetId).length;
		assertPublish(MQTT_3_1_1, message, 10, first, "%02X".formatted(length), "00 01 'a'", packetId);
		assertPublish(MQTT_5, message, 10, first, "%02X".formatted(length + 1), "00 01 'a'", packetId, "00");
	}

	@ParameterizedTest // [MQTT-3.3.1-1]
	@EnumSource
	void encodesDup(MqttVersion version) {
		MqttMessage message = MqttMessage.of("a", "");
		assertThat(encode(version, (encoder, out) -> encoder.publish(out, message, 1, true, -1))[0])
			.isEqualTo((byte) 0x3A);
	}

	@Test // 5.0 §3.3.2.3
	void encodesEachPropertyOfPublish() {
		MqttMessage message = MqttMessage.builder("a")
			.payload("x")
			.messageExpiry(Duration.ofMinutes(1))
			.contentType("text/plain")
			.responseTopic("r")
			.correlationData(Wire.bytes("00 FF"))
			.userProperty("k", "v")
			.userProperty("k", "w")
			.build();
		// 50 and 43 bytes
		assertPublish(MQTT_5, message, 10, "32 32 | 00 01 'a' | 00 0A | 2B", "01 01", // Payload
																						// Format
																						// Indicator
				"02 00 00 00 3C", // Message Expiry Interval
				"03 00 0A 'text/plain'", // Content Type
				"08 00 01 'r'", // Response Topic
				"09 00 02 00 FF", // Correlation Data
				"26 00 01 'k' 00 01 'v'", // User Property
				"26 00 01 'k' 00 01 'w'", //
				"'x'");
		assertPublish(MQTT_3_1_1, message, 10, "32 06 | 00 01 'a' | 00 0A | 'x'");
	}

	@Test
	void encodesTheExpiryThatIsLeftInsteadOfTheOneOfTheMessage() {
		MqttMessage message = MqttMessage.builder("a").messageExpiry(Duration.ofMinutes(1)).build();
		assertEncoded(MQTT_5, (encoder, out) -> encoder.publish(out, message, 1, false, 0xFFFF_FFFFL),
				"32 0B | 00 01 'a' | 00 01 | 05 02 FF FF FF FF");
		MqttMessage plain = MqttMessage.of("a", "");
		assertEncoded(MQTT_5, (encoder, out) -> encoder.publish(out, plain, 1, false, 7),
				"32 0B | 00 01 'a' | 00 01 | 05 02 00 00 00 07");
		assertEncoded(MQTT_3_1_1, (encoder, out) -> encoder.publish(out, plain, 1, false, 7),
				"32 05 | 00 01 'a' | 00 01");
	}

	@Test // [MQTT-3.3.4-6]
	void doesNotEncodeSubscriptionIdentifiersOfAMessageThatWasReceived() {
		MqttMessage received = MqttMessage.received("a", new byte[0], MqttQos.AT_MOST_ONCE, false, true,
				new MqttMessageProperties(false, null, null, null, null, List.of(), List.of(1, 2)));
		assertPublish(MQTT_5, received, 0, "30 04 | 00 01 'a' | 00");
	}

	@Test // 5.0 §1.5.4
	void encodesTopicsBeyondAscii() {
		assertPublish(MQTT_3_1_1, MqttMessage.of("A\uD869\uDED4", ""), 1, "32 09 | 00 05 'A' F0 AA 9B 94 | 00 01");
		assertPublish(MQTT_3_1_1, MqttMessage.of("größ", "é"), 1, "32 0C | 00 06 'gr' C3 B6 C3 9F | 00 01 | C3 A9");
		assertPublish(MQTT_3_1_1, MqttMessage.of("\uFEFF", ""), 1, "32 07 | 00 03 EF BB BF | 00 01");
	}

	@ParameterizedTest // 5.0 table 1-1
	@CsvSource({ "127, 7F", "128, 80 01", "16383, FF 7F", "16384, 80 80 01", "2097151, FF FF 7F",
			"2097152, 80 80 80 01" })
	void encodesEachSizeOfTheRemainingLength(int remaining, String wire) {
		MqttMessage message = MqttMessage.of("t", new byte[remaining - 5]);
		byte[] bytes = encode(MQTT_3_1_1, (encoder, out) -> encoder.publish(out, message, 1, false, -1));
		byte[] head = Wire.bytes("32", wire, "00 01 't' 00 01");
		assertThat(bytes).startsWith(head).hasSize(1 + Wire.bytes(wire).length + remaining);
	}

	@Test // [MQTT-4.7.3-3]
	void encodesTheLongestTopic() {
		MqttMessage message = MqttMessage.of("t".repeat(65_535), "x");
		byte[] bytes = encode(MQTT_3_1_1, (encoder, out) -> encoder.publish(out, message, 1, false, -1));
		assertThat(bytes).startsWith(Wire.bytes("32 84 80 04 FF FF 't'")).hasSize(4 + 65_540);
	}

	@Test
	void encodesTheLongestStringsOfProperties() {
		String longest = "ä".repeat(32_767) + "x";
		MqttMessage message = MqttMessage.builder("t")
			.userProperty(longest, longest)
			.correlationData(new byte[65_535])
			.build();
		byte[] bytes = encode(MQTT_5, (encoder, out) -> encoder.publish(out, message, 1, false, -1));
		MqttMessageProperties properties = DecodedPackets.decode(MQTT_5, bytes).messages.get(0).properties();
		assertThat(properties.userProperties()).containsExactly(new MqttUserProperty(longest, longest));
		assertThat(properties.correlationData()).hasSize(65_535);
	}

	@ParameterizedTest
	@EnumSource
	void tellsTheSizeOfAPublishBeforeItIsEncoded(MqttVersion version) {
		for (int payload : new int[] { 0, 100, 110, 117, 118, 119, 120, 127, 128, 16_370, 16_384 }) {
			for (MqttQos qos : MqttQos.values()) {
				MqttMessage.Builder builder = MqttMessage.builder("a/ö").payload(new byte[payload]).qos(qos);
				for (MqttMessage message : List.of(builder.build(), builder.contentType("x".repeat(120)).build())) {
					for (long expiry : new long[] { PacketEncoder.NO_EXPIRY, 1 }) {
						assertThat(new PacketEncoder(version).publishSize(message, expiry)).isEqualTo(encode(version,
								(encoder, out) -> encoder.publish(out, message, 1, false, expiry)).length);
					}
				}
			}
		}
	}

	// ---- acknowledgements

	@ParameterizedTest // 5.0 §3.4.2.1: success is left out
	@EnumSource
	void encodesAcknowledgements(MqttVersion version) {
		assertEncoded(version, (encoder, out) -> encoder.pubAck(out, 10, MqttReasonCode.SUCCESS, ReasonProperties.NONE),
				"40 02 00 0A");
		assertEncoded(version,
				(encoder, out) -> encoder.pubRec(out, 65_535, MqttReasonCode.SUCCESS, ReasonProperties.NONE),
				"50 02 FF FF");
		assertEncoded(version, (encoder, out) -> encoder.pubRel(out, 10, MqttReasonCode.SUCCESS, ReasonProperties.NONE),
				"62 02 00 0A");
		assertEncoded(version,
				(encoder, out) -> encoder.pubComp(out, 256, MqttReasonCode.SUCCESS, ReasonProperties.NONE),
				"70 02 01 00");
	}

	@Test
	void encodesReasonsOfAcknowledgementsOn5Only() {
		BiConsumer<PacketEncoder, OutputBuffer> pubAck = (encoder, out) -> encoder.pubAck(out, 10,
				MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, ReasonProperties.NONE);
		assertEncoded(MQTT_5, pubAck, "40 03 00 0A 83");
		assertEncoded(MQTT_3_1_1, pubAck, "40 02 00 0A");
		BiConsumer<PacketEncoder, OutputBuffer> pubComp = (encoder, out) -> encoder.pubComp(out, 10,
				MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND, ReasonProperties.NONE);
		assertEncoded(MQTT_5, pubComp, "70 03 00 0A 92");
		assertEncoded(MQTT_3_1_1, pubComp, "70 02 00 0A");
		assertEncoded(MQTT_5, (encoder, out) -> encoder.pubRel(out, 10, MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND,
				ReasonProperties.NONE), "62 03 00 0A 92");
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.pubRec(out, 10, MqttReasonCode.QUOTA_EXCEEDED, ReasonProperties.NONE),
				"50 03 00 0A 97");
	}

	@Test // 5.0 §3.4.2.2, §3.14.2.2, §3.15.2.2
	void encodesReasonStringsAndUserPropertiesOn5Only() {
		ReasonProperties words = new ReasonProperties("no", List.of(new MqttUserProperty("k", "v")));
		String properties = "0C | 1F 00 02 'no' | 26 00 01 'k' 00 01 'v'";
		assertEncoded(MQTT_5, (encoder, out) -> encoder.pubAck(out, 10, MqttReasonCode.SUCCESS, words),
				"40 10 00 0A 00", properties);
		assertEncoded(MQTT_5, (encoder, out) -> encoder.pubRec(out, 10, MqttReasonCode.NOT_AUTHORIZED, words),
				"50 10 00 0A 87", properties);
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.pubRel(out, 10, MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND, words),
				"62 10 00 0A 92", properties);
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.pubComp(out, 10, MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND, words),
				"70 10 00 0A 92", properties);
		assertEncoded(MQTT_5, (encoder, out) -> encoder.disconnect(out, MqttReasonCode.UNSPECIFIED_ERROR, null, words),
				"E0 0E 80", properties);
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.auth(out, MqttReasonCode.CONTINUE_AUTHENTICATION, "m", null, words),
				"F0 12 | 18 | 10 15 00 01 'm'", properties.substring(3));
		assertEncoded(MQTT_3_1_1, (encoder, out) -> encoder.pubAck(out, 10, MqttReasonCode.SUCCESS, words),
				"40 02 00 0A");
		assertEncoded(MQTT_3_1_1,
				(encoder, out) -> encoder.disconnect(out, MqttReasonCode.UNSPECIFIED_ERROR, 7L, words), "E0 00");
	}

	@Test // 5.0 §3.14.2.2.2
	void encodesAnotherSessionExpiryInDisconnect() {
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.disconnect(out, MqttReasonCode.SUCCESS, 0xFFFF_FFFFL, ReasonProperties.NONE),
				"E0 07 | 00 | 05 11 FF FF FF FF");
		assertEncoded(MQTT_5, (encoder, out) -> encoder.disconnect(out, MqttReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
				null, ReasonProperties.NONE), "E0 01 04");
	}

	// ---- SUBSCRIBE, UNSUBSCRIBE

	@Test // 3.1.1 figure 3.23: a/b with QoS 1, c/d with QoS 2; [MQTT-3.8.1-1]
	void encodesSubscribeOf311() {
		List<SubscribeEntry> entries = List.of(new SubscribeEntry("a/b", MqttQos.AT_LEAST_ONCE, true, true, 2),
				new SubscribeEntry("c/d", MqttQos.EXACTLY_ONCE, false, false, 0));
		assertEncoded(MQTT_3_1_1, (encoder, out) -> encoder.subscribe(out, 10, entries, 7, List.of()),
				"82 0E | 00 0A | 00 03 'a/b' 01 | 00 03 'c/d' 02");
	}

	@Test // 5.0 §3.8
	void encodesSubscribeOf5() {
		List<SubscribeEntry> entries = List.of(new SubscribeEntry("a/b", MqttQos.AT_LEAST_ONCE, false, false, 0),
				new SubscribeEntry("c/d", MqttQos.EXACTLY_ONCE, false, false, 0));
		assertEncoded(MQTT_5, (encoder, out) -> encoder.subscribe(out, 10, entries, 0, List.of()),
				"82 0F | 00 0A | 00 | 00 03 'a/b' 01 | 00 03 'c/d' 02");
	}

	@ParameterizedTest // 5.0 §3.8.3.1, figure 3-21
	@CsvSource({ "AT_MOST_ONCE, false, false, 0, 00", "EXACTLY_ONCE, false, false, 0, 02",
			"AT_MOST_ONCE, true, false, 0, 04", "AT_MOST_ONCE, false, true, 0, 08", "AT_MOST_ONCE, false, false, 1, 10",
			"AT_MOST_ONCE, false, false, 2, 20", "EXACTLY_ONCE, true, true, 2, 2E" })
	void encodesSubscriptionOptions(MqttQos qos, boolean noLocal, boolean retainAsPublished, int retainHandling,
			String options) {
		List<SubscribeEntry> entries = List
			.of(new SubscribeEntry("a", qos, noLocal, retainAsPublished, retainHandling));
		assertEncoded(MQTT_5, (encoder, out) -> encoder.subscribe(out, 1, entries, 0, List.of()),
				"82 07 | 00 01 | 00 | 00 01 'a'", options);
	}

	@ParameterizedTest // 5.0 §3.8.2.1.2
	@CsvSource({ "1, 01", "127, 7F", "128, 80 01", "16384, 80 80 01", "268435455, FF FF FF 7F" })
	void encodesTheSubscriptionIdentifier(int identifier, String wire) {
		List<SubscribeEntry> entries = List.of(new SubscribeEntry("a", MqttQos.AT_MOST_ONCE, false, false, 0));
		int count = Wire.bytes(wire).length;
		assertEncoded(MQTT_5, (encoder, out) -> encoder.subscribe(out, 1, entries, identifier, List.of()),
				"82 %02X | 00 01 | %02X 0B".formatted(8 + count, 1 + count), wire, "00 01 'a' 00");
	}

	@Test // 3.1.1 figure 3.28, 5.0 §3.10; [MQTT-3.10.1-1]
	void encodesUnsubscribe() {
		BiConsumer<PacketEncoder, OutputBuffer> unsubscribe = (encoder, out) -> encoder.unsubscribe(out, 10,
				List.of("a/b", "c/d"), List.of());
		assertEncoded(MQTT_3_1_1, unsubscribe, "A2 0C | 00 0A | 00 03 'a/b' | 00 03 'c/d'");
		assertEncoded(MQTT_5, unsubscribe, "A2 0D | 00 0A | 00 | 00 03 'a/b' | 00 03 'c/d'");
	}

	@Test // 5.0 §3.8.2.1.3, §3.10.2.1.2
	void encodesUserPropertiesOfSubscribeAndUnsubscribe() {
		List<SubscribeEntry> entries = List.of(new SubscribeEntry("a", MqttQos.AT_MOST_ONCE, false, false, 0));
		List<MqttUserProperty> properties = List.of(new MqttUserProperty("k", "v"));
		assertEncoded(MQTT_5, (encoder, out) -> encoder.subscribe(out, 1, entries, 5, properties),
				"82 10 | 00 01 | 09 0B 05 26 00 01 'k' 00 01 'v' | 00 01 'a' 00");
		assertEncoded(MQTT_5, (encoder, out) -> encoder.unsubscribe(out, 1, List.of("a"), properties),
				"A2 0D | 00 01 | 07 26 00 01 'k' 00 01 'v' | 00 01 'a'");
		assertEncoded(MQTT_3_1_1, (encoder, out) -> encoder.unsubscribe(out, 1, List.of("a"), properties),
				"A2 05 | 00 01 | 00 01 'a'");
	}

	// ---- PINGREQ, DISCONNECT, AUTH

	@ParameterizedTest // 5.0 §3.12, §3.14
	@EnumSource
	void encodesPingReqAndDisconnect(MqttVersion version) {
		assertEncoded(version, PacketEncoder::pingReq, "C0 00");
		assertEncoded(version,
				(encoder, out) -> encoder.disconnect(out, MqttReasonCode.SUCCESS, null, ReasonProperties.NONE),
				"E0 00");
	}

	@Test
	void encodesWhyItDisconnectsOn5Only() {
		BiConsumer<PacketEncoder, OutputBuffer> disconnect = (encoder, out) -> encoder.disconnect(out,
				MqttReasonCode.MALFORMED_PACKET, null, ReasonProperties.NONE);
		assertEncoded(MQTT_5, disconnect, "E0 01 81");
		assertEncoded(MQTT_3_1_1, disconnect, "E0 00");
	}

	@Test // 5.0 §3.15
	void encodesAuth() {
		assertEncoded(MQTT_5,
				(encoder, out) -> encoder.auth(out, MqttReasonCode.CONTINUE_AUTHENTICATION, "SCRAM",
						Wire.bytes("CA FE"), ReasonProperties.NONE),
				"F0 0F | 18 | 0D | 15 00 05 'SCRAM' | 16 00 02 CA FE");
		assertEncoded(MQTT_5, (encoder, out) -> encoder.auth(out, MqttReasonCode.REAUTHENTICATE, "SCRAM", null,
				ReasonProperties.NONE), "F0 0A | 19 | 08 | 15 00 05 'SCRAM'");
		assertThatIllegalStateException()
			.isThrownBy(() -> encode(MQTT_3_1_1,
					(encoder, out) -> encoder.auth(out, MqttReasonCode.CONTINUE_AUTHENTICATION, "SCRAM", null,
							ReasonProperties.NONE)))
			.withMessage("There is no AUTH packet in MQTT 3.1.1");
	}

	// ---- all of them

	@Test
	void encodesOnePacketAfterAnother() {
		assertEncoded(MQTT_3_1_1, (encoder, out) -> {
			encoder.connect(out, PLAIN);
			encoder.subscribe(out, 1, List.of(new SubscribeEntry("#", MqttQos.AT_MOST_ONCE, false, false, 0)), 0,
					List.of());
			encoder.publish(out, MqttMessage.of("a", "x"), 2, false, -1);
			encoder.pingReq(out);
			encoder.disconnect(out, MqttReasonCode.SUCCESS, null, ReasonProperties.NONE);
		}, "10 0D | 00 04 'MQTT' | 04 | 02 | 00 3C | 00 01 'c'", "82 06 | 00 01 | 00 01 '#' 00",
				"32 06 | 00 01 'a' | 00 02 | 'x'", "C0 00", "E0 00");
	}

	@Test
	void refusesAStringThatDoesNotFit() {
		Consumer<String> clientId = (id) -> encode(MQTT_5, (encoder, out) -> encoder.connect(out, new ConnectPacket(id,
				true, 60, MqttCredentials.NONE, null, 0, 65_535, 268_435_460, 0, false, true, List.of(), null, null)));
		clientId.accept("x".repeat(65_535));
		assertThatIllegalArgumentException().isThrownBy(() -> clientId.accept("x".repeat(65_536)))
			.withMessage("A string of 65,536 bytes in UTF-8 does not fit: at most 65,535 do");
		assertThatIllegalArgumentException().isThrownBy(() -> clientId.accept("ä".repeat(32_768)));
	}

	@Test
	void aLargePacketDoesNotKeepItsBufferForTheSmallOnesAfterIt() {
		OutputBuffer out = new OutputBuffer();
		PacketEncoder encoder = new PacketEncoder(MQTT_5);
		encoder.publish(out, MqttMessage.of("a", new byte[1 << 20]), 1, false, -1);
		assertThat(out.bytes().length).isGreaterThan(1 << 20);
		out.clear(1024);
		encoder.pingReq(out);
		assertThat(out.bytes().length).isLessThanOrEqualTo(1024);
		assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1)).isEqualTo("\u00C0\0");
	}

}
