package io.mqttspring.client.session;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Packet ids in use and what uses them: an array that grows with use. An id is never
 * given twice at a time [MQTT-2.2.1-3].
 */
final class PacketIds {

	private static final int INITIAL = 16;

	private static final int LARGEST = 65_536;

	private @Nullable Object[] owners = new @Nullable Object[INITIAL];

	private int used;

	private int last; // place of the last one given

	private int offset; // of an id to its place

	/**
	 * Begin with this id. None may be in use.
	 */
	void beginAt(int id) {
		if (this.used > 0) {
			throw new IllegalStateException("%d packet ids are in use".formatted(this.used));
		}
		this.offset = id - 1;
		this.last = 0;
	}

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
		int id = this.last + this.offset;
		return (id < LARGEST) ? id : id - (LARGEST - 1);
	}

	private int place(int id) {
		int place = id - this.offset;
		return (place > 0) ? place : place + LARGEST - 1;
	}

	@Nullable Object owner(int id) {
		int place = place(id);
		return (place < this.owners.length) ? this.owners[place] : null;
	}

	void release(int id) {
		if (owner(id) == null) {
			throw new IllegalStateException("Packet id %d is not in use".formatted(id));
		}
		this.owners[place(id)] = null;
		this.used--;
	}

}
