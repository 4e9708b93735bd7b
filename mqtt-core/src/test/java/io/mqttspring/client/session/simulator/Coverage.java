package io.mqttspring.client.session.simulator;

import java.util.EnumSet;
import java.util.Set;

/**
 * What one schedule has had in it.
 */
final class Coverage {

	private final Set<Seen> seen = EnumSet.noneOf(Seen.class);

	void seen(Seen what) {
		this.seen.add(what);
	}

	void seenIf(boolean so, Seen what) {
		if (so) {
			this.seen.add(what);
		}
	}

	Set<Seen> all() {
		return this.seen;
	}

}
