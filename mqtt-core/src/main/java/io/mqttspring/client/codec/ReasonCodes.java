package io.mqttspring.client.codec;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttReasonCode;

/**
 * Which reason codes a packet from a broker may have: the tables of MQTT 5.0 §3.2.2.2,
 * §3.4.2.1, §3.5.2.1, §3.6.2.1, §3.7.2.1, §3.9.3, §3.11.3, §3.14.2.1 and §3.15.2.1.
 */
final class ReasonCodes {

	private static final Map<PacketType, Set<MqttReasonCode>> ALLOWED = allowed();

	private ReasonCodes() {
	}

	private static Map<PacketType, Set<MqttReasonCode>> allowed() {
		Map<PacketType, Set<MqttReasonCode>> allowed = new EnumMap<>(PacketType.class);
		allowed.put(PacketType.CONNACK, codes(0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A,
				0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F));
		Set<MqttReasonCode> received = codes(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);
		allowed.put(PacketType.PUBACK, received);
		allowed.put(PacketType.PUBREC, received);
		Set<MqttReasonCode> released = codes(0x00, 0x92);
		allowed.put(PacketType.PUBREL, released);
		allowed.put(PacketType.PUBCOMP, released);
		allowed.put(PacketType.SUBACK, codes(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2));
		allowed.put(PacketType.UNSUBACK, codes(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91));
		// 0x8C is in table 2-6 and was forgotten in §3.14.2.1
		allowed.put(PacketType.DISCONNECT, codes(0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F,
				0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2));
		allowed.put(PacketType.AUTH, codes(0x00, 0x18));
		return allowed;
	}

	private static Set<MqttReasonCode> codes(int... codes) {
		Set<MqttReasonCode> reasons = EnumSet.noneOf(MqttReasonCode.class);
		for (int code : codes) {
			reasons.add(Objects.requireNonNull(MqttReasonCode.of(code)));
		}
		return reasons;
	}

	static boolean allowed(MqttReasonCode reason, PacketType type) {
		Set<MqttReasonCode> allowed = ALLOWED.get(type);
		return allowed != null && allowed.contains(reason);
	}

	/**
	 * Return what a CONNACK return code of 3.1.1 (§3.2.2.3) means.
	 * @return the reason, or {@code null} if there is no such code
	 */
	static @Nullable MqttReasonCode fromReturnCode(int code) {
		return switch (code) {
			case 0 -> MqttReasonCode.SUCCESS;
			case 1 -> MqttReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
			case 2 -> MqttReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
			case 3 -> MqttReasonCode.SERVER_UNAVAILABLE;
			case 4 -> MqttReasonCode.BAD_USER_NAME_OR_PASSWORD;
			case 5 -> MqttReasonCode.NOT_AUTHORIZED;
			default -> null;
		};
	}

}
