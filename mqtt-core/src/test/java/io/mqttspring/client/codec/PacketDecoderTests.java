package io.mqttspring.client.codec;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttVersion;

import static io.mqttspring.client.MqttVersion.MQTT_3_1_1;
import static io.mqttspring.client.MqttVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a broker may send, byte by byte.
 */
class PacketDecoderTests {

	private static List<String> decode(MqttVersion version, String... wire) {
		return DecodedPackets.decode(version, wire).lines;
	}

	private static MqttMessage message(MqttVersion version, String... wire) {
		return DecodedPackets.decode(version, wire).messages.get(0);
	}

	private static ConnAck connAck(MqttVersion version, String... wire) {
		return DecodedPackets.decode(version, wire).connAcks.get(0);
	}

	// ---- CONNACK

	@ParameterizedTest // 3.1.1 §3.2.2.3
	@CsvSource({ "00, SUCCESS", "01, UNSUPPORTED_PROTOCOL_VERSION", "02, CLIENT_IDENTIFIER_NOT_VALID",
			"03, SERVER_UNAVAILABLE", "04, BAD_USER_NAME_OR_PASSWORD", "05, NOT_AUTHORIZED" })
	void tellsReturnCodesOf311ByReasonCodesOf5(String code, MqttReasonCode reason) {
		assertThat(connAck(MQTT_3_1_1, "20 02 00", code).reason()).isEqualTo(reason);
	}

	@ParameterizedTest // 5.0 §3.1.2.2, 3.1.1 §3.2.2.3: a broker that does not know 5.0
	@CsvSource({ "01, UNSUPPORTED_PROTOCOL_VERSION", "02, CLIENT_IDENTIFIER_NOT_VALID", "03, SERVER_UNAVAILABLE",
			"04, BAD_USER_NAME_OR_PASSWORD", "05, NOT_AUTHORIZED" })
	void readsARefusalInTheFormOf311OnAConnectionOf5(String code, MqttReasonCode reason) {
		assertThat(connAck(MQTT_5, "20 02 00", code).reason()).isEqualTo(reason);
	}

	@Test
	void readsSessionPresent() {
		assertThat(decode(MQTT_3_1_1, "20 02 01 00")).containsExactly("CONNACK SUCCESS session present");
		assertThat(decode(MQTT_5, "20 03 01 00 00")).containsExactly("CONNACK SUCCESS session present");
		assertThat(decode(MQTT_5, "20 03 00 00 00")).containsExactly("CONNACK SUCCESS");
	}

	@Test
	void connAckOf5WithoutPropertiesHasTheDefaultsOfTheSpecification() {
		assertThat(connAck(MQTT_5, "20 03 00 00 00"))
			.isEqualTo(new ConnAck(false, MqttReasonCode.SUCCESS, null, 65_535, MqttQos.EXACTLY_ONCE, true, 268_435_460,
					null, 0, null, List.of(), true, true, true, null, null, null, null, null));
	}

	@Test
	void connAckOf311LimitsNothingAndTakesNoSubscriptionIdentifiers() {
		assertThat(connAck(MQTT_3_1_1, "20 02 00 00"))
			.isEqualTo(new ConnAck(false, MqttReasonCode.SUCCESS, null, 65_535, MqttQos.EXACTLY_ONCE, true, 268_435_460,
					null, 0, null, List.of(), true, false, true, null, null, null, null, null));
	}

