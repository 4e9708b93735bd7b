package io.mqttspring.client.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

/**
 * Reads the packets that a broker sends (MQTT 5.0 §3, 3.1.1 §3), in place and strictly:
 * whatever is not allowed ends in {@link MqttProtocolException}, and nothing else is
 * thrown. Keeps no state between packets but topic aliases and a cache of topics, so any
 * split of the bytes gives the same packets. Made for one connection. Not thread-safe.
 */
public final class PacketDecoder {

	private static final String[] NO_ALIASES = new String[0];

	private final boolean v5;

	private final int maximumPacketSize;

	private final int topicAliasMaximum;

	private final InputCursor in = new InputCursor();

	private final PropertyReader properties = new PropertyReader();

	private final TopicCache topics = new TopicCache();

	private @Nullable String[] aliases = NO_ALIASES; // by alias; grows when used

	/**
	 * Create a decoder.
	 * @param version the version of all packets
	 * @param maximumPacketSize bytes of the largest packet to take
	 * @param topicAliasMaximum the highest topic alias to take
	 */
	public PacketDecoder(MqttVersion version, int maximumPacketSize, int topicAliasMaximum) {
		this.v5 = version == MqttVersion.MQTT_5;
		this.maximumPacketSize = maximumPacketSize;
		this.topicAliasMaximum = topicAliasMaximum;
	}

