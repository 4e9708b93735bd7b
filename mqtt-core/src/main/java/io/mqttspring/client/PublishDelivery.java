package io.mqttspring.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.session.OutboundPublish;

/**
 * A delivery, which is the session's entry for the message too: one object for each
 * published message. {@code observer} is guarded by the lock; {@code outcome} and
 * {@code sent} are written with it held and read without.
 */
final class PublishDelivery extends OutboundPublish implements Delivery, Runnable {

	/** The outcome of QoS 0, which has no reason code. */
	private static final Object WRITTEN = new Object();

	private final Publisher publisher;

	// Whom to tell: a callback, a future, a thread that waits, or an array of those
	private @Nullable Object observer;

	private volatile boolean sent;

	// Null until all is over; then a reason code, WRITTEN, or an exception
	private volatile @Nullable Object outcome;

	PublishDelivery(MqttMessage message, long acceptedAt, Publisher publisher, @Nullable DeliveryCallback callback) {
		super(message, acceptedAt);
		this.publisher = publisher;
		this.observer = callback;
	}

	@Override
	public Delivery awaitSent(Duration timeout) {
		return await(Wait.SENT, timeout);
	}

	@Override
	public Delivery awaitAcknowledged(Duration timeout) {
		return await(Wait.ACKNOWLEDGED, timeout);
	}

	private Delivery await(Wait wait, Duration timeout) {
		return await(wait, System.nanoTime() + timeout.toNanos(), timeout);
	}

	/**
	 * Wait until a time.
	 * @param deadline in the time of {@link System#nanoTime()}
	 * @param timeout how long that is in all, for the message of the exception
	 */
	Delivery await(Wait wait, long deadline, Duration timeout) {
		if (!isReached(wait)) {
			park(wait, deadline, timeout);
		}
		if (this.outcome instanceof MqttException failure) {
			throw failure;
		}
		return this;
	}

	private boolean isReached(Wait wait) {
		return this.outcome != null || (wait == Wait.SENT && this.sent);
	}

	private void park(Wait wait, long deadline, Duration timeout) {
		Thread thread = Thread.currentThread();
		this.publisher.guard().lock();
		this.observer = with(this.observer, thread);
		this.publisher.guard().unlock();
		HandlerWait handlerWait = this.publisher.beginWait();
		try {
			while (!isReached(wait)) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					throw new MqttTimeoutException(
							"Message to '%s' was not %s within %s; it is not given up, and may still be delivered; %s"
								.formatted(message().topic(), (wait == Wait.SENT) ? "sent" : "acknowledged", timeout,
										this.publisher.state()));
				}
				if (Thread.currentThread().isInterrupted()) {
					throw new MqttException(
							"The thread was interrupted while it waited for the message to '%s'; the message is not given up"
								.formatted(message().topic()));
				}
				handlerWait.check();
				LockSupport.parkNanos(this, handlerWait.limit(left));
			}
		}
		finally {
			handlerWait.end();
			this.publisher.guard().lock();
			this.observer = without(this.observer, thread);
			this.publisher.guard().unlock();
		}
	}

	@Override
	public CompletableFuture<Delivery> acknowledged() {
		CompletableFuture<Delivery> future = new ClientFuture<>(this.publisher.guard());
		this.publisher.guard().lock();
		try {
			if (this.outcome == null) {
				this.observer = with(this.observer, future);
				return future;
			}
		}
		finally {
			this.publisher.guard().unlock();
		}
		complete(future);
		return future;
	}

	private void complete(CompletableFuture<Delivery> future) {
		MqttException failure = failure();
		if (failure != null) {
			future.completeExceptionally(failure);
		}
		else {
			future.complete(this);
		}
	}

	@Override
	public boolean isSent() {
		return this.sent;
	}

	@Override
	public boolean isDone() {
		return this.outcome != null;
	}

	@Override
	public @Nullable MqttException failure() {
		return (this.outcome instanceof MqttException failure) ? failure : null;
	}

	@Override
	public @Nullable MqttReasonCode reasonCode() {
		return (this.outcome instanceof MqttReasonCode reason) ? reason
				: (this.outcome instanceof MqttPublishException refused) ? refused.reasonCode() : null;
	}

	// ---- told by the session, with the lock held

	@Override
	protected void onWritten() {
		this.sent = true;
		wake(this.observer);
	}

	@Override
	protected void onAcknowledged(@Nullable MqttReasonCode reason) {
		end((reason != null) ? reason : WRITTEN);
	}

	@Override
	protected void onFailed(MqttException cause, @Nullable MqttReasonCode reason, @Nullable MqttDropCause drop) {
		boolean observed = this.observer != null;
		end(cause);
		this.publisher.deliveryFailed(this, cause, drop, observed);
	}

	private void end(Object outcome) {
		this.outcome = outcome;
		if (this.observer != null) {
			wake(this.observer);
			if (!(this.observer instanceof Thread)) {
				this.publisher.guard().later(this);
			}
		}
	}

	private static void wake(@Nullable Object observer) {
		if (observer instanceof Thread thread) {
			LockSupport.unpark(thread);
		}
		else if (observer instanceof Object[] several) {
			for (Object one : several) {
				wake(one);
			}
		}
	}

	/**
	 * Call callbacks and complete futures; on the client's executor.
	 */
	@Override
	public void run() {
		this.publisher.guard().lock();
		Object observer = this.observer;
		this.publisher.guard().unlock();
		tell(observer);
	}

	private void tell(@Nullable Object observer) {
		if (observer instanceof DeliveryCallback callback) {
			callback.done(this);
		}
		else if (observer instanceof CompletableFuture<?> future) {
			@SuppressWarnings("unchecked") // no other futures are put there
			CompletableFuture<Delivery> acknowledged = (CompletableFuture<Delivery>) future;
			complete(acknowledged);
		}
		else if (observer instanceof Object[] several) {
			for (Object one : several) {
				tell(one);
			}
		}
	}

	private static Object with(@Nullable Object observer, Object one) {
		if (observer == null) {
			return one;
		}
		if (observer instanceof Object[] several) {
			Object[] more = Arrays.copyOf(several, several.length + 1);
			more[several.length] = one;
			return more;
		}
		return new Object[] { observer, one };
	}

	private static @Nullable Object without(@Nullable Object observer, Object one) {
		if (observer == one) {
			return null;
		}
		if (observer instanceof Object[] several) {
			Object[] left = Arrays.stream(several).filter((other) -> other != one).toArray();
			return (left.length == 1) ? left[0] : left;
		}
		return observer;
	}

}
