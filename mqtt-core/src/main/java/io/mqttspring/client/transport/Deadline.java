package io.mqttspring.client.transport;

import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Until when something has to be done.
 */
public final class Deadline {

	private final boolean never;

	private final long end; // by System.nanoTime()

	private final String over;

	private Deadline(boolean never, long end, String over) {
		this.never = never;
		this.end = end;
		this.over = over;
	}

	/**
	 * Begin a time limit.
	 * @param limit how long there is from now on
	 * @param over what to say when it is over
	 * @return its end
	 */
	public static Deadline in(Duration limit, String over) {
		return new Deadline(false, System.nanoTime() + limit.toNanos(), over);
	}

	/**
	 * Begin the time limit of a read.
	 * @param timeoutMillis as {@link Transport#read} is given it
	 */
	static Deadline ofRead(int timeoutMillis) {
		return new Deadline(timeoutMillis == 0, System.nanoTime() + timeoutMillis * 1_000_000L, "Read timed out");
	}

	/**
	 * Return how long there is.
	 * @return milliseconds, 1 or more; 0 for ever
	 * @throws SocketTimeoutException if the time is over
	 */
	public int millisLeft() throws SocketTimeoutException {
		if (this.never) {
			return 0;
		}
		long left = (this.end - System.nanoTime()) / 1_000_000;
		if (left <= 0) {
			throw new SocketTimeoutException(this.over);
		}
		return (int) Math.min(left, Integer.MAX_VALUE);
	}

}
