package io.mqttspring.client.session.simulator;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One direction of a connection: bytes that are sent and have not arrived, and what is to
 * be noted when the last byte of a packet arrives.
 */
final class Wire {

	private final Deque<Mark> marks = new ArrayDeque<>();

	private byte[] bytes = new byte[1024];

	private int from;

	private int to;

	private long sent;

	private long arrived;

	private long whole; // bytes of the packets that arrived whole

	void send(byte[] source, int at, int count) {
		if (this.to + count > this.bytes.length) {
			int under = this.to - this.from;
			byte[] target = (under + count > this.bytes.length) ? new byte[(under + count) * 2] : this.bytes;
			System.arraycopy(this.bytes, this.from, target, 0, under);
			this.bytes = target;
			this.from = 0;
			this.to = under;
		}
		System.arraycopy(source, at, this.bytes, this.to, count);
		this.to += count;
		this.sent += count;
	}

	void send(byte[] packet, Runnable whenArrived) {
		send(packet, 0, packet.length);
		this.marks.add(new Mark(this.sent, whenArrived));
	}

	int underWay() {
		return this.to - this.from;
	}

	/**
	 * Let bytes arrive.
	 */
	byte[] arrive(int count) {
		byte[] arrived = Arrays.copyOfRange(this.bytes, this.from, this.from + count);
		this.from += count;
		this.arrived += count;
		while (!this.marks.isEmpty() && this.marks.element().end() <= this.arrived) {
			Mark mark = this.marks.remove();
			this.whole = mark.end();
			mark.whenArrived().run();
		}
		return arrived;
	}

	/**
	 * Lose what is under way.
	 * @return whether that cut a packet in two that is marked
	 */
	boolean cut() {
		boolean inside = this.arrived > this.whole;
		this.marks.clear();
		this.from = 0;
		this.to = 0;
		this.sent = 0;
		this.arrived = 0;
		this.whole = 0;
		return inside;
	}

	private record Mark(long end, Runnable whenArrived) {
	}

}
