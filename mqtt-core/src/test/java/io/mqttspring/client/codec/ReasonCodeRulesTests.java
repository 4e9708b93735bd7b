package io.mqttspring.client.codec;

import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Table 2-6 of MQTT 5.0, and the tables of the packets: each code in each packet that a
 * broker sends.
 */
class ReasonCodeRulesTests {

	@ParameterizedTest(name = "{0}")
	@CsvSource({ // [MQTT-3.2.2-8]
			"CONNACK, 20 03 00 %02X 00, 00 80 81 82 83 84 85 86 87 88 89 8A 8C 90 95 97 99 9A 9B 9C 9D 9F",
			// [MQTT-3.4.2-1]
			"PUBACK, 40 03 00 01 %02X, 00 10 80 83 87 90 91 97 99",
			// [MQTT-3.5.2-1]
			"PUBREC, 50 03 00 01 %02X, 00 10 80 83 87 90 91 97 99",
			// [MQTT-3.6.2-1]
			"PUBREL, 62 03 00 01 %02X, 00 92",
			// [MQTT-3.7.2-1]
			"PUBCOMP, 70 03 00 01 %02X, 00 92",
			// [MQTT-3.9.3-2]
			"SUBACK, 90 04 00 01 00 %02X, 00 01 02 80 83 87 8F 91 97 9E A1 A2",
			// [MQTT-3.11.3-2]
			"UNSUBACK, B0 04 00 01 00 %02X, 00 11 80 83 87 8F 91",
			// [MQTT-3.14.2-1]; 0x8C is in table 2-6 only
			"DISCONNECT, E0 01 %02X, 00 80 81 82 83 87 89 8B 8C 8D 8E 8F 90 93 94 95 96 97 98 99 9A 9B 9C 9D 9E 9F A0 A1 A2",
			// [MQTT-3.15.2-1]
			"AUTH, F0 02 %02X 00, 00 18" })
	void takesTheReasonCodesOfThePacketAndNoOther(String packet, String wire, String codes) {
		Set<Integer> allowed = new TreeSet<>();
		for (String code : codes.split(" ")) {
			allowed.add(Integer.parseInt(code, 16));
		}
		for (int code = 0; code <= 0xff; code++) {
			String bytes = wire.formatted(code);
			if (allowed.contains(code)) {
				MqttReasonCode reason = MqttReasonCode.of(code);
				assertThat(reason).isNotNull();
				assertThat(DecodedPackets.decode(MqttVersion.MQTT_5, bytes).lines).singleElement()
					.asString()
					.startsWith(packet)
					.contains(reason.name());
			}
			else {
				assertThatExceptionOfType(MqttProtocolException.class).as(bytes)
					.isThrownBy(() -> DecodedPackets.decode(MqttVersion.MQTT_5, bytes))
					.withMessage("%s has the reason code 0x%02X, which it may not have", packet, code)
					.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
			}
		}
	}

}
