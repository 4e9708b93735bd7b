package io.mqttspring.client.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.ClientPacket.Ack;
import io.mqttspring.client.codec.ClientPacket.Auth;
import io.mqttspring.client.codec.ClientPacket.Connect;
import io.mqttspring.client.codec.ClientPacket.Disconnect;
import io.mqttspring.client.codec.ClientPacket.Filter;
import io.mqttspring.client.codec.ClientPacket.Kind;
import io.mqttspring.client.codec.ClientPacket.PingReq;
import io.mqttspring.client.codec.ClientPacket.Publish;
import io.mqttspring.client.codec.ClientPacket.Subscribe;
import io.mqttspring.client.codec.ClientPacket.Unsubscribe;
import io.mqttspring.client.codec.ClientPacket.Will;

/**
 * The broker's side of the wire for tests, written from the specification and from
 * nothing of the production codec, so that encoder and decoder cannot agree on a mistake.
 * Decodes what a client sends, strictly and from any split of the bytes; encodes what a
 * broker sends, without looking whether it is allowed: tests send what is not, too.
 * <p>
 * One codec is one connection: the first packet has to be CONNECT, which sets the
 * version, and nothing may follow DISCONNECT.
 */
public final class BrokerCodec {

	private static final Set<Integer> RECEIVED_REASONS = Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);

	private static final Set<Integer> RELEASED_REASONS = Set.of(0x00, 0x92);

	// MQTT 5.0 §3.14.2.1, those "sent by" a client
	private static final Set<Integer> DISCONNECT_REASONS = Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94,
			0x95, 0x96, 0x97, 0x98, 0x99);

	private byte[] pending = new byte[0];

	private int level; // 0 before CONNECT

	private boolean ended; // by DISCONNECT

	private int size;

	/**
	 * Create the codec of a connection that begins with CONNECT.
	 */
	public BrokerCodec() {
	}

	/**
	 * Create the codec of a connection that has begun before.
	 */
	public BrokerCodec(MqttVersion version) {
		this.level = (version == MqttVersion.MQTT_5) ? 5 : 4;
	}

	/**
	 * Return whether CONNECT said 5.0.
	 */
	public boolean isVersion5() {
		return this.level == 5;
	}

	// ---- what a client sends

	/**
	 * Decode all bytes as one.
	 */
	public List<ClientPacket> decode(byte[] bytes) {
		List<ClientPacket> packets = new ArrayList<>();
		decode(bytes, 0, bytes.length, packets::add);
		return packets;
	}

	/**
	 * Take in bytes as they come and give out the packets that are whole; keeps the rest.
	 * @throws IllegalPacketException if the client sent what it may not
	 */
	public void decode(byte[] bytes, int from, int to, Consumer<ClientPacket> packets) {
		byte[] all = Arrays.copyOf(this.pending, this.pending.length + to - from);
		System.arraycopy(bytes, from, all, this.pending.length, to - from);
		int at = 0;
		while (true) {
			int bodyAt = bodyAt(all, at);
			int next = (bodyAt > 0) ? bodyAt + remainingLength(all, at + 1) : Integer.MAX_VALUE;
			if (next > all.length) {
				break;
			}
			this.size = next - at;
			packets.accept(decodePacket(all[at] & 0xff, all, bodyAt, next));
			at = next;
		}
		this.pending = Arrays.copyOfRange(all, at, all.length);
	}

	/**
	 * Return how many bytes of a packet that is not whole yet have come.
	 */
	public int pending() {
		return this.pending.length;
	}

	/**
	 * Return how many bytes the packet has that is being given out.
	 */
	public int size() {
		return this.size;
	}

	// The place after the fixed header, or 0 if that is not whole
	private static int bodyAt(byte[] bytes, int at) {
		for (int i = at + 1; i < bytes.length; i++) {
			if (bytes[i] >= 0) {
				return i + 1;
			}
			if (i - at == 4) {
				throw new IllegalPacketException("The remaining length has more than four bytes");
			}
		}
		return 0;
	}

	private static int remainingLength(byte[] bytes, int at) {
		return new WireReader("fixed header", bytes, at, bytes.length).variable("the remaining length");
	}

	private ClientPacket decodePacket(int first, byte[] bytes, int from, int to) {
		int type = first / 16;
		String name = name(type);
		WireReader in = new WireReader(name, bytes, from, to);
		in.check(!this.ended, "it follows DISCONNECT [MQTT-3.14.4-1]");
		in.check((type == 1) == (this.level == 0),
				"CONNECT has to be the first packet and the only one [MQTT-3.1.0-1]");
		int flags = first % 16;
		int expected = (type == 6 || type == 8 || type == 10) ? 2 : 0;
		in.check(type == 3 || flags == expected, "flags %d [MQTT-2.1.3-1]", flags);
		ClientPacket packet = switch (type) {
			case 1 -> connect(in);
			case 3 -> publish(in, flags);
			case 4 -> ack(in, Kind.PUBACK);
			case 5 -> ack(in, Kind.PUBREC);
			case 6 -> ack(in, Kind.PUBREL);
			case 7 -> ack(in, Kind.PUBCOMP);
			case 8 -> subscribe(in);
			case 10 -> unsubscribe(in);
			case 12 -> new PingReq();
			case 14 -> disconnect(in);
			case 15 -> auth(in);
			default -> throw new IllegalPacketException("Type %d is not for a client to send".formatted(type));
		};
		in.checkEnd();
		return packet;
	}

	private static String name(int type) {
		return switch (type) {
			case 1 -> "CONNECT";
			case 3 -> "PUBLISH";
			case 4 -> "PUBACK";
			case 5 -> "PUBREC";
			case 6 -> "PUBREL";
			case 7 -> "PUBCOMP";
			case 8 -> "SUBSCRIBE";
			case 10 -> "UNSUBSCRIBE";
			case 12 -> "PINGREQ";
			case 14 -> "DISCONNECT";
			case 15 -> "AUTH";
			default -> "type " + type;
		};
	}

	private PacketProperties properties(WireReader in, String packet) {
		return isVersion5() ? PacketProperties.read(in, packet) : PacketProperties.NONE;
	}

	private Connect connect(WireReader in) {
		String protocol = in.string();
		in.check(protocol.equals("MQTT"), "protocol name '%s' [MQTT-3.1.2-1]", protocol);
		int level = in.u8();
		in.check(level == 4 || level == 5, "protocol level %d", level);
		this.level = level;
		int flags = in.u8();
		boolean hasWill = (flags & 0x04) != 0;
		int willQos = flags >> 3 & 3;
		in.check((flags & 1) == 0, "the reserved flag is set [MQTT-3.1.2-3]");
		in.check(willQos < 3, "will QoS 3 [MQTT-3.1.2-12]");
		in.check(hasWill || (flags & 0x38) == 0, "flags 0x%02X of a will that is not there [MQTT-3.1.2-11]", flags);
		boolean hasUsername = (flags & 0x80) != 0;
		boolean hasPassword = (flags & 0x40) != 0;
		in.check(level == 5 || hasUsername || !hasPassword, "a password without a user name [MQTT-3.1.2-22]");
		boolean cleanStart = (flags & 0x02) != 0;
		int keepAlive = in.u16();
		PacketProperties properties = properties(in, "CONNECT");
		in.check(properties.has(0x15) || !properties.has(0x16), "authentication data without a method");
		String clientId = in.string();
		in.check(level == 5 || cleanStart || !clientId.isEmpty(), "no client id, and a kept session [MQTT-3.1.3-7]");
		Will will = null;
		if (hasWill) {
			PacketProperties willProperties = properties(in, "Will");
			will = new Will(topic(in, in.string(), false), in.binary(), willQos, (flags & 0x20) != 0, willProperties);
		}
		String username = hasUsername ? in.string() : null;
		byte[] password = hasPassword ? in.binary() : null;
		return new Connect(level, cleanStart, keepAlive, clientId, will, username, password, properties);
	}

	private static String topic(WireReader in, String topic, boolean alias) {
		in.check(alias || !topic.isEmpty(), "no topic [MQTT-4.7.3-1]");
		in.check(topic.indexOf('+') < 0 && topic.indexOf('#') < 0, "topic '%s' [MQTT-3.3.2-2]", topic);
		return topic;
	}

	private Publish publish(WireReader in, int flags) {
		int qos = flags >> 1 & 3;
		boolean duplicate = (flags & 8) != 0;
		in.check(qos < 3, "QoS 3 [MQTT-3.3.1-4]");
		in.check(qos > 0 || !duplicate, "DUP with QoS 0 [MQTT-3.3.1-2]");
		String topic = in.string();
		int packetId = (qos > 0) ? in.packetId() : 0;
		PacketProperties properties = properties(in, "PUBLISH");
		topic(in, topic, properties.has(0x23));
		return new Publish(topic, in.rest(), qos, (flags & 1) != 0, duplicate, packetId, properties);
	}

	private Ack ack(WireReader in, Kind kind) {
		int packetId = in.packetId();
		int reason = 0;
		PacketProperties properties = PacketProperties.NONE;
		if (isVersion5() && !in.atEnd()) {
			reason = in.u8();
			Set<Integer> allowed = (kind == Kind.PUBACK || kind == Kind.PUBREC) ? RECEIVED_REASONS : RELEASED_REASONS;
			in.check(allowed.contains(reason), "reason code 0x%02X", reason);
			if (!in.atEnd()) {
				properties = properties(in, kind.name());
			}
		}
		return new Ack(kind, packetId, reason, properties);
	}

	private Subscribe subscribe(WireReader in) {
		int packetId = in.packetId();
		PacketProperties properties = properties(in, "SUBSCRIBE");
		in.check(!in.atEnd(), "no filter [MQTT-3.8.3-2]");
		List<Filter> filters = new ArrayList<>();
		while (!in.atEnd()) {
			String filter = filter(in);
			int options = in.u8();
			int qos = options & 3;
			in.check(qos < 3, "QoS 3");
			in.check((options & (isVersion5() ? 0xC0 : 0xFC)) == 0, "options 0x%02X [MQTT-3.8.3-5]", options);
			boolean noLocal = (options & 4) != 0;
			in.check(!noLocal || !filter.startsWith("$share/"), "No Local on a shared subscription [MQTT-3.8.3-4]");
			int retainHandling = options >> 4 & 3;
			in.check(retainHandling < 3, "Retain Handling 3");
			filters.add(new Filter(filter, qos, noLocal, (options & 8) != 0, retainHandling));
		}
		return new Subscribe(packetId, filters, properties);
	}

	private Unsubscribe unsubscribe(WireReader in) {
		int packetId = in.packetId();
		PacketProperties properties = properties(in, "UNSUBSCRIBE");
		in.check(!in.atEnd(), "no filter [MQTT-3.10.3-2]");
		List<String> filters = new ArrayList<>();
		while (!in.atEnd()) {
			filters.add(filter(in));
		}
		return new Unsubscribe(packetId, filters, properties);
	}

	private static String filter(WireReader in) {
		String filter = in.string();
		in.check(!filter.isEmpty(), "an empty filter [MQTT-4.7.3-1]");
		String[] levels = filter.split("/", -1);
		for (int i = 0; i < levels.length; i++) {
			String level = levels[i];
			boolean wildcard = level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
			in.check(!wildcard || level.equals("+") || (level.equals("#") && i == levels.length - 1),
					"filter '%s' [MQTT-4.7.1-1] [MQTT-4.7.1-2]", filter);
		}
		return filter;
	}

	private Disconnect disconnect(WireReader in) {
		this.ended = true;
		int reason = 0;
		PacketProperties properties = PacketProperties.NONE;
		if (isVersion5() && !in.atEnd()) {
			reason = in.u8();
			in.check(DISCONNECT_REASONS.contains(reason), "reason code 0x%02X is not a client's", reason);
			if (!in.atEnd()) {
				properties = properties(in, "DISCONNECT");
			}
		}
		return new Disconnect(reason, properties);
	}

	private Auth auth(WireReader in) {
		in.check(isVersion5(), "there is none in 3.1.1");
		int reason = in.atEnd() ? 0 : in.u8();
		in.check(reason == 0x18 || reason == 0x19, "reason code 0x%02X is not a client's", reason);
		PacketProperties properties = properties(in, "AUTH");
		in.check(properties.has(0x15), "no authentication method");
		return new Auth(reason, properties);
	}

	// ---- what a broker sends

	/**
	 * CONNACK; properties go out on 5.0 only.
	 * @param code reason code, or return code of 3.1.1
	 */
	public byte[] connAck(boolean sessionPresent, int code, PacketProperties properties) {
		WireWriter out = new WireWriter().u8(sessionPresent ? 1 : 0).u8(code);
		return withProperties(out, properties).toPacket(0x20);
	}

	public byte[] publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId,
			PacketProperties properties) {
		WireWriter out = new WireWriter().string(topic);
		if (qos > 0) {
			out.u16(packetId);
		}
		withProperties(out, properties).raw(payload);
		return out.toPacket(0x30 + (duplicate ? 8 : 0) + qos * 2 + (retained ? 1 : 0));
	}

	/**
	 * PUBACK, PUBREC, PUBREL or PUBCOMP in the shortest form that says it.
	 */
	public byte[] ack(Kind kind, int packetId, int reason, PacketProperties properties) {
		WireWriter out = new WireWriter().u16(packetId);
		if (isVersion5() && (reason != 0 || !properties.isEmpty())) {
			out.u8(reason);
			if (!properties.isEmpty()) {
				withProperties(out, properties);
			}
		}
		return out.toPacket(kind.type * 16 + kind.flags);
	}

	public byte[] ack(Kind kind, int packetId) {
		return ack(kind, packetId, 0, PacketProperties.NONE);
	}

	public byte[] subAck(int packetId, PacketProperties properties, int... codes) {
		WireWriter out = withProperties(new WireWriter().u16(packetId), properties);
		for (int code : codes) {
			out.u8(code);
		}
		return out.toPacket(0x90);
	}

	/**
	 * UNSUBACK; its codes go out on 5.0 only.
	 */
	public byte[] unsubAck(int packetId, PacketProperties properties, int... codes) {
		WireWriter out = withProperties(new WireWriter().u16(packetId), properties);
		if (isVersion5()) {
			for (int code : codes) {
				out.u8(code);
			}
		}
		return out.toPacket(0xB0);
	}

	public byte[] pingResp() {
		return new byte[] { (byte) 0xD0, 0 };
	}

	/**
	 * DISCONNECT, which is a broker's on 5.0 only.
	 */
	public byte[] disconnect(int reason, PacketProperties properties) {
		return withProperties(new WireWriter().u8(reason), properties).toPacket(0xE0);
	}

	public byte[] auth(int reason, PacketProperties properties) {
		return withProperties(new WireWriter().u8(reason), properties).toPacket(0xF0);
	}

	private WireWriter withProperties(WireWriter out, PacketProperties properties) {
		if (!isVersion5()) {
			return out;
		}
		byte[] encoded = properties.encode();
		return out.variable(encoded.length).raw(encoded);
	}

	/**
	 * The client sent what it may not.
	 */
	public static final class IllegalPacketException extends RuntimeException {

		IllegalPacketException(String message) {
			super(message);
		}

	}

}
