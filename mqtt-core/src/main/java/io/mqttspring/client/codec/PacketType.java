package io.mqttspring.client.codec;

/**
 * Control packet types (MQTT 5.0 §2.1.2), each at the place of its number.
 */
enum PacketType {

	RESERVED, CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK,
	PINGREQ, PINGRESP, DISCONNECT, AUTH;

	private static final PacketType[] VALUES = values();

	static PacketType of(int firstByte) {
		return VALUES[(firstByte >> 4) & 0xf];
	}

	/**
	 * Return the low four bits of the first byte (MQTT 5.0 §2.1.3); those of PUBLISH
	 * vary.
	 */
	int flags() {
		return switch (this) {
			case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> 2;
			default -> 0;
		};
	}

	int firstByte() {
		return ordinal() << 4 | flags();
	}

}
