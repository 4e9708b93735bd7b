package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.MqttWill;

/**
 * Writes the packets that a client sends (MQTT 5.0 §3, 3.1.1 §3). What 3.1.1 has no place
 * for is left out there. Not thread-safe.
 */
public final class PacketEncoder {

	/**
	 * No message expiry, for {@link #publish}.
	 */
	public static final long NO_EXPIRY = -1;

	private static final int KEEP = 4096;

	private static final byte[] PROTOCOL_NAME = { 0, 4, 'M', 'Q', 'T', 'T' };

	private final MqttVersion version;

	private final boolean v5;

	private final OutputBuffer body = new OutputBuffer();

	private final PropertyWriter properties = new PropertyWriter();

	/**
	 * Create an encoder.
	 * @param version the version of all packets
	 */
	public PacketEncoder(MqttVersion version) {
		this.version = version;
		this.v5 = version == MqttVersion.MQTT_5;
	}

	static int variableIntSize(int value) {
		return (value < 1 << 7) ? 1 : (value < 1 << 14) ? 2 : (value < 1 << 21) ? 3 : 4;
	}

	/**
	 * CONNECT (MQTT 5.0 §3.1).
	 * @param out where to
	 * @param connect what it says
	 */
	public void connect(OutputBuffer out, ConnectPacket connect) {
		OutputBuffer body = begin();
		body.writeBytes(PROTOCOL_NAME, 0, PROTOCOL_NAME.length);
		body.writeByte(this.version.level());
		MqttCredentials credentials = connect.credentials();
		body.writeByte(connectFlags(connect, credentials));
		body.writeShort(connect.keepAlive());
		if (this.v5) {
			connectProperties(connect).writeTo(body);
		}
		body.writeString(connect.clientId());
		MqttWill will = connect.will();
		if (will != null) {
			MqttMessage message = will.message();
			if (this.v5) {
				this.properties.begin();
				if (!will.delay().isZero()) {
					this.properties.number32(PropertyId.WILL_DELAY, will.delay().toSeconds());
				}
				this.properties.message(message.properties(), expirySeconds(message)).writeTo(body);
			}
			body.writeTopic(message);
			body.writeBinary(message.payload());
		}
		String username = credentials.username();
		if (username != null) {
			body.writeString(username);
		}
		byte[] password = credentials.password();
		if (password != null) {
			body.writeBinary(password);
		}
		end(out, PacketType.CONNECT);
	}

	private int connectFlags(ConnectPacket connect, MqttCredentials credentials) {
		int flags = connect.cleanStart() ? 0x02 : 0;
		MqttWill will = connect.will();
		if (will != null) {
			flags |= 0x04 | will.message().qos().level() << 3 | (will.message().retained() ? 0x20 : 0);
		}
		if (credentials.username() != null) {
			flags |= 0x80;
		}
		if (credentials.password() != null) {
			if (credentials.username() == null && !this.v5) {
				throw new IllegalArgumentException(
						"A password without a user name cannot be sent on MQTT 3.1.1 [MQTT-3.1.2-22]: give a user name too");
			}
			flags |= 0x40;
		}
		return flags;
	}

	private PropertyWriter connectProperties(ConnectPacket connect) {
		PropertyWriter properties = this.properties.begin();
		if (connect.sessionExpiry() > 0) {
			properties.number32(PropertyId.SESSION_EXPIRY, connect.sessionExpiry());
		}
		if (connect.receiveMaximum() < 65_535) {
			properties.number16(PropertyId.RECEIVE_MAXIMUM, connect.receiveMaximum());
		}
		if (connect.maximumPacketSize() < ConnAck.LARGEST_PACKET) {
			properties.number32(PropertyId.MAXIMUM_PACKET_SIZE, connect.maximumPacketSize());
		}
		if (connect.topicAliasMaximum() > 0) {
			properties.number16(PropertyId.TOPIC_ALIAS_MAXIMUM, connect.topicAliasMaximum());
		}
		if (connect.requestResponseInformation()) {
			properties.flag(PropertyId.REQUEST_RESPONSE_INFORMATION, true);
		}
		if (!connect.requestProblemInformation()) {
			properties.flag(PropertyId.REQUEST_PROBLEM_INFORMATION, false);
		}
		return properties.userProperties(connect.userProperties())
			.string(PropertyId.AUTHENTICATION_METHOD, connect.authenticationMethod())
			.binary(PropertyId.AUTHENTICATION_DATA, connect.authenticationData());
	}