	/**
	 * Decode all whole packets.
	 * @param bytes where they stand
	 * @param from the first byte
	 * @param to the byte after the last one
	 * @param handler takes the packets
	 * @return the place after the last whole packet, where the next call has to begin
	 * @throws MqttProtocolException if a packet is not allowed; told as soon as its first
	 * bytes show it
	 */
	public int decode(byte[] bytes, int from, int to, PacketHandler handler) {
		int position = from;
		while (to - position >= 2) {
			int first = bytes[position] & 0xff;
			PacketType type = checkFirstByte(first);
			int at = position + 1;
			int remaining = 0;
			int shift = 0;
			int next;
			do {
				if (at == to) {
					return position;
				}
				next = bytes[at++] & 0xff;
				remaining |= (next & 0x7f) << shift;
				shift += 7;
				if (shift == 28 && next >= 0x80) {
					throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
							"%s has a remaining length of more than four bytes".formatted(type));
				}
			}
			while (next >= 0x80);
			if (this.v5 && next == 0 && shift > 7) {
				throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
						"%s has a remaining length of more bytes than needed [MQTT-1.5.5-1]".formatted(type));
			}
			checkSize(type, remaining + (at - position));
			if (to - at < remaining) {
				return position;
			}
			decodePacket(type, first, bytes, at, at + remaining, handler);
			position = at + remaining;
		}
		return position;
	}

	private PacketType checkFirstByte(int first) {
		PacketType type = PacketType.of(first);
		switch (type) {
			case PUBLISH -> {
				if ((first & 6) == 6) {
					throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
							"PUBLISH has QoS 3 [MQTT-3.3.1-4]");
				}
				if ((first & 0xe) == 8) {
					throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
							"PUBLISH of QoS 0 has DUP set [MQTT-3.3.1-2]");
				}
			}
			case CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP -> checkFlags(type, first);
			case DISCONNECT, AUTH -> {
				if (!this.v5) {
					throw notFromABroker(type, first);
				}
				checkFlags(type, first);
			}
			case RESERVED, CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ -> throw notFromABroker(type, first);
		}
		return type;
	}

	private static MqttProtocolException notFromABroker(PacketType type, int first) {
		return new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
				"The first byte 0x%02X is of a packet (%s) that no broker sends: is this the port of an MQTT broker?"
					.formatted(first, type));
	}

	private static void checkFlags(PacketType type, int first) {
		if ((first & 0xf) != type.flags()) {
			throw new MqttProtocolException(MqttReasonCode.MALFORMED_PACKET,
					"%s has the flags 0x%X, which are to be 0x%X [MQTT-2.1.3-1]".formatted(type, first & 0xf,
							type.flags()));
		}
	}

	private void checkSize(PacketType type, int size) {
		if (size > this.maximumPacketSize) {
			throw new MqttProtocolException(MqttReasonCode.PACKET_TOO_LARGE,
					"%s of %,d bytes is above the maximum packet size (mqtt.max-packet-size, %,d); raise the limit or have smaller messages sent"
						.formatted(type, size, this.maximumPacketSize));
		}
	}

	private void decodePacket(PacketType type, int first, byte[] bytes, int from, int to, PacketHandler handler) {
		InputCursor in = this.in;
		in.set(bytes, from, to, type);
		switch (type) {
			case PUBLISH -> publish(first, handler);
			case PUBACK, PUBREC, PUBREL, PUBCOMP -> acknowledgement(type, handler);
			case CONNACK -> connAck(handler);
			case SUBACK, UNSUBACK -> subAck(type, handler);
			case PINGRESP -> {
				in.requireEnd();
				handler.onPingResp();
			}
			case DISCONNECT -> disconnect(handler);
			case AUTH -> auth(handler);
			default -> throw new IllegalStateException("excluded by checkFirstByte");
		}
	}

	private void connAck(PacketHandler handler) {
		InputCursor in = this.in;
		int flags = in.readByte();
		if (flags > 1) {
			throw in
				.malformed("has the flags 0x%02X, of which only the lowest may be set [MQTT-3.2.2-1]".formatted(flags));
		}
		int code = in.readByte();
		// A broker that does not know 5.0 answers in the form of 3.1.1
		boolean oldForm = !this.v5 || (in.remaining() == 0 && code != 0);
		MqttReasonCode reason = oldForm ? ReasonCodes.fromReturnCode(code) : reason(code);
		if (reason == null) {
			throw in.malformed("has the return code %d, which there is not".formatted(code));
		}
		if (flags == 1 && reason != MqttReasonCode.SUCCESS) {
			throw in.protocolError("refuses the connection and says that a session is present [MQTT-3.2.2-6]");
		}
		PropertyReader properties = this.properties;
		properties.clear();
		if (!oldForm) {
			properties.read(in);
		}
		in.requireEnd();
		Long sessionExpiry = properties.has(PropertyId.SESSION_EXPIRY)
				? Long.valueOf(properties.number(PropertyId.SESSION_EXPIRY, 0)) : null;
		Integer keepAlive = properties.has(PropertyId.SERVER_KEEP_ALIVE)
				? Integer.valueOf((int) properties.number(PropertyId.SERVER_KEEP_ALIVE, 0)) : null;
		handler.onConnAck(new ConnAck(flags == 1, reason, sessionExpiry,
				(int) properties.number(PropertyId.RECEIVE_MAXIMUM, 65_535),
				MqttQos.of((int) properties.number(PropertyId.MAXIMUM_QOS, 2)),
				properties.flag(PropertyId.RETAIN_AVAILABLE, true),
				// Four bytes can say more than any packet can have
				Math.min(properties.number(PropertyId.MAXIMUM_PACKET_SIZE, ConnAck.LARGEST_PACKET),
						ConnAck.LARGEST_PACKET),
				properties.string(PropertyId.ASSIGNED_CLIENT_ID),
				(int) properties.number(PropertyId.TOPIC_ALIAS_MAXIMUM, 0), properties.string(PropertyId.REASON_STRING),
				properties.userProperties(), properties.flag(PropertyId.WILDCARD_AVAILABLE, true),
				this.v5 && properties.flag(PropertyId.SUBSCRIPTION_IDENTIFIERS_AVAILABLE, true),
				properties.flag(PropertyId.SHARED_AVAILABLE, true), keepAlive,
				properties.string(PropertyId.RESPONSE_INFORMATION), properties.string(PropertyId.SERVER_REFERENCE),
				properties.string(PropertyId.AUTHENTICATION_METHOD),
				properties.binary(PropertyId.AUTHENTICATION_DATA)));
	}

	private void publish(int first, PacketHandler handler) {
		InputCursor in = this.in;
		MqttQos qos = MqttQos.of(first >> 1 & 3);
		int topicLength = in.readShort();
		int topicAt = in.position();
		in.skip(topicLength);
		int packetId = (qos != MqttQos.AT_MOST_ONCE) ? in.readPacketId() : 0;
		MqttMessageProperties properties = MqttMessageProperties.NONE;
		int alias = -1;
		if (this.v5) {
			this.properties.read(in);
			if (!this.properties.isEmpty()) {
				properties = messageProperties();
				alias = (int) this.properties.number(PropertyId.TOPIC_ALIAS, -1);
			}
		}
		String topic = (topicLength > 0) ? this.topics.topic(in.bytes(), topicAt, topicLength) : null;
		if (alias >= 0 || topic == null) {
			topic = resolveAlias(alias, topic);
		}
		handler.onPublish(
				MqttMessage.received(topic, in.readRest(), qos, (first & 1) != 0, (first & 8) != 0, properties),
				packetId);
	}

	private MqttMessageProperties messageProperties() {
		PropertyReader properties = this.properties;
		String responseTopic = properties.string(PropertyId.RESPONSE_TOPIC);
		if (responseTopic != null && (responseTopic.isEmpty() || hasWildcard(responseTopic))) {
			throw this.in.protocolError("has a response topic that is none [MQTT-3.3.2-14]");
		}
		long expiry = properties.number(PropertyId.MESSAGE_EXPIRY, -1);
		return new MqttMessageProperties(properties.flag(PropertyId.PAYLOAD_FORMAT, false),
				(expiry >= 0) ? Duration.ofSeconds(expiry) : null, properties.string(PropertyId.CONTENT_TYPE),
				responseTopic, properties.binary(PropertyId.CORRELATION_DATA), properties.userProperties(),
				properties.subscriptionIdentifiers());
	}

	// MQTT 5.0 §3.3.2.3.4
	private String resolveAlias(int alias, @Nullable String topic) {
		if (alias < 0) {
			throw this.v5 ? this.in.protocolError("has neither a topic nor a topic alias")
					: this.in.malformed("has an empty topic [MQTT-4.7.3-1]");
		}
		if (alias == 0 || alias > this.topicAliasMaximum) {
			throw new MqttProtocolException(MqttReasonCode.TOPIC_ALIAS_INVALID,
					"PUBLISH has the topic alias %d: 1 to %d were offered [MQTT-3.3.2-8]".formatted(alias,
							this.topicAliasMaximum));
		}
		if (topic == null) {
			String known = (alias < this.aliases.length) ? this.aliases[alias] : null;
			if (known == null) {
				throw this.in.protocolError("has the topic alias %d, which stands for nothing yet".formatted(alias));
			}
			return known;
		}
		if (alias >= this.aliases.length) {
			this.aliases = Arrays.copyOf(this.aliases, alias + 1);
		}
		this.aliases[alias] = topic;
		return topic;
	}

	static String topicName(byte[] bytes, int from, int count) {
		String topic = Utf8.decode(bytes, from, count);
		if (hasWildcard(topic)) {
			throw new MqttProtocolException(MqttReasonCode.TOPIC_NAME_INVALID,
					"PUBLISH has a wildcard in its topic [MQTT-3.3.2-2]");
		}
		return topic;
	}

	private static boolean hasWildcard(String topic) {
		return topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0;
	}

	private void acknowledgement(PacketType type, PacketHandler handler) {
		InputCursor in = this.in;
		int packetId = in.readPacketId();
		MqttReasonCode reason = MqttReasonCode.SUCCESS;
		ReasonProperties properties = ReasonProperties.NONE;
		if (this.v5 && in.remaining() > 0) {
			reason = reason(in.readByte());
			if (in.remaining() > 0) {
				properties = reasonProperties();
			}
		}
		in.requireEnd();
		switch (type) {
			case PUBACK -> handler.onPubAck(packetId, reason, properties);
			case PUBREC -> handler.onPubRec(packetId, reason, properties);
			case PUBREL -> handler.onPubRel(packetId, reason, properties);
			default -> handler.onPubComp(packetId, reason, properties);
		}
	}

	private void subAck(PacketType type, PacketHandler handler) {
		InputCursor in = this.in;
		int packetId = in.readPacketId();
		ReasonProperties properties = this.v5 ? reasonProperties() : ReasonProperties.NONE;
		if (type == PacketType.UNSUBACK && !this.v5) {
			in.requireEnd();
			handler.onUnsubAck(packetId, List.of(), properties);
			return;
		}
		if (in.remaining() == 0) {
			throw in.protocolError("has no reason code");
		}
		List<MqttReasonCode> reasons = new ArrayList<>();
		while (in.remaining() > 0) {
			int code = in.readByte();
			if (!this.v5 && code > 2 && code != 0x80) {
				throw in.malformed("has the return code 0x%02X, which there is not [MQTT-3.9.3-2]".formatted(code));
			}
			reasons.add(reason(code));
		}
		if (type == PacketType.SUBACK) {
			handler.onSubAck(packetId, reasons, properties);
		}
		else {
			handler.onUnsubAck(packetId, reasons, properties);
		}
	}

	private void disconnect(PacketHandler handler) {
		InputCursor in = this.in;
		MqttReasonCode reason = MqttReasonCode.SUCCESS;
		ReasonProperties properties = ReasonProperties.NONE;
		String serverReference = null;
		if (in.remaining() > 0) {
			reason = reason(in.readByte());
			if (in.remaining() > 0) {
				properties = reasonProperties();
				serverReference = this.properties.string(PropertyId.SERVER_REFERENCE);
			}
		}
		in.requireEnd();
		handler.onDisconnect(reason, properties, serverReference);
	}

	private void auth(PacketHandler handler) {
		InputCursor in = this.in;
		MqttReasonCode reason = MqttReasonCode.SUCCESS;
		String method = null;
		byte[] data = null;
		ReasonProperties properties = ReasonProperties.NONE;
		if (in.remaining() > 0) {
			reason = reason(in.readByte());
			if (in.remaining() > 0) {
				properties = reasonProperties();
				method = this.properties.string(PropertyId.AUTHENTICATION_METHOD);
				data = this.properties.binary(PropertyId.AUTHENTICATION_DATA);
			}
		}
		in.requireEnd();
		handler.onAuth(reason, method, data, properties);
	}

	private ReasonProperties reasonProperties() {
		this.properties.read(this.in);
		if (this.properties.isEmpty()) {
			return ReasonProperties.NONE;
		}
		return new ReasonProperties(this.properties.string(PropertyId.REASON_STRING), this.properties.userProperties());
	}

	private MqttReasonCode reason(int code) {
		MqttReasonCode reason = MqttReasonCode.of(code);
		if (reason == null || !ReasonCodes.allowed(reason, this.in.type())) {
			throw this.in.protocolError("has the reason code 0x%02X, which it may not have".formatted(code));
		}
		return reason;
	}

}
