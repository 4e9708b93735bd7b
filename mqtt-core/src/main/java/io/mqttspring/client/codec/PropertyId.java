package io.mqttspring.client.codec;

import java.util.Arrays;

/**
 * Properties of MQTT 5.0 (§2.2.2.2): their ids, how their values are written, and which
 * packets from a broker may have them.
 */
final class PropertyId {

	static final int PAYLOAD_FORMAT = 0x01;

	static final int MESSAGE_EXPIRY = 0x02;

	static final int CONTENT_TYPE = 0x03;

	static final int RESPONSE_TOPIC = 0x08;

	static final int CORRELATION_DATA = 0x09;

	static final int SUBSCRIPTION_IDENTIFIER = 0x0B;

	static final int SESSION_EXPIRY = 0x11;

	static final int ASSIGNED_CLIENT_ID = 0x12;

	static final int SERVER_KEEP_ALIVE = 0x13;

	static final int AUTHENTICATION_METHOD = 0x15;

	static final int AUTHENTICATION_DATA = 0x16;

	static final int REQUEST_PROBLEM_INFORMATION = 0x17;

	static final int WILL_DELAY = 0x18;

	static final int REQUEST_RESPONSE_INFORMATION = 0x19;

	static final int RESPONSE_INFORMATION = 0x1A;

	static final int SERVER_REFERENCE = 0x1C;

	static final int REASON_STRING = 0x1F;

	static final int RECEIVE_MAXIMUM = 0x21;

	static final int TOPIC_ALIAS_MAXIMUM = 0x22;

	static final int TOPIC_ALIAS = 0x23;

	static final int MAXIMUM_QOS = 0x24;

	static final int RETAIN_AVAILABLE = 0x25;

	static final int USER_PROPERTY = 0x26;

	static final int MAXIMUM_PACKET_SIZE = 0x27;

	static final int WILDCARD_AVAILABLE = 0x28;

	static final int SUBSCRIPTION_IDENTIFIERS_AVAILABLE = 0x29;

	static final int SHARED_AVAILABLE = 0x2A;

	static final int COUNT = 0x2B;

	private static final long ACKNOWLEDGEMENT = bits(REASON_STRING, USER_PROPERTY);

	private static final Kind[] KINDS = kinds();

	private PropertyId() {
	}

	private static Kind[] kinds() {
		Kind[] kinds = new Kind[COUNT];
		Arrays.fill(kinds, Kind.NONE);
		set(kinds, Kind.FLAG, PAYLOAD_FORMAT, REQUEST_PROBLEM_INFORMATION, REQUEST_RESPONSE_INFORMATION, MAXIMUM_QOS,
				RETAIN_AVAILABLE, WILDCARD_AVAILABLE, SUBSCRIPTION_IDENTIFIERS_AVAILABLE, SHARED_AVAILABLE);
		set(kinds, Kind.SHORT, SERVER_KEEP_ALIVE, RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, TOPIC_ALIAS);
		set(kinds, Kind.INT, MESSAGE_EXPIRY, SESSION_EXPIRY, WILL_DELAY, MAXIMUM_PACKET_SIZE);
		set(kinds, Kind.VARIABLE_INT, SUBSCRIPTION_IDENTIFIER);
		set(kinds, Kind.STRING, CONTENT_TYPE, RESPONSE_TOPIC, ASSIGNED_CLIENT_ID, AUTHENTICATION_METHOD,
				RESPONSE_INFORMATION, SERVER_REFERENCE, REASON_STRING);
		set(kinds, Kind.BINARY, CORRELATION_DATA, AUTHENTICATION_DATA);
		set(kinds, Kind.PAIR, USER_PROPERTY);
		return kinds;
	}

	private static void set(Kind[] kinds, Kind kind, int... ids) {
		for (int id : ids) {
			kinds[id] = kind;
		}
	}

	private static long bits(int... ids) {
		long bits = 0;
		for (int id : ids) {
			bits |= 1L << id;
		}
		return bits;
	}

	static Kind kind(int id) {
		return (id < COUNT) ? KINDS[id] : Kind.NONE;
	}

	/**
	 * Return whether a packet of this type from a broker may have the property.
	 */
	static boolean allowed(int id, PacketType type) {
		long allowed = switch (type) {
			case CONNACK -> bits(SESSION_EXPIRY, RECEIVE_MAXIMUM, MAXIMUM_QOS, RETAIN_AVAILABLE, MAXIMUM_PACKET_SIZE,
					ASSIGNED_CLIENT_ID, TOPIC_ALIAS_MAXIMUM, REASON_STRING, USER_PROPERTY, WILDCARD_AVAILABLE,
					SUBSCRIPTION_IDENTIFIERS_AVAILABLE, SHARED_AVAILABLE, SERVER_KEEP_ALIVE, RESPONSE_INFORMATION,
					SERVER_REFERENCE, AUTHENTICATION_METHOD, AUTHENTICATION_DATA);
			case PUBLISH -> bits(PAYLOAD_FORMAT, MESSAGE_EXPIRY, TOPIC_ALIAS, RESPONSE_TOPIC, CORRELATION_DATA,
					USER_PROPERTY, SUBSCRIPTION_IDENTIFIER, CONTENT_TYPE);
			case PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK -> ACKNOWLEDGEMENT;
			// Session Expiry Interval is for the client's DISCONNECT alone
			// [MQTT-3.14.2-2]
			case DISCONNECT -> bits(REASON_STRING, USER_PROPERTY, SERVER_REFERENCE);
			case AUTH -> bits(AUTHENTICATION_METHOD, AUTHENTICATION_DATA, REASON_STRING, USER_PROPERTY);
			default -> 0;
		};
		return (allowed >>> id & 1) != 0;
	}

	/**
	 * Return whether the property may come more than once in a packet.
	 */
	static boolean repeatable(int id) {
		return id == USER_PROPERTY || id == SUBSCRIPTION_IDENTIFIER;
	}

	/**
	 * How a value is written.
	 */
	enum Kind {

		NONE, FLAG, SHORT, INT, VARIABLE_INT, STRING, BINARY, PAIR

	}

}
