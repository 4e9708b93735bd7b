package io.mqttspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * A handler's lane: order, back-pressure, and what becomes of messages at its end. The
 * tasks of the lanes run when a test says so.
 */
@Timeout(30)
class LaneTests {

	private static final int CAPACITY = 4;

	private final String client = Target.uniqueName();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final Lanes lanes = new Lanes(this.client, this.tasks::add, CAPACITY, (owed) -> {
	});

	private final Lane lane = this.lanes.create("lane", 1)[0];

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final HandlerSubscription subscription = subscription((message) -> this.handled.add(message.topic()));

	private HandlerSubscription subscription(MqttMessageHandler handler) {
		Subscriber subscriber = mock();
		given(subscriber.guard()).willReturn(new Guard(new SerialTasks(Runnable::run, () -> {
		}), this.lanes));
		return new HandlerSubscription(SubscribeOptions.of("#", MqttQos.AT_MOST_ONCE), handler, subscriber,
				new Lane[] { this.lane });
	}

	private Arrival message(Object topic) {
		return new Arrival(MqttMessage.of(topic.toString(), "x"), null, List.of(this.subscription));
	}

	private void put(Object topic) {
		this.lane.put(message(topic), this.subscription);
	}

	private void fill() {
		IntStream.rangeClosed(1, CAPACITY).forEach(this::put);
	}

	private void runTasks() {
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove().run();
	}

	/**
	 * Put one more on a thread of its own, and return when that waits for room.
	 */
	private CompletableFuture<Void> putThatWaits(Object topic) {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<Void> put = Background.run(() -> {
			thread.complete(Thread.currentThread());
			put(topic);
		});
		Awaitility.await().until(() -> thread.join().getState() == Thread.State.WAITING);
		assertThat(put).isNotDone();
		return put;
	}

	@Test
	void messagesAreHandledInOrderByOneTask() {
		fill();
		runTasks();
		assertThat(this.handled).containsExactly("1", "2", "3", "4");
		put(5);
		runTasks();
		assertThat(this.handled).endsWith("5");
	}

	@Test
	void readerWaitsWhileTheLaneIsFullAndGoesOnWhenHalfOfItIsHandled() throws Exception {
		AtomicReference<CompletableFuture<Void>> waiting = new AtomicReference<>();
		List<Boolean> waits = new ArrayList<>();
		HandlerSubscription watching = subscription((message) -> waits.add(!waiting.get().isDone()));
		IntStream.rangeClosed(1, CAPACITY).forEach((topic) -> this.lane.put(message(topic), watching));
		waiting.set(putThatWaits("last"));
		runTasks();
		waiting.get().get(5, TimeUnit.SECONDS);
		assertThat(waits.get(0)).as("three of four are left").isTrue();
		assertThat(this.lanes.heldBack()).isZero();
	}

	@Test
	void handlerThatWaitsForTheBrokerLetsTheReaderGoOn() throws Exception {
		fill();
		CompletableFuture<Void> waiting = putThatWaits("more");
		long begin = this.lanes.beginWait();
		waiting.get(5, TimeUnit.SECONDS);
		put("and more");
		assertThat(this.lanes.heldBack()).isEqualTo(2);
		assertThat(this.lanes.hasOverflowed(begin)).isFalse();
		this.lanes.endWait();
		CompletableFuture<Void> bounded = putThatWaits("last"); // again
		runTasks();
		bounded.get(5, TimeUnit.SECONDS);
	}

	@Test
	void readerStopsAllTheSameAt16MebibytesAndWhoWaitsIsTold() throws Exception {
		byte[] payload = new byte[(int) (Lanes.MOST_HELD_BACK / 8)];
		long begin = this.lanes.beginWait();
		for (int i = 0; i < 8; i++) {
			this.lane.put(new Arrival(MqttMessage.of("large", payload), null, List.of(this.subscription)),
					this.subscription);
		}
		assertThat(this.lanes.hasOverflowed(begin)).isFalse();
		try (CapturedLog log = new CapturedLog(this.client)) {
			CompletableFuture<Void> waiting = putThatWaits("too much");
			assertThat(this.lanes.hasOverflowed(begin)).isTrue();
			assertThat(this.lanes.overflow()).hasMessageContaining("16,777,216 bytes of messages are held for a lane");
			long late = this.lanes.beginWait(); // cannot end well either
			Awaitility.await().until(() -> this.lanes.hasOverflowed(late));
			assertThat(log.lines(Level.WARN)).singleElement(InstanceOfAssertFactories.STRING)
				.contains("the reader stops although a handler waits for the broker");
			runTasks();
			waiting.get(5, TimeUnit.SECONDS);
		}
	}

