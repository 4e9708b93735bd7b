package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * Why something was done or refused (MQTT 5.0 §2.4). The fewer codes of MQTT 3.1.1 are
 * told by those of 5.0 that mean the same.
 */
public enum MqttReasonCode {

	/**
	 * 0x00: Success, Normal disconnection or Granted QoS 0, by the packet that carries
	 * it.
	 */
	SUCCESS(0x00),

	/**
	 * 0x01: Granted QoS 1.
	 */
	GRANTED_QOS_1(0x01),

	/**
	 * 0x02: Granted QoS 2.
	 */
	GRANTED_QOS_2(0x02),

	/**
	 * 0x04: Disconnect with Will Message.
	 */
	DISCONNECT_WITH_WILL_MESSAGE(0x04),

	/**
	 * 0x10: The message was accepted, but nobody is subscribed to its topic.
	 */
	NO_MATCHING_SUBSCRIBERS(0x10),

	/**
	 * 0x11: There was no such subscription to end.
	 */
	NO_SUBSCRIPTION_EXISTED(0x11),

	/**
	 * 0x18: Continue authentication.
	 */
	CONTINUE_AUTHENTICATION(0x18),

	/**
	 * 0x19: Re-authenticate.
	 */
	REAUTHENTICATE(0x19),

	/**
	 * 0x80: Unspecified error; on 3.1.1 also the Failure of a SUBACK.
	 */
	UNSPECIFIED_ERROR(0x80),

	/**
	 * 0x81: Malformed Packet.
	 */
	MALFORMED_PACKET(0x81),

	/**
	 * 0x82: Protocol Error.
	 */
	PROTOCOL_ERROR(0x82),

	/**
	 * 0x83: Implementation specific error.
	 */
	IMPLEMENTATION_SPECIFIC_ERROR(0x83),

	/**
	 * 0x84: Unsupported Protocol Version.
	 */
	UNSUPPORTED_PROTOCOL_VERSION(0x84),

	/**
	 * 0x85: Client Identifier not valid.
	 */
	CLIENT_IDENTIFIER_NOT_VALID(0x85),

	/**
	 * 0x86: Bad User Name or Password.
	 */
	BAD_USER_NAME_OR_PASSWORD(0x86),

	/**
	 * 0x87: Not authorized.
	 */
	NOT_AUTHORIZED(0x87),

	/**
	 * 0x88: Server unavailable.
	 */
	SERVER_UNAVAILABLE(0x88),

	/**
	 * 0x89: Server busy.
	 */
	SERVER_BUSY(0x89),

	/**
	 * 0x8A: Banned.
	 */
	BANNED(0x8A),

	/**
	 * 0x8B: Server shutting down.
	 */
	SERVER_SHUTTING_DOWN(0x8B),

	/**
	 * 0x8C: Bad authentication method.
	 */
	BAD_AUTHENTICATION_METHOD(0x8C),

	/**
	 * 0x8D: Keep Alive timeout.
	 */
	KEEP_ALIVE_TIMEOUT(0x8D),

	/**
	 * 0x8E: Another client connected with the same client id.
	 */
	SESSION_TAKEN_OVER(0x8E),

	/**
	 * 0x8F: Topic Filter invalid.
	 */
	TOPIC_FILTER_INVALID(0x8F),

	/**
	 * 0x90: Topic Name invalid.
	 */
	TOPIC_NAME_INVALID(0x90),

	/**
	 * 0x91: Packet Identifier in use.
	 */
	PACKET_IDENTIFIER_IN_USE(0x91),

	/**
	 * 0x92: Packet Identifier not found.
	 */
	PACKET_IDENTIFIER_NOT_FOUND(0x92),

	/**
	 * 0x93: Receive Maximum exceeded.
	 */
	RECEIVE_MAXIMUM_EXCEEDED(0x93),

	/**
	 * 0x94: Topic Alias invalid.
	 */
	TOPIC_ALIAS_INVALID(0x94),

	/**
	 * 0x95: Packet too large.
	 */
	PACKET_TOO_LARGE(0x95),

	/**
	 * 0x96: Message rate too high.
	 */
	MESSAGE_RATE_TOO_HIGH(0x96),

	/**
	 * 0x97: Quota exceeded.
	 */
	QUOTA_EXCEEDED(0x97),

	/**
	 * 0x98: Administrative action.
	 */
	ADMINISTRATIVE_ACTION(0x98),

	/**
	 * 0x99: Payload format invalid.
	 */
	PAYLOAD_FORMAT_INVALID(0x99),

	/**
	 * 0x9A: Retain not supported.
	 */
	RETAIN_NOT_SUPPORTED(0x9A),

	/**
	 * 0x9B: QoS not supported.
	 */
	QOS_NOT_SUPPORTED(0x9B),

	/**
	 * 0x9C: Use another server, for now.
	 */
	USE_ANOTHER_SERVER(0x9C),

	/**
	 * 0x9D: Server moved for good.
	 */
	SERVER_MOVED(0x9D),

	/**
	 * 0x9E: Shared Subscriptions not supported.
	 */
	SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E),

	/**
	 * 0x9F: Connection rate exceeded.
	 */
	CONNECTION_RATE_EXCEEDED(0x9F),

	/**
	 * 0xA0: Maximum connect time.
	 */
	MAXIMUM_CONNECT_TIME(0xA0),

	/**
	 * 0xA1: Subscription Identifiers not supported.
	 */
	SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1),

	/**
	 * 0xA2: Wildcard Subscriptions not supported.
	 */
	WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2);

	private static final @Nullable MqttReasonCode[] BY_CODE = new @Nullable MqttReasonCode[256];

	static {
		for (MqttReasonCode reason : values()) {
			BY_CODE[reason.code] = reason;
		}
	}

	private final int code;

	MqttReasonCode(int code) {
		this.code = code;
	}

	/**
	 * Return the reason with the given code.
	 * @param code 0 to 255
	 * @return the reason, or {@code null} if the specification names none
	 */
	public static @Nullable MqttReasonCode of(int code) {
		return BY_CODE[code];
	}

	/**
	 * Return the code on the wire.
	 * @return 0 to 255
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return whether this tells of a failure.
	 * @return {@code true} from 0x80 on
	 */
	public boolean isError() {
		return this.code >= 0x80;
	}

}
