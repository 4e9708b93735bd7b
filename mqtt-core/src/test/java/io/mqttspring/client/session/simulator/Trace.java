package io.mqttspring.client.session.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened in a schedule, written down only when it is played again to be read.
 */
final class Trace {

	private final List<String> lines = new ArrayList<>();

	private final boolean on;

	private int event;

	Trace(boolean on) {
		this.on = on;
	}

	void event(int number) {
		this.event = number;
	}

	void add(Supplier<String> line) {
		if (this.on) {
			this.lines.add("%4d  %s".formatted(this.event, line.get()));
		}
	}

	@Override
	public String toString() {
		return String.join("\n", this.lines);
	}

}