	@Test // 5.0 §3.2.2.3
	void readsEachPropertyOfConnAck() {
		ConnAck connAck = connAck(MQTT_5, "20 5C 00 00 59", // 92 and 89 bytes
				"11 00 00 0E 10", // Session Expiry Interval 3600
				"21 00 0A", // Receive Maximum 10
				"24 01", // Maximum QoS 1
				"25 00", // Retain Available 0
				"27 00 01 00 00", // Maximum Packet Size 65536
				"12 00 06 'id-007'", // Assigned Client Identifier
				"22 00 05", // Topic Alias Maximum 5
				"1F 00 05 'hello'", // Reason String
				"26 00 01 'a' 00 01 '1'", // User Property
				"26 00 01 'a' 00 00", // User Property, again, empty
				"28 00", // Wildcard Subscription Available 0
				"29 00", // Subscription Identifiers Available 0
				"2A 00", // Shared Subscription Available 0
				"13 00 1E", // Server Keep Alive 30
				"1A 00 06 'reply/'", // Response Information
				"1C 00 05 'other'", // Server Reference
				"15 00 05 'SCRAM'", // Authentication Method
				"16 00 02 CA FE"); // Authentication Data
		assertThat(connAck.sessionExpiry()).isEqualTo(3600);
		assertThat(connAck.receiveMaximum()).isEqualTo(10);
		assertThat(connAck.maximumQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
		assertThat(connAck.retainAvailable()).isFalse();
		assertThat(connAck.maximumPacketSize()).isEqualTo(65_536);
		assertThat(connAck.assignedClientId()).isEqualTo("id-007");
		assertThat(connAck.topicAliasMaximum()).isEqualTo(5);
		assertThat(connAck.reasonString()).isEqualTo("hello");
		assertThat(connAck.userProperties()).containsExactly(new MqttUserProperty("a", "1"),
				new MqttUserProperty("a", ""));
		assertThat(connAck.wildcardAvailable()).isFalse();
		assertThat(connAck.subscriptionIdentifiersAvailable()).isFalse();
		assertThat(connAck.sharedAvailable()).isFalse();
		assertThat(connAck.serverKeepAlive()).isEqualTo(30);
		assertThat(connAck.responseInformation()).isEqualTo("reply/");
		assertThat(connAck.serverReference()).isEqualTo("other");
		assertThat(connAck.authenticationMethod()).isEqualTo("SCRAM");
		assertThat(connAck.authenticationData()).isEqualTo(Wire.bytes("CA FE"));
	}

	@Test
	void readsNumbersOfConnAckAsUnsigned() {
		ConnAck connAck = connAck(MQTT_5, "20 18 00 00 15 11 FF FF FF FF | 21 FF FF | 27 0F FF FF FF | 22 FF FF",
				"13 FF FF 25 01");
		assertThat(connAck.sessionExpiry()).isEqualTo(4_294_967_295L);
		assertThat(connAck.receiveMaximum()).isEqualTo(65_535);
		assertThat(connAck.maximumPacketSize()).isEqualTo(268_435_455);
		assertThat(connAck.topicAliasMaximum()).isEqualTo(65_535);
		assertThat(connAck.serverKeepAlive()).isEqualTo(65_535);
	}

	@Test // 5.0 §3.2.2.3.6: four bytes say more than a remaining length can
	void aMaximumPacketSizeBeyondTheLargestPacketThereCanBeIsNoLimit() {
		assertThat(connAck(MQTT_5, "20 08 00 00 05 27 FF FF FF FF").maximumPacketSize()).isEqualTo(268_435_460);
	}

	@Test
	void readsWhyABrokerOf5Refuses() {
		ConnAck connAck = connAck(MQTT_5, "20 0B 00 87 08 1F 00 05 'go on'");
		assertThat(connAck.reason()).isEqualTo(MqttReasonCode.NOT_AUTHORIZED);
		assertThat(connAck.reasonString()).isEqualTo("go on");
	}

	// ---- PUBLISH

	@Test // 3.1.1 §3.3.2.2: topic a/b, packet id 10
	void readsPublishOf311() {
		assertThat(decode(MQTT_3_1_1, "30 07 | 00 03 'a/b' | 'hi'", "32 09 | 00 03 'a/b' | 00 0A | 'hi'",
				"34 09 | 00 03 'a/b' | FF FF | 'hi'", "3D 07 | 00 03 'a/b' | 00 01"))
			.containsExactly("PUBLISH 0 QoS 0 'a/b' 'hi'", "PUBLISH 10 QoS 1 'a/b' 'hi'",
					"PUBLISH 65535 QoS 2 'a/b' 'hi'", "PUBLISH 1 QoS 2 DUP RETAIN 'a/b' ''");
	}

	@Test // 5.0 §3.3.2: topic a/b, packet id 10, no properties
	void readsPublishOf5() {
		assertThat(decode(MQTT_5, "30 08 | 00 03 'a/b' | 00 | 'hi'", "3A 08 | 00 03 'a/b' | 00 0A | 00",
				"35 08 | 00 03 'a/b' | 01 00 | 00"))
			.containsExactly("PUBLISH 0 QoS 0 'a/b' 'hi'", "PUBLISH 10 QoS 1 DUP 'a/b' ''",
					"PUBLISH 256 QoS 2 RETAIN 'a/b' ''");
	}

	@ParameterizedTest
	@EnumSource
	void publishWithoutPropertiesSharesTheEmptyOnes(MqttVersion version) {
		String properties = (version == MQTT_5) ? "00" : "'x'";
		assertThat(message(version, "30 06 | 00 03 'a/b'", properties).properties())
			.isSameAs(MqttMessageProperties.NONE);
	}

	@Test // 5.0 §3.3.2.3
	void readsEachPropertyOfPublish() {
		// 66 and 58 bytes
		MqttMessage message = message(MQTT_5, "30 42 | 00 03 'a/b' | 3A", "01 01", // Payload
																					// Format
																					// Indicator
				"02 00 00 00 3C", // Message Expiry Interval 60
				"23 00 02", // Topic Alias 2
				"08 00 05 'reply'", // Response Topic
				"09 00 03 00 FF 01", // Correlation Data
				"26 00 01 'k' 00 01 'v'", // User Property
				"26 00 01 'k' 00 01 'w'", // User Property of the same name
				"0B 01", // Subscription Identifier 1
				"0B FF FF FF 7F", // Subscription Identifier 268,435,455
				"03 00 0A 'text/plain'", // Content Type
				"'hi'");
		assertThat(message.topic()).isEqualTo("a/b");
		assertThat(message.payloadAsString()).isEqualTo("hi");
		MqttMessageProperties properties = message.properties();
		assertThat(properties.utf8()).isTrue();
		assertThat(properties.messageExpiry()).isEqualTo(Duration.ofSeconds(60));
		assertThat(properties.responseTopic()).isEqualTo("reply");
		assertThat(properties.correlationData()).isEqualTo(Wire.bytes("00 FF 01"));
		assertThat(properties.userProperties()).containsExactly(new MqttUserProperty("k", "v"),
				new MqttUserProperty("k", "w"));
		assertThat(properties.subscriptionIdentifiers()).containsExactly(1, 268_435_455);
		assertThat(properties.contentType()).isEqualTo("text/plain");
	}

	@Test
	void propertiesOfOnePublishDoNotShowInTheNext() {
		DecodedPackets packets = DecodedPackets.decode(MQTT_5,
				"30 12 | 00 01 'a' | 0E 01 01 0B 05 26 00 01 'k' 00 01 'v' 23 00 01 |",
				"30 07 | 00 01 'a' | 03 23 00 02");
		assertThat(packets.messages.get(1).properties()).isEqualTo(MqttMessageProperties.NONE);
	}

	@Test
	void readsTheLongestMessageExpiry() {
		assertThat(message(MQTT_5, "30 09 | 00 01 'a' | 05 02 FF FF FF FF").properties().messageExpiry())
			.isEqualTo(Duration.ofSeconds(4_294_967_295L));
	}

	@Test // 5.0 §1.5.4, [MQTT-1.5.4-3]
	void readsTopicsBeyondAscii() {
		assertThat(message(MQTT_5, "30 08 | 00 05 'A' F0 AA 9B 94 | 00").topic()).isEqualTo("A\uD869\uDED4");
		assertThat(message(MQTT_5, "30 07 | 00 04 EF BB BF 'a' | 00").topic()).isEqualTo("\uFEFFa");
		assertThat(message(MQTT_3_1_1, "30 08 | 00 06 'gr' C3 B6 C3 9F").topic()).isEqualTo("größ");
	}

	@Test // [MQTT-3.3.2-10]
	void takesAllTopicAliasesThatWereOffered() {
		assertThat(decode(MQTT_5, "30 08 | 00 01 'a' | 03 23 00 01 | '1'", "30 08 | 00 01 'b' | 03 23 00 0A | '2'",
				"30 07 | 00 00 | 03 23 00 01 | '3'", "30 07 | 00 00 | 03 23 00 0A | '4'",
				// a new meaning
				"30 08 | 00 01 'c' | 03 23 00 01 | '5'", "30 07 | 00 00 | 03 23 00 01 | '6'"))
			.containsExactly("PUBLISH 0 QoS 0 'a' '1'", "PUBLISH 0 QoS 0 'b' '2'", "PUBLISH 0 QoS 0 'a' '3'",
					"PUBLISH 0 QoS 0 'b' '4'", "PUBLISH 0 QoS 0 'c' '5'", "PUBLISH 0 QoS 0 'c' '6'");
	}

	@Test
	void givesTheSameStringForATopicThatComesAgain() {
		DecodedPackets packets = DecodedPackets.decode(MQTT_5, "30 06 | 00 03 'a/b' | 00", "30 06 | 00 03 'a/b' | 00");
		assertThat(packets.messages.get(0).topic()).isSameAs(packets.messages.get(1).topic());
	}

	@Test
	void topicsThatShareAPlaceInTheCacheAreToldApart() {
		PacketDecoder decoder = DecodedPackets.decoder(MQTT_3_1_1);
		DecodedPackets packets = new DecodedPackets();
		for (int round = 0; round < 2; round++) {
			for (int i = 1000; i < 3000; i++) {
				byte[] bytes = Wire.bytes("30 06 | 00 04 '" + i + "'");
				decoder.decode(bytes, 0, bytes.length, packets);
				assertThat(packets.messages.get(packets.messages.size() - 1).topic()).isEqualTo(String.valueOf(i));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 127, 128, 129, 65_535 })
	void readsLongTopics(int length) {
		String topic = "t".repeat(length);
		byte[] bytes = Wire.bytes("30", variableInt(length + 2), "%04X".formatted(length), "'" + topic + "'");
		DecodedPackets packets = DecodedPackets.decode(MQTT_3_1_1, bytes);
		assertThat(packets.messages.get(0).topic()).isEqualTo(topic);
	}

	@ParameterizedTest // 5.0 table 1-1
	@CsvSource({ "127, 7F", "128, 80 01", "16383, FF 7F", "16384, 80 80 01", "2097151, FF FF 7F",
			"2097152, 80 80 80 01" })
	void readsEachSizeOfTheRemainingLength(int remaining, String wire) {
		byte[] head = Wire.bytes("30", wire, "00 01 't'");
		byte[] bytes = new byte[head.length + remaining - 3];
		System.arraycopy(head, 0, bytes, 0, head.length);
		bytes[bytes.length - 1] = 42;
		byte[] payload = DecodedPackets.decode(MQTT_3_1_1, bytes).messages.get(0).payload();
		assertThat(payload).hasSize(remaining - 3);
		assertThat(payload[payload.length - 1]).isEqualTo((byte) 42);
	}

	@Test // 3.1.1 does not ask for the fewest bytes
	void readsALengthOfMoreBytesThanNeededOn311() {
		assertThat(decode(MQTT_3_1_1, "D0 80 00", "40 82 80 80 00 | 00 01")).containsExactly("PINGRESP",
				"PUBACK 1 SUCCESS");
	}

	private static String variableInt(int value) {
		OutputBuffer out = new OutputBuffer();
		out.writeVariableInt(value);
		return Wire.hex(Arrays.copyOf(out.bytes(), out.length()));
	}

	// ---- acknowledgements

	@Test
	void readsAcknowledgementsOf311() {
		assertThat(decode(MQTT_3_1_1, "40 02 00 0A", "50 02 00 0B", "62 02 00 0C", "70 02 FF FF"))
			.containsExactly("PUBACK 10 SUCCESS", "PUBREC 11 SUCCESS", "PUBREL 12 SUCCESS", "PUBCOMP 65535 SUCCESS");
	}

	@ParameterizedTest // 5.0 §3.4.2.1 and its like: what is not there is success
	@CsvSource({ "40, PUBACK", "50, PUBREC", "62, PUBREL", "70, PUBCOMP" })
	void readsAcknowledgementsOf5InEachLength(String first, String packet) {
		assertThat(decode(MQTT_5, first, "02 00 0A")).containsExactly(packet + " 10 SUCCESS");
		assertThat(decode(MQTT_5, first, "03 00 0A 00")).containsExactly(packet + " 10 SUCCESS");
		assertThat(decode(MQTT_5, first, "04 00 0A 00 00")).containsExactly(packet + " 10 SUCCESS");
	}

	@Test
	void readsReasonAndReasonStringOfAcknowledgements() {
		assertThat(decode(MQTT_5, "40 03 00 0A 10", "50 03 00 0A 97", "62 03 00 0A 92", "70 03 00 0A 92"))
			.containsExactly("PUBACK 10 NO_MATCHING_SUBSCRIBERS", "PUBREC 10 QUOTA_EXCEEDED",
					"PUBREL 10 PACKET_IDENTIFIER_NOT_FOUND", "PUBCOMP 10 PACKET_IDENTIFIER_NOT_FOUND");
		assertThat(decode(MQTT_5, "40 10 00 0A 87 0C 1F 00 02 'no' 26 00 01 'k' 00 01 'v'"))
			.containsExactly("PUBACK 10 NOT_AUTHORIZED 'no' k=v");
		assertThat(decode(MQTT_5, "50 09 00 0A 80 05 1F 00 02 'no'", "70 09 00 0A 92 05 1F 00 02 'no'",
				"62 09 00 0A 92 05 1F 00 02 'no'"))
			.containsExactly("PUBREC 10 UNSPECIFIED_ERROR 'no'", "PUBCOMP 10 PACKET_IDENTIFIER_NOT_FOUND 'no'",
					"PUBREL 10 PACKET_IDENTIFIER_NOT_FOUND 'no'");
		assertThat(decode(MQTT_5, "62 17 00 0A 92 13 26 00 01 'k' 00 01 'v' 1F 00 02 'no' 26 00 01 'k' 00 01 'w'"))
			.containsExactly("PUBREL 10 PACKET_IDENTIFIER_NOT_FOUND 'no' k=v k=w");
	}

	// ---- SUBACK, UNSUBACK

	@Test // 3.1.1 §3.9.3
	void readsSubAckOf311() {
		assertThat(decode(MQTT_3_1_1, "90 06 00 0A 00 01 02 80"))
			.containsExactly("SUBACK 10 [SUCCESS, GRANTED_QOS_1, GRANTED_QOS_2, UNSPECIFIED_ERROR]");
	}

	@Test // 5.0 §3.9
	void readsSubAckOf5() {
		assertThat(decode(MQTT_5, "90 04 00 0A 00 01", "90 07 00 0A 00 00 02 87 A2",
				"90 10 00 0A 0C 1F 00 02 'no' 26 00 01 'k' 00 01 'v' 8F"))
			.containsExactly("SUBACK 10 [GRANTED_QOS_1]",
					"SUBACK 10 [SUCCESS, GRANTED_QOS_2, NOT_AUTHORIZED, WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED]",
					"SUBACK 10 [TOPIC_FILTER_INVALID] 'no' k=v");
	}

	@Test // 3.1.1 §3.11 has no payload
	void readsUnsubAck() {
		assertThat(decode(MQTT_3_1_1, "B0 02 00 0A")).containsExactly("UNSUBACK 10 []");
		assertThat(decode(MQTT_5, "B0 05 00 0A 00 00 11", "B0 09 00 0A 05 1F 00 02 'no' 87"))
			.containsExactly("UNSUBACK 10 [SUCCESS, NO_SUBSCRIPTION_EXISTED]", "UNSUBACK 10 [NOT_AUTHORIZED] 'no'");
	}

	// ---- PINGRESP, DISCONNECT, AUTH

	@ParameterizedTest
	@EnumSource
	void readsPingResp(MqttVersion version) {
		assertThat(decode(version, "D0 00")).containsExactly("PINGRESP");
	}

	@Test // 5.0 §3.14
	void readsDisconnectInEachLength() {
		assertThat(decode(MQTT_5, "E0 00")).containsExactly("DISCONNECT SUCCESS");
		assertThat(decode(MQTT_5, "E0 01 8E")).containsExactly("DISCONNECT SESSION_TAKEN_OVER");
		assertThat(decode(MQTT_5, "E0 02 8B 00")).containsExactly("DISCONNECT SERVER_SHUTTING_DOWN");
		assertThat(decode(MQTT_5, "E0 17 9C 15 1F 00 03 'bye' 1C 00 05 'other' 26 00 01 'k' 00 01 'v'"))
			.containsExactly("DISCONNECT USE_ANOTHER_SERVER 'bye' k=v 'other'");
	}

	@Test // 5.0 §3.15
	void readsAuth() {
		assertThat(decode(MQTT_5, "F0 00")).containsExactly("AUTH SUCCESS");
		assertThat(decode(MQTT_5, "F0 1A 18 18 15 00 05 'SCRAM' 16 00 02 CA FE 1F 00 03 'why' 26 00 00 00 00"))
			.containsExactly("AUTH CONTINUE_AUTHENTICATION 'SCRAM' CA FE 'why' =");
	}

	// ---- all of them

	@Test
	void decodesOnlyBetweenTheGivenPlaces() {
		byte[] bytes = Wire.bytes("FF FF | D0 00 | 40 02 00 01 | D0");
		DecodedPackets packets = new DecodedPackets();
		int end = DecodedPackets.decoder(MQTT_5).decode(bytes, 2, bytes.length, packets);
		assertThat(packets.lines).containsExactly("PINGRESP", "PUBACK 1 SUCCESS");
		assertThat(end).isEqualTo(8);
	}

	@Test
	void theLargestPacketThatIsTakenIsTaken() {
		byte[] bytes = Wire.bytes("30 08 | 00 03 'a/b' | 'six'");
		DecodedPackets packets = new DecodedPackets();
		assertThat(new PacketDecoder(MQTT_3_1_1, 10, 0).decode(bytes, 0, bytes.length, packets)).isEqualTo(10);
		assertThat(packets.lines).containsExactly("PUBLISH 0 QoS 0 'a/b' 'six'");
	}

}
