package io.mqttspring.client;

import java.time.Duration;

/**
 * How long to wait between attempts to connect: a random time between zero and a bound
 * that grows ("full jitter").
 *
 * @param enabled whether a lost connection is made again at all (default {@code true})
 * @param initialDelay bound of the first wait, more than zero (default 1 s)
 * @param maxDelay bound of all later ones, at least {@code initialDelay} (default 2 min)
 * @param multiplier growth per attempt, 1.0 or more (default 2.0)
 * @param refusedDelay bound of the wait after what does not get better by itself: bad
 * credentials, not authorized, client id refused, session taken over; more than zero
 * (default 5 min)
 * @param maxAttempts attempts in a row before giving up, 0 for no limit (default 0)
 */
public record ReconnectOptions(boolean enabled, Duration initialDelay, Duration maxDelay, double multiplier,
		Duration refusedDelay, int maxAttempts) {

	/**
	 * The defaults.
	 */
	public static final ReconnectOptions DEFAULTS = new ReconnectOptions(true, Duration.ofSeconds(1),
			Duration.ofMinutes(2), 2.0, Duration.ofMinutes(5), 0);

	public ReconnectOptions {
		Require.positive("initialDelay", initialDelay);
		Require.positive("refusedDelay", refusedDelay);
		Require.atLeast("maxAttempts", maxAttempts, 0);
		if (maxDelay.compareTo(initialDelay) < 0) {
			throw new IllegalArgumentException(
					"maxDelay %s is shorter than initialDelay %s: raise the one or lower the other".formatted(maxDelay,
							initialDelay));
		}
		if (!(multiplier >= 1.0) || Double.isInfinite(multiplier)) {
			throw new IllegalArgumentException("multiplier is %s: it can be 1.0 or more".formatted(multiplier));
		}
	}

	/**
	 * Return these options with reconnecting on or off.
	 * @param enabled whether a lost connection is made again
	 * @return new options
	 */
	public ReconnectOptions withEnabled(boolean enabled) {
		return new ReconnectOptions(enabled, this.initialDelay, this.maxDelay, this.multiplier, this.refusedDelay,
				this.maxAttempts);
	}

	/**
	 * Return these options with other delays.
	 * @param initialDelay bound of the first wait
	 * @param maxDelay bound of all later ones
	 * @return new options
	 */
	public ReconnectOptions withDelays(Duration initialDelay, Duration maxDelay) {
		return new ReconnectOptions(this.enabled, initialDelay, maxDelay, this.multiplier, this.refusedDelay,
				this.maxAttempts);
	}

	/**
	 * Return these options with another growth.
	 * @param multiplier growth per attempt, 1.0 or more
	 * @return new options
	 */
	public ReconnectOptions withMultiplier(double multiplier) {
		return new ReconnectOptions(this.enabled, this.initialDelay, this.maxDelay, multiplier, this.refusedDelay,
				this.maxAttempts);
	}

	/**
	 * Return these options with another pace after a refusal.
	 * @param refusedDelay bound of the wait
	 * @return new options
	 */
	public ReconnectOptions withRefusedDelay(Duration refusedDelay) {
		return new ReconnectOptions(this.enabled, this.initialDelay, this.maxDelay, this.multiplier, refusedDelay,
				this.maxAttempts);
	}

	/**
	 * Return these options with another limit.
	 * @param maxAttempts attempts in a row, 0 for no limit
	 * @return new options
	 */
	public ReconnectOptions withMaxAttempts(int maxAttempts) {
		return new ReconnectOptions(this.enabled, this.initialDelay, this.maxDelay, this.multiplier, this.refusedDelay,
				maxAttempts);
	}

}