	/**
	 * Return the expiry that a message asks for.
	 * @param message the message
	 * @return seconds, or {@link #NO_EXPIRY}
	 */
	public static long expirySeconds(MqttMessage message) {
		return (message.properties().messageExpiry() != null) ? message.properties().messageExpiry().toSeconds()
				: NO_EXPIRY;
	}

	/**
	 * Return how many bytes a PUBLISH will take, at most: its properties may have an
	 * expiry added.
	 * @param message the message
	 * @return the bytes, also of packets that are too large to be written
	 */
	public long publishSize(MqttMessage message) {
		long size = 2L + message.topicLength() + 2 + message.payload().length;
		if (this.v5) {
			if (message.properties() == MqttMessageProperties.NONE) {
				size += 1 + 5;
			}
			else {
				size += this.properties.begin().message(message.properties(), 0).size();
			}
		}
		return size + 1 + ((size < 1 << 28) ? variableIntSize((int) size) : 4);
	}

	/**
	 * PUBLISH (MQTT 5.0 §3.3).
	 * @param out where to
	 * @param message the message
	 * @param packetId 1 to 65,535; ignored for QoS 0
	 * @param duplicate the DUP flag
	 * @param expirySeconds the expiry that is left, or {@link #NO_EXPIRY}
	 */
	public void publish(OutputBuffer out, MqttMessage message, int packetId, boolean duplicate, long expirySeconds) {
		int qos = message.qos().level();
		byte[] payload = message.payload();
		int remaining = 2 + message.topicLength() + ((qos > 0) ? 2 : 0) + payload.length;
		boolean plain = message.properties() == MqttMessageProperties.NONE && expirySeconds < 0;
		if (this.v5) {
			remaining += plain ? 1 : this.properties.begin().message(message.properties(), expirySeconds).size();
		}
		out.ensure(remaining + 5);
		out.writeByte(0x30 | (duplicate ? 8 : 0) | qos << 1 | (message.retained() ? 1 : 0));
		out.writeVariableInt(remaining);
		out.writeTopic(message);
		if (qos > 0) {
			out.writeShort(packetId);
		}
		if (this.v5) {
			if (plain) {
				out.writeByte(0);
			}
			else {
				this.properties.writeTo(out);
			}
		}
		out.writeBytes(payload, 0, payload.length);
	}

	/**
	 * PUBACK (MQTT 5.0 §3.4).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param reason how it went; without effect on 3.1.1
	 * @param properties what else to say; left out on 3.1.1
	 */
	public void pubAck(OutputBuffer out, int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement(out, PacketType.PUBACK, packetId, reason, properties);
	}

	/**
	 * PUBREC (MQTT 5.0 §3.5).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param reason how it went; without effect on 3.1.1
	 * @param properties what else to say; left out on 3.1.1
	 */
	public void pubRec(OutputBuffer out, int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement(out, PacketType.PUBREC, packetId, reason, properties);
	}

	/**
	 * PUBREL (MQTT 5.0 §3.6).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param reason how it went; without effect on 3.1.1
	 * @param properties what else to say; left out on 3.1.1
	 */
	public void pubRel(OutputBuffer out, int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement(out, PacketType.PUBREL, packetId, reason, properties);
	}

	/**
	 * PUBCOMP (MQTT 5.0 §3.7).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param reason how it went; without effect on 3.1.1
	 * @param properties what else to say; left out on 3.1.1
	 */
	public void pubComp(OutputBuffer out, int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement(out, PacketType.PUBCOMP, packetId, reason, properties);
	}

	// A reason of success and empty properties are left out (MQTT 5.0 §3.4.2.1)
	private void acknowledgement(OutputBuffer out, PacketType type, int packetId, MqttReasonCode reason,
			ReasonProperties properties) {
		if (!this.v5 || (reason == MqttReasonCode.SUCCESS && properties.isEmpty())) {
			out.ensure(4);
			out.writeByte(type.firstByte());
			out.writeByte(2);
			out.writeShort(packetId);
			return;
		}
		OutputBuffer body = begin();
		body.writeShort(packetId);
		body.writeByte(reason.code());
		if (!properties.isEmpty()) {
			this.properties.begin().reason(properties).writeTo(body);
		}
		end(out, type);
	}

