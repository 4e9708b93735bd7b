package io.mqttspring.client.codec;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Table 2-4 of MQTT 5.0: each property, in each packet that a broker sends.
 */
class PropertyRulesTests {

	private static void assertProtocolError(byte[] packet, String message) {
		assertRefused(packet, MqttReasonCode.PROTOCOL_ERROR, message);
	}

	private static void assertRefused(byte[] packet, MqttReasonCode reason, String message) {
		assertThatExceptionOfType(MqttProtocolException.class).as(Wire.hex(packet))
			.isThrownBy(() -> DecodedPackets.decode(MqttVersion.MQTT_5, packet))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.reasonCode()).as(Wire.hex(packet)).isEqualTo(reason));
	}

	@ParameterizedTest
	@EnumSource
	void propertyIsTakenWhereTheSpecificationHasItAndRefusedElsewhere(Property property) {
		for (Packet packet : Packet.values()) {
			byte[] bytes = packet.with(property.wire);
			if (property.packets.contains(packet)) {
				assertThat(DecodedPackets.decode(MqttVersion.MQTT_5, bytes).lines).hasSize(1);
			}
			else {
				assertProtocolError(bytes,
						"%s has the property 0x%02X, which it may not have".formatted(packet, property.id()));
			}
		}
	}

	@ParameterizedTest // 5.0 §3.2.2.3, §3.3.2.3 and so on: "to include … more than once"
	@EnumSource
	void propertyThatComesTwiceIsRefusedUnlessItMayBeRepeated(Property property) {
		for (Packet packet : property.packets) {
			byte[] bytes = packet.with(property.wire + " " + property.wire);
			if (property == Property.USER_PROPERTY || property == Property.SUBSCRIPTION_IDENTIFIER) {
				assertThat(DecodedPackets.decode(MqttVersion.MQTT_5, bytes).lines).hasSize(1);
			}
			else {
				assertProtocolError(bytes, "%s has the property 0x%02X twice".formatted(packet, property.id()));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void propertyThatReachesBeyondTheLengthOfThePropertiesIsRefused(Property property) {
		for (Packet packet : property.packets) {
			byte[] bytes = packet.with(property.wire);
			int lengthAt = 2 + Wire.bytes(packet.before).length;
			int length = bytes[lengthAt];
			for (int shorter = 1; shorter < length; shorter++) {
				byte[] cut = bytes.clone();
				cut[lengthAt] = (byte) shorter;
				assertRefused(cut, MqttReasonCode.MALFORMED_PACKET, packet + " has a property that is longer than");
			}
			byte[] longer = bytes.clone();
			longer[lengthAt] = 0x7f;
			assertRefused(longer, MqttReasonCode.MALFORMED_PACKET,
					packet + " has properties that are longer than the packet");
		}
	}

	@Test // 5.0 §2.2.2.2
	void propertiesThatThereAreNotAreRefused() {
		Set<Integer> known = new HashSet<>();
		for (Property property : Property.values()) {
			known.add(property.id());
		}
		assertThat(known).hasSize(27);
		for (int id = 0; id < 0x80; id++) {
			if (!known.contains(id)) {
				for (Packet packet : Packet.values()) {
					assertRefused(packet.with("%02X 00 00 00 00".formatted(id)), MqttReasonCode.MALFORMED_PACKET,
							"%s has the property 0x%02X, which there is not".formatted(packet, id));
				}
			}
		}
		assertRefused(Packet.PUBLISH.with("81 01 00"), MqttReasonCode.MALFORMED_PACKET,
				"PUBLISH has the property 0x81, which there is not");
		assertRefused(Packet.PUBLISH.with("FF FF FF 7F 00"), MqttReasonCode.MALFORMED_PACKET, "which there is not");
	}

	@Test // 5.0 §3.2.2.3.4 and so on: "a value other than 0 or 1"
	void flagsAreZeroOrOne() {
		Map<Packet, Set<String>> flags = new EnumMap<>(Packet.class);
		flags.put(Packet.PUBLISH, new TreeSet<>(Set.of("01")));
		flags.put(Packet.CONNACK, new TreeSet<>(Set.of("24", "25", "28", "29", "2A")));
		flags.forEach((packet, ids) -> ids.forEach((id) -> {
			assertThat(DecodedPackets.decode(MqttVersion.MQTT_5, packet.with(id + " 00")).lines).hasSize(1);
			assertThat(DecodedPackets.decode(MqttVersion.MQTT_5, packet.with(id + " 01")).lines).hasSize(1);
			assertProtocolError(packet.with(id + " 02"),
					"%s has 2 as value of the property 0x%s, which can be 0 or 1".formatted(packet, id));
			assertProtocolError(packet.with(id + " FF"), "%s has 255 as value".formatted(packet));
		}));
	}

	/**
	 * Packets that a broker sends and that have properties, each without any: what stands
	 * before the properties, and after them.
	 */
	private enum Packet {

		CONNACK("20", "00 00", ""), PUBLISH("30", "00 01 'a'", "'payload'"), PUBACK("40", "00 01 00", ""),
		PUBREC("50", "00 01 00", ""), PUBREL("62", "00 01 00", ""), PUBCOMP("70", "00 01 00", ""),
		SUBACK("90", "00 01", "00"), UNSUBACK("B0", "00 01", "00"), DISCONNECT("E0", "00", ""), AUTH("F0", "00", "");

		private final String first;

		private final String before;

		private final String after;

		Packet(String first, String before, String after) {
			this.first = first;
			this.before = before;
			this.after = after;
		}

		byte[] with(String properties) {
			String length = "%02X".formatted(Wire.bytes(properties).length);
			byte[] rest = Wire.bytes(this.before, length, properties, this.after);
			return Wire.bytes(this.first, "%02X".formatted(rest.length), Wire.hex(rest));
		}

	}

	/**
	 * All properties, with a value that is allowed.
	 */
	private enum Property {

		PAYLOAD_FORMAT_INDICATOR("01 01", Packet.PUBLISH), //
		MESSAGE_EXPIRY_INTERVAL("02 00 00 00 01", Packet.PUBLISH), //
		CONTENT_TYPE("03 00 01 'x'", Packet.PUBLISH), //
		RESPONSE_TOPIC("08 00 01 'x'", Packet.PUBLISH), //
		CORRELATION_DATA("09 00 01 FF", Packet.PUBLISH), //
		SUBSCRIPTION_IDENTIFIER("0B 01", Packet.PUBLISH), //
		// not DISCONNECT [MQTT-3.14.2-2]
		SESSION_EXPIRY_INTERVAL("11 00 00 00 01", Packet.CONNACK),
		ASSIGNED_CLIENT_IDENTIFIER("12 00 01 'x'", Packet.CONNACK), //
		SERVER_KEEP_ALIVE("13 00 01", Packet.CONNACK), //
		AUTHENTICATION_METHOD("15 00 01 'x'", Packet.CONNACK, Packet.AUTH), //
		AUTHENTICATION_DATA("16 00 01 FF", Packet.CONNACK, Packet.AUTH), //
		REQUEST_PROBLEM_INFORMATION("17 01"), // CONNECT
		WILL_DELAY_INTERVAL("18 00 00 00 01"), // the will in CONNECT
		REQUEST_RESPONSE_INFORMATION("19 01"), // CONNECT
		RESPONSE_INFORMATION("1A 00 01 'x'", Packet.CONNACK), //
		SERVER_REFERENCE("1C 00 01 'x'", Packet.CONNACK, Packet.DISCONNECT), //
		REASON_STRING("1F 00 01 'x'", Packet.CONNACK, Packet.PUBACK, Packet.PUBREC, Packet.PUBREL, Packet.PUBCOMP,
				Packet.SUBACK, Packet.UNSUBACK, Packet.DISCONNECT, Packet.AUTH), //
		RECEIVE_MAXIMUM("21 00 01", Packet.CONNACK), //
		TOPIC_ALIAS_MAXIMUM("22 00 01", Packet.CONNACK), //
		TOPIC_ALIAS("23 00 01", Packet.PUBLISH), //
		MAXIMUM_QOS("24 01", Packet.CONNACK), //
		RETAIN_AVAILABLE("25 01", Packet.CONNACK), //
		USER_PROPERTY("26 00 01 'k' 00 01 'v'", Packet.values()), //
		MAXIMUM_PACKET_SIZE("27 00 00 00 01", Packet.CONNACK), //
		WILDCARD_SUBSCRIPTION_AVAILABLE("28 01", Packet.CONNACK), //
		SUBSCRIPTION_IDENTIFIER_AVAILABLE("29 01", Packet.CONNACK), //
		SHARED_SUBSCRIPTION_AVAILABLE("2A 01", Packet.CONNACK);

		private final String wire;

		private final Set<Packet> packets;

		Property(String wire, Packet... packets) {
			this.wire = wire;
			this.packets = Set.of(packets);
		}

		int id() {
			return Integer.parseInt(this.wire.substring(0, 2), 16);
		}

	}

}