	@Test
	void laneWithoutAThreadKeepsItsMessagesUntilThereIsOne() {
		AtomicBoolean exhausted = new AtomicBoolean(true);
		Lanes poor = new Lanes(this.client, (task) -> {
			if (exhausted.get()) {
				throw new OutOfMemoryError("of the test, to be logged: unable to create native thread");
			}
			task.run();
		}, CAPACITY, (owed) -> {
		});
		Lane lane = poor.create("poor", 1)[0];
		lane.put(message(1), this.subscription);
		assertThat(this.handled).isEmpty();
		exhausted.set(false);
		lane.put(message(2), this.subscription);
		assertThat(this.handled).containsExactly("1", "2");
	}

	@Test
	void laneOfASubscriptionThatEndsHoldsNobodyUpAndHandlesNothingMore() throws Exception {
		fill();
		CompletableFuture<Void> waiting = putThatWaits("more");
		this.subscription.deactivate();
		this.lanes.remove(new Lane[] { this.lane });
		waiting.get(5, TimeUnit.SECONDS);
		runTasks();
		assertThat(this.handled).isEmpty();
	}

	@Test
	void stoppedLaneTellsWhatItLeavesAndTakesNothingMore() throws Exception {
		fill();
		CompletableFuture<Void> waiting = putThatWaits("more");
		assertThat(this.lanes.stop()).isEqualTo(CAPACITY);
		waiting.get(5, TimeUnit.SECONDS);
		put("late");
		runTasks();
		assertThat(this.handled).isEmpty();
		assertThat(this.lanes.stop()).isZero();
	}

	@Test
	void messageThatIsBeingHandledCountsAsLeftButNotForItsOwnHandler() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		List<Integer> leftInside = new CopyOnWriteArrayList<>();
		HandlerSubscription slow = subscription((message) -> {
			begun.countDown();
			end.await();
			leftInside.add(this.lanes.stop());
		});
		this.lane.put(message(1), slow);
		this.lane.put(message(2), slow);
		CompletableFuture<Void> running = Background.run(this.tasks.remove());
		begun.await();
		assertThat(this.lanes.busy()).isOne();
		this.lane.awaitIdle(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1)); // over
		assertThat(this.lanes.stop()).isEqualTo(2);
		end.countDown();
		running.get(5, TimeUnit.SECONDS);
		this.lane.awaitIdle(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
		assertThat(leftInside).containsExactly(0);
		assertThat(this.lanes.busy()).isZero();
	}

	@Test
	void handlerThatFailsIsLoggedAndTheNextMessageIsHandled() {
		HandlerSubscription failing = subscription((message) -> {
			Thread.currentThread().interrupt();
			throw new LinkageError("of the test, to be logged");
		});
		try (CapturedLog log = new CapturedLog(this.client)) {
			this.lane.put(message("fleet/7"), failing);
			this.lane.put(message("next"), subscription(
					(message) -> this.handled.add("interrupted: " + Thread.currentThread().isInterrupted())));
			runTasks();
			assertThat(log.lines(Level.ERROR))
				.containsExactly(this.client + ": handler 'lane' failed on a message of topic 'fleet/7' (QoS 0)");
		}
		assertThat(this.handled).containsExactly("interrupted: false");
	}

	@Test
	void handlerKnowsThatItRunsOnALaneOfThisClient() {
		Lanes others = new Lanes("other", Runnable::run, CAPACITY, (owed) -> {
		});
		List<Boolean> current = new ArrayList<>();
		this.lane.put(message(1), subscription((message) -> {
			current.add(this.lanes.isCurrent());
			current.add(others.isCurrent());
		}));
		runTasks();
		assertThat(current).containsExactly(true, false);
		assertThat(this.lanes.isCurrent()).isFalse();
	}

}
