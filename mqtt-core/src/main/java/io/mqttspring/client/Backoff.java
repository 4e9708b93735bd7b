package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt to connect: exponential, with full jitter, so
 * that many clients do not come back at once. Not thread-safe.
 */
final class Backoff {

	private final ReconnectOptions options;

	private @Nullable Duration bound; // of the last wait

	Backoff(ReconnectOptions options) {
		this.options = options;
	}

	/**
	 * Begin anew.
	 */
	void reset() {
		this.bound = null;
	}

	/**
	 * A connection was lost. One that has lived longer than we would wait was a good one:
	 * the next wait is the first again.
	 */
	void connectionLived(Duration time) {
		if (this.bound != null && time.compareTo(this.bound) > 0) {
			reset();
		}
	}

	/**
	 * Return the next wait.
	 */
	Duration next() {
		Duration last = this.bound;
		long nanos = (last != null)
				? (long) Math.min(last.toNanos() * this.options.multiplier(), this.options.maxDelay().toNanos())
				: this.options.initialDelay().toNanos();
		this.bound = Duration.ofNanos(nanos);
		return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos + 1));
	}

	/**
	 * Return the wait after a refusal that does not get better by itself: never short,
	 * since it would be refused again.
	 */
	Duration nextAfterRefusal() {
		long half = this.options.refusedDelay().toNanos() / 2;
		return Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half + 1));
	}

}
