package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * A wait for what only the reader can bring. When a handler waits, the reader must not
 * wait for handlers until the end of it.
 */
final class HandlerWait {

	private static final HandlerWait NOT_IN_A_HANDLER = new HandlerWait(null);

	private static final long LOOK_AGAIN_NANOS = 100_000_000;

	private final @Nullable Lanes lanes;

	private final long begin;

	private HandlerWait(@Nullable Lanes lanes) {
		this.lanes = lanes;
		this.begin = (lanes != null) ? lanes.beginWait() : 0;
	}

	static HandlerWait begin(Lanes lanes) {
		return lanes.isCurrent() ? new HandlerWait(lanes) : NOT_IN_A_HANDLER;
	}

	/**
	 * Check that the wait can still end well.
	 * @throws MqttException if the reader had to stop all the same
	 */
	void check() {
		if (this.lanes != null && this.lanes.hasOverflowed(this.begin)) {
			throw this.lanes.overflow();
		}
	}

	/**
	 * Limit a wait so that {@link #check()} is called now and then.
	 */
	long limit(long nanos) {
		return (this.lanes != null) ? Math.min(nanos, LOOK_AGAIN_NANOS) : nanos;
	}

	void end() {
		if (this.lanes != null) {
			this.lanes.endWait();
		}
	}

}
