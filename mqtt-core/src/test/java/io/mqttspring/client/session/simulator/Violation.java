package io.mqttspring.client.session.simulator;

/**
 * An invariant does not hold.
 */
public final class Violation extends AssertionError {

	private final String invariant;

	public Violation(String invariant, String what) {
		super(invariant + ": " + what);
		this.invariant = invariant;
	}

	/**
	 * Return which one: {@code I1} to {@code I9}, or what else it is called.
	 */
	public String invariant() {
		return this.invariant;
	}

}
