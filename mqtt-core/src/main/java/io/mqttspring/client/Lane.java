package io.mqttspring.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Runs one handler for one message at a time, in order. The reader puts messages in and
 * waits while there are too many; a task on the executor takes them out for as long as
 * there are any. {@code lock} guards all fields that are not final, and is never held
 * while a handler runs.
 */
final class Lane {

	private static final ThreadLocal<@Nullable Lane> CURRENT = new ThreadLocal<>();

	private final String name;

	private final Lanes lanes;

	private final int capacity;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Condition idle = this.lock.newCondition();

	private final Queue<Item> waiting = new ArrayDeque<>();

	private long bytes; // of what waits

	private boolean running; // a task was given to the executor and has not ended

	private boolean handling;

	private boolean stopped;

	private boolean retired;

	Lane(String name, Lanes lanes, int capacity) {
		this.name = name;
		this.lanes = lanes;
		this.capacity = capacity;
	}

	/**
	 * Return the lane that this thread runs a handler of.
	 */
	static @Nullable Lane current() {
		return CURRENT.get();
	}

	Lanes lanes() {
		return this.lanes;
	}

	/**
	 * Put a message in, waiting for room unless that has to be lifted.
	 */
	void put(Arrival arrival, HandlerSubscription subscription) {
		boolean start;
		this.lock.lock();
		try {
			while (!this.stopped && !this.retired && this.waiting.size() >= this.capacity
					&& !this.lanes.mayExceed(this.bytes)) {
				this.room.awaitUninterruptibly();
			}
			if (this.stopped) {
				return;
			}
			if (this.waiting.size() >= this.capacity) {
				this.lanes.countHeldBack();
			}
			this.waiting.add(new Item(arrival, subscription));
			this.bytes += arrival.bytes();
			start = !this.running;
			this.running = true;
		}
		finally {
			this.lock.unlock();
		}
		if (start && !this.lanes.execute(this::run)) {
			this.lock.lock();
			this.running = false; // the next message tries again
			this.lock.unlock();
		}
	}

	/**
	 * Let a reader that waits for room look again whether it has to.
	 */
	void recheck() {
		this.lock.lock();
		try {
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		CURRENT.set(this);
		this.lanes.busy(1);
		try {
			Item item;
			while ((item = next()) != null) {
				this.lanes.handle(this.name, item.arrival(), item.subscription());
			}
		}
		finally {
			this.lanes.busy(-1);
			CURRENT.remove();
		}
	}

	private @Nullable Item next() {
		this.lock.lock();
		try {
			Item item = this.waiting.poll();
			this.handling = item != null;
			this.bytes -= (item != null) ? item.arrival().bytes() : 0;
			if (item == null) {
				this.running = false;
				this.idle.signalAll();
			}
			// At half, so that reader and handler do not take turns for each message
			else if (this.waiting.size() == this.capacity / 2) {
				this.room.signalAll();
			}
			return item;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until all that was put in is handled, or the time is over.
	 */
	void awaitIdle(long deadline) {
		this.lock.lock();
		try {
			long left = deadline - System.nanoTime();
			while (this.running && left > 0) {
				left = this.idle.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // no more waiting, then
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The subscription has ended: what still comes for it is passed over, and need not
	 * wait. A handler that ends its own subscription and waits for the broker would else
	 * keep the reader from the answer.
	 */
	void retire() {
		this.lock.lock();
		try {
			this.retired = true;
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forget what the handler has not begun with, and take nothing more.
	 * @return how many messages are not handled; that of a handler that calls this is
	 */
	int stop() {
		this.lock.lock();
		try {
			this.stopped = true;
			int unhandled = this.waiting.size() + ((this.handling && current() != this) ? 1 : 0);
			this.waiting.clear();
			this.bytes = 0;
			this.room.signalAll();
			return unhandled;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Item(Arrival arrival, HandlerSubscription subscription) {
	}

}
