package io.mqttspring.client.session.simulator;

import java.util.List;
import java.util.SplittableRandom;

/**
 * All chance there is in a schedule, out of one seed.
 */
final class Dice {

	private final SplittableRandom random;

	Dice(long seed) {
		this.random = new SplittableRandom(seed);
	}

	boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

	int between(int least, int most) {
		return this.random.nextInt(least, most + 1);
	}

	long number() {
		return this.random.nextLong();
	}

	@SafeVarargs
	final <T> T pick(T... ofThese) {
		return ofThese[this.random.nextInt(ofThese.length)];
	}

	<T> T pick(List<T> ofThese) {
		return ofThese.get(this.random.nextInt(ofThese.size()));
	}

	/**
	 * Return how many of so many to take: often all, often one, else any number.
	 */
	int some(int of) {
		return switch (this.random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> between(1, of);
			default -> of;
		};
	}

}
