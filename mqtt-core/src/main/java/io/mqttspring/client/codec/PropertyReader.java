package io.mqttspring.client.codec;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttUserProperty;

/**
 * The properties of one packet (MQTT 5.0 §2.2.2), checked as they are read: known, in a
 * packet that may have them, not twice, with a value that is allowed. Values hold until
 * the next {@link #read}. Not thread-safe.
 */
final class PropertyReader {

	private final long[] numbers = new long[PropertyId.COUNT];

	private final @Nullable Object[] objects = new @Nullable Object[PropertyId.COUNT];

	private long present;

	private List<MqttUserProperty> userProperties = List.of();

	private List<Integer> subscriptionIdentifiers = List.of();

	/**
	 * Read length and properties.
	 * @param in where they begin; after them on return
	 */
	void read(InputCursor in) {
		clear();
		int length = in.readVariableInt();
		if (length > in.remaining()) {
			throw in.malformed("has properties that are longer than the packet");
		}
		int rest = in.remaining() - length;
		while (in.remaining() > rest) {
			readOne(in);
		}
		if (in.remaining() < rest) {
			throw in.malformed("has a property that is longer than the length of the properties");
		}
	}

	void clear() {
		this.present = 0;
		this.userProperties = List.of();
		this.subscriptionIdentifiers = List.of();
	}

	private void readOne(InputCursor in) {
		int id = in.readVariableInt();
		PropertyId.Kind kind = PropertyId.kind(id);
		if (kind == PropertyId.Kind.NONE) {
			throw in.malformed("has the property 0x%02X, which there is not".formatted(id));
		}
		if (!PropertyId.allowed(id, in.type())) {
			throw in.protocolError("has the property 0x%02X, which it may not have".formatted(id));
		}
		if (has(id) && !PropertyId.repeatable(id)) {
			throw in.protocolError("has the property 0x%02X twice".formatted(id));
		}
		this.present |= 1L << id;
		switch (kind) {
			case FLAG -> {
				this.numbers[id] = flag(in, id);
			}
			case SHORT -> {
				this.numbers[id] = notZero(in, id, in.readShort());
			}
			case INT -> {
				this.numbers[id] = notZero(in, id, in.readInt());
			}
			case VARIABLE_INT -> addSubscriptionIdentifier(in);
			case STRING -> {
				this.objects[id] = in.readString();
			}
			case BINARY -> {
				this.objects[id] = in.readBinary();
			}
			case PAIR -> addUserProperty(in);
			case NONE -> throw new IllegalStateException("excluded above");
		}
	}

	private static int flag(InputCursor in, int id) {
		int value = in.readByte();
		if (value > 1) {
			throw in.protocolError("has %d as value of the property 0x%02X, which can be 0 or 1".formatted(value, id));
		}
		return value;
	}

	private static long notZero(InputCursor in, int id, long value) {
		// An alias of 0 has a reason code of its own and is refused where it is used
		if (value == 0 && (id == PropertyId.RECEIVE_MAXIMUM || id == PropertyId.MAXIMUM_PACKET_SIZE)) {
			throw in.protocolError("has 0 as value of the property 0x%02X, which may not be 0".formatted(id));
		}
		return value;
	}

	private void addSubscriptionIdentifier(InputCursor in) {
		int identifier = in.readVariableInt();
		if (identifier == 0) {
			throw in.protocolError("has the subscription identifier 0");
		}
		if (this.subscriptionIdentifiers.isEmpty()) {
			this.subscriptionIdentifiers = List.of(identifier); // by far the most
			return;
		}
		if (this.subscriptionIdentifiers.size() == 1) {
			this.subscriptionIdentifiers = new ArrayList<>(this.subscriptionIdentifiers);
		}
		this.subscriptionIdentifiers.add(identifier);
	}

	private void addUserProperty(InputCursor in) {
		if (this.userProperties.isEmpty()) {
			this.userProperties = new ArrayList<>();
		}
		this.userProperties.add(new MqttUserProperty(in.readString(), in.readString()));
	}

	boolean has(int id) {
		return (this.present >>> id & 1) != 0;
	}

	boolean isEmpty() {
		return this.present == 0;
	}

	long number(int id, long otherwise) {
		return has(id) ? this.numbers[id] : otherwise;
	}

	boolean flag(int id, boolean otherwise) {
		return has(id) ? this.numbers[id] != 0 : otherwise;
	}

	@Nullable String string(int id) {
		return has(id) ? (String) this.objects[id] : null;
	}

	byte @Nullable [] binary(int id) {
		return has(id) ? (byte[]) this.objects[id] : null;
	}

	List<MqttUserProperty> userProperties() {
		return this.userProperties;
	}

	List<Integer> subscriptionIdentifiers() {
		return this.subscriptionIdentifiers;
	}

}
