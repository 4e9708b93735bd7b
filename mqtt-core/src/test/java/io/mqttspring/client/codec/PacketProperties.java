package io.mqttspring.client.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Properties of one packet as a broker sees them: a list of ids and values, in the order
 * of the wire. A value is an {@code Integer} or {@code Long} (numbers), a {@code String},
 * a {@code byte[]} or a {@code Map.Entry} (user property). Which type an id has and where
 * a client may use it is written down here once more, from the table of MQTT 5.0
 * §2.2.2.2.
 */
public final class PacketProperties {

	/**
	 * No properties.
	 */
	public static final PacketProperties NONE = new PacketProperties();

	private static final String CONNECT = "CONNECT";

	private static final String WILL = "Will";

	private static final String PUBLISH = "PUBLISH";

	private static final String DISCONNECT = "DISCONNECT";

	private static final String AUTH = "AUTH";

	private static final String[] ACKS = { "PUBACK", "PUBREC", "PUBREL", "PUBCOMP" };

	private final List<Integer> ids = new ArrayList<>();

	private final List<Object> values = new ArrayList<>();

	/**
	 * Return these properties and one more.
	 */
	public PacketProperties with(int id, Object value) {
		PacketProperties more = new PacketProperties();
		more.ids.addAll(this.ids);
		more.values.addAll(this.values);
		more.ids.add(id);
		more.values.add(value);
		return more;
	}

	public boolean isEmpty() {
		return this.ids.isEmpty();
	}

	public boolean has(int id) {
		return this.ids.contains(id);
	}

	public List<Integer> ids() {
		return List.copyOf(this.ids);
	}

	/**
	 * Return the value of a property, or {@code null}.
	 */
	public Object get(int id) {
		int at = this.ids.indexOf(id);
		return (at >= 0) ? this.values.get(at) : null;
	}

	public List<Object> all(int id) {
		List<Object> all = new ArrayList<>();
		for (int i = 0; i < this.ids.size(); i++) {
			if (this.ids.get(i) == id) {
				all.add(this.values.get(i));
			}
		}
		return all;
	}

	public long number(int id, long otherwise) {
		Object value = get(id);
		return (value != null) ? ((Number) value).longValue() : otherwise;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < this.ids.size(); i++) {
			text.append(" 0x%02X=%s".formatted(this.ids.get(i), this.values.get(i)));
		}
		return text.toString();
	}

	// ---- written

	byte[] encode() {
		WireWriter out = new WireWriter();
		for (int i = 0; i < this.ids.size(); i++) {
			int id = this.ids.get(i);
			Object value = this.values.get(i);
			out.u8(id);
			switch (type(id)) {
				case 'b' -> out.u8(((Number) value).intValue());
				case '2' -> out.u16(((Number) value).intValue());
				case '4' -> out.u32(((Number) value).longValue());
				case 'v' -> out.variable(((Number) value).intValue());
				case 's' -> out.string((String) value);
				case 'x' -> out.binary((byte[]) value);
				case 'p' -> {
					Map.Entry<?, ?> pair = (Map.Entry<?, ?>) value;
					out.string((String) pair.getKey()).string((String) pair.getValue());
				}
				default -> throw new IllegalArgumentException("No property 0x%02X".formatted(id));
			}
		}
		return out.toBytes();
	}

	// ---- read

	/**
	 * Read the properties of a packet that a client sent.
	 */
	static PacketProperties read(WireReader in, String packet) {
		int length = in.variable("the length of the properties");
		WireReader part = in.slice(length);
		if (part.atEnd()) {
			return NONE;
		}
		PacketProperties properties = new PacketProperties();
		while (!part.atEnd()) {
			int id = part.variable("a property id");
			char type = type(id);
			part.check(type != 0, "there is no property 0x%02X", id);
			part.check(fromClient(id, packet), "property 0x%02X has no place in %s of a client", id, packet);
			part.check(id == 0x26 || !properties.has(id), "property 0x%02X comes twice", id);
			properties.ids.add(id);
			properties.values.add(value(part, id, type));
		}
		return properties;
	}

	private static Object value(WireReader in, int id, char type) {
		switch (type) {
			case 'b' -> {
				int value = in.u8();
				in.check(value <= 1, "property 0x%02X has the value %d", id, value);
				return value;
			}
			case '2' -> {
				int value = in.u16();
				in.check(value != 0 || (id != 0x21 && id != 0x23), "property 0x%02X is 0", id);
				return value;
			}
			case '4' -> {
				long value = in.u32();
				in.check(value != 0 || id != 0x27, "Maximum Packet Size is 0");
				return value;
			}
			case 'v' -> {
				int value = in.variable("a property");
				in.check(value != 0, "property 0x%02X is 0", id);
				return value;
			}
			case 's' -> {
				String value = in.string();
				in.check(id != 0x08 || (!value.isEmpty() && value.indexOf('+') < 0 && value.indexOf('#') < 0),
						"Response Topic '%s' [MQTT-3.3.2-14]", value);
				return value;
			}
			case 'x' -> {
				return in.binary();
			}
			default -> {
				return Map.entry(in.string(), in.string());
			}
		}
	}

	/**
	 * Return how a value is written: b(yte), 2 and 4 bytes, v(ariable), s(tring), x
	 * (binary), p(air), or 0 where there is no such property.
	 */
	private static char type(int id) {
		return switch (id) {
			case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> 'b';
			case 0x13, 0x21, 0x22, 0x23 -> '2';
			case 0x02, 0x11, 0x18, 0x27 -> '4';
			case 0x0B -> 'v';
			case 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F -> 's';
			case 0x09, 0x16 -> 'x';
			case 0x26 -> 'p';
			default -> 0;
		};
	}

	private static boolean fromClient(int id, String packet) {
		return switch (id) {
			case 0x01, 0x02, 0x03, 0x08, 0x09 -> isOneOf(packet, PUBLISH, WILL);
			case 0x0B -> isOneOf(packet, "SUBSCRIBE"); // never in PUBLISH [MQTT-3.3.4-6]
			case 0x11 -> isOneOf(packet, CONNECT, DISCONNECT);
			case 0x15, 0x16 -> isOneOf(packet, CONNECT, AUTH);
			case 0x17, 0x19, 0x21, 0x22, 0x27 -> isOneOf(packet, CONNECT);
			case 0x18 -> isOneOf(packet, WILL);
			case 0x1F -> isOneOf(packet, DISCONNECT, AUTH) || isOneOf(packet, ACKS);
			case 0x23 -> isOneOf(packet, PUBLISH);
			case 0x26 -> true;
			default -> false; // a server's
		};
	}

	private static boolean isOneOf(String packet, String... packets) {
		for (String one : packets) {
			if (one.equals(packet)) {
				return true;
			}
		}
		return false;
	}

	static byte[] utf8(String value) {
		return value.getBytes(StandardCharsets.UTF_8);
	}

}
