package io.mqttspring.client.session;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Packet ids in use and what uses them: an array by id that grows with use. An id is
 * never given twice at a time [MQTT-2.2.1-3].
 */
final class PacketIds {

	private static final int INITIAL = 16;

	private static final int LARGEST = 65_536;

	private @Nullable Object[] owners = new @Nullable Object[INITIAL];

	private int used;

	private int last;

	/**
	 * Give the next free id.
	 * @param owner what uses it
	 * @return 1 to 65,535, or 0 if all are in use
	 */
	int allocate(Object owner) {
		if (this.used == LARGEST - 1) {
			return 0;
		}
		// Half empty at least, so that the next free one is near
		if (this.used * 2 >= this.owners.length && this.owners.length < LARGEST) {
			this.owners = Arrays.copyOf(this.owners, this.owners.length * 2);
		}
		do {
			this.last = (this.last + 1 < this.owners.length) ? this.last + 1 : 1;
		}
		while (this.owners[this.last] != null);
		this.owners[this.last] = owner;
		this.used++;
		return this.last;
	}

	@Nullable Object owner(int id) {
		return (id < this.owners.length) ? this.owners[id] : null;
	}

	void release(int id) {
		if (this.owners[id] == null) {
			throw new IllegalStateException("Packet id %d is not in use".formatted(id));
		}
		this.owners[id] = null;
		this.used--;
	}

}
