package io.mqttspring.client.session;

import org.jspecify.annotations.Nullable;

/**
 * All messages on their way out, in the order in which they were accepted, in one list
 * with four segments:
 *
 * <pre>
 * head … written | unwritten … being written | mark … encoded | cursor … waiting to be encoded
 * </pre>
 *
 * Each pointer is the first message of its segment or, when that and all later ones are
 * empty, {@code null}. After a lost connection all goes back behind the cursor, so that
 * sending again is the same as sending, and order is kept by there being one list.
 */
final class Outbox {

	@Nullable OutboundPublish head;

	private @Nullable OutboundPublish tail;

	@Nullable OutboundPublish unwritten;

	@Nullable OutboundPublish mark;

	@Nullable OutboundPublish cursor;

	void add(OutboundPublish publish) {
		publish.previous = this.tail;
		if (this.tail != null) {
			this.tail.next = publish;
		}
		this.tail = publish;
		this.head = (this.head != null) ? this.head : publish;
		this.unwritten = (this.unwritten != null) ? this.unwritten : publish;
		this.mark = (this.mark != null) ? this.mark : publish;
		this.cursor = (this.cursor != null) ? this.cursor : publish;
	}

	/**
	 * Remove a message; who iterates has to have read its {@code next} before.
	 */
	void remove(OutboundPublish publish) {
		OutboundPublish next = publish.next;
		OutboundPublish previous = publish.previous;
		if (publish == this.head) {
			this.head = next;
		}
		if (publish == this.unwritten) {
			this.unwritten = next;
		}
		if (publish == this.mark) {
			this.mark = next;
		}
		if (publish == this.cursor) {
			this.cursor = next;
		}
		if (publish == this.tail) {
			this.tail = previous;
		}
		if (previous != null) {
			previous.next = next;
		}
		if (next != null) {
			next.previous = previous;
		}
		publish.previous = null;
		publish.next = null;
	}

	/**
	 * Move the cursor over the message that it is at.
	 */
	void encoded(OutboundPublish publish) {
		this.cursor = publish.next;
	}

	/**
	 * All that is encoded is being written from now on.
	 */
	void writing() {
		this.mark = this.cursor;
	}

	/**
	 * All that was being written is written from now on.
	 */
	void written() {
		this.unwritten = this.mark;
	}

	/**
	 * All waits to be encoded again.
	 */
	void rewind() {
		this.unwritten = this.head;
		this.mark = this.head;
		this.cursor = this.head;
	}

}