	/**
	 * SUBSCRIBE (MQTT 5.0 §3.8).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param entries one filter or more
	 * @param subscriptionIdentifier 1 to 268,435,455, or 0 for none; left out on 3.1.1
	 * @param userProperties left out on 3.1.1
	 */
	public void subscribe(OutputBuffer out, int packetId, List<SubscribeEntry> entries, int subscriptionIdentifier,
			List<MqttUserProperty> userProperties) {
		OutputBuffer body = begin();
		body.writeShort(packetId);
		if (this.v5) {
			this.properties.begin();
			if (subscriptionIdentifier > 0) {
				this.properties.variable(PropertyId.SUBSCRIPTION_IDENTIFIER, subscriptionIdentifier);
			}
			this.properties.userProperties(userProperties).writeTo(body);
		}
		for (SubscribeEntry entry : entries) {
			body.writeString(entry.filter());
			int options = entry.qos().level();
			if (this.v5) {
				options |= (entry.noLocal() ? 4 : 0) | (entry.retainAsPublished() ? 8 : 0)
						| entry.retainHandling() << 4;
			}
			body.writeByte(options);
		}
		end(out, PacketType.SUBSCRIBE);
	}

	/**
	 * UNSUBSCRIBE (MQTT 5.0 §3.10).
	 * @param out where to
	 * @param packetId 1 to 65,535
	 * @param filters one filter or more
	 * @param userProperties left out on 3.1.1
	 */
	public void unsubscribe(OutputBuffer out, int packetId, List<String> filters,
			List<MqttUserProperty> userProperties) {
		OutputBuffer body = begin();
		body.writeShort(packetId);
		if (this.v5) {
			this.properties.begin().userProperties(userProperties).writeTo(body);
		}
		filters.forEach(body::writeString);
		end(out, PacketType.UNSUBSCRIBE);
	}

	/**
	 * PINGREQ (MQTT 5.0 §3.12).
	 * @param out where to
	 */
	public void pingReq(OutputBuffer out) {
		out.writeByte(PacketType.PINGREQ.firstByte());
		out.writeByte(0);
	}

	/**
	 * DISCONNECT (MQTT 5.0 §3.14). On 3.1.1 it says nothing but that all is well.
	 * @param out where to
	 * @param reason why; without effect on 3.1.1
	 * @param sessionExpiry seconds for which the session is kept, instead of what CONNECT
	 * said, or {@code null}; left out on 3.1.1
	 * @param properties what else to say; left out on 3.1.1
	 */
	public void disconnect(OutputBuffer out, MqttReasonCode reason, @Nullable Long sessionExpiry,
			ReasonProperties properties) {
		OutputBuffer body = begin();
		boolean plain = sessionExpiry == null && properties.isEmpty();
		if (this.v5 && (reason != MqttReasonCode.SUCCESS || !plain)) {
			body.writeByte(reason.code());
			if (!plain) {
				this.properties.begin();
				if (sessionExpiry != null) {
					this.properties.number32(PropertyId.SESSION_EXPIRY, sessionExpiry);
				}
				this.properties.reason(properties).writeTo(body);
			}
		}
		end(out, PacketType.DISCONNECT);
	}

	/**
	 * AUTH (MQTT 5.0 §3.15).
	 * @param out where to
	 * @param reason what is to come
	 * @param method the authentication method
	 * @param data the method's own data, or {@code null}
	 * @param properties what else to say
	 */
	public void auth(OutputBuffer out, MqttReasonCode reason, String method, byte @Nullable [] data,
			ReasonProperties properties) {
		if (!this.v5) {
			throw new IllegalStateException("There is no AUTH packet in MQTT " + this.version);
		}
		OutputBuffer body = begin();
		body.writeByte(reason.code());
		this.properties.begin()
			.string(PropertyId.AUTHENTICATION_METHOD, method)
			.binary(PropertyId.AUTHENTICATION_DATA, data)
			.reason(properties)
			.writeTo(body);
		end(out, PacketType.AUTH);
	}

	private OutputBuffer begin() {
		this.body.clear(KEEP);
		return this.body;
	}

	private void end(OutputBuffer out, PacketType type) {
		out.ensure(this.body.length() + 5);
		out.writeByte(type.firstByte());
		out.writeVariableInt(this.body.length());
		out.writeAll(this.body);
	}

}
