package io.mqttspring.client;

import java.time.Duration;

/**
 * Checks of options that say the option's name, its value and what is allowed.
 */
final class Require {

	private Require() {
	}

	static void positive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException("%s is %s: it has to be more than zero".formatted(name, value));
		}
	}

	static void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("%s is %s: it cannot be negative".formatted(name, value));
		}
	}

	/**
	 * What is told to the broker in seconds: less than one would silently be none.
	 */
	static void wholeSeconds(String name, Duration value, long least, long most) {
		if (value.getNano() != 0) {
			throw new IllegalArgumentException("%s is %s: it has to be whole seconds".formatted(name, value));
		}
		between(name, value.toSeconds(), least, most);
	}

	static void atLeast(String name, long value, long least) {
		if (value < least) {
			throw new IllegalArgumentException("%s is %,d: it has to be %,d or more".formatted(name, value, least));
		}
	}

	static void between(String name, long value, long least, long most) {
		if (value < least || value > most) {
			throw new IllegalArgumentException("%s is %,d: it can be %,d to %,d".formatted(name, value, least, most));
		}
	}

}
