package io.mqttspring.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Other people's code, one after the other.
 */
class SerialTasksTests {

	private final Queue<Runnable> handedOver = new ArrayDeque<>();

	private final AtomicInteger idle = new AtomicInteger();

	private final SerialTasks tasks = new SerialTasks(this.handedOver::add, this.idle::incrementAndGet);

	private final List<String> done = new ArrayList<>();

	private void add(String name) {
		this.tasks.add(() -> this.done.add(name));
	}

	private void runHandedOver() {
		assertThat(this.handedOver).hasSize(1);
		this.handedOver.remove().run();
	}

	@Test
	void nothingIsHandedOverBeforeFlush() {
		add("1");
		add("2");
		assertThat(this.handedOver).isEmpty();
		assertThat(this.tasks.size()).isEqualTo(2);
		this.tasks.flush();
		this.tasks.flush(); // hands nothing over twice
		runHandedOver();
		assertThat(this.done).containsExactly("1", "2");
		assertThat(this.tasks.size()).isZero();
		assertThat(this.idle).hasValue(1);
	}

	@Test
	void nothingIsHandedOverWhereThereIsNothing() {
		this.tasks.flush();
		assertThat(this.handedOver).isEmpty();
	}

	@Test
	void whatIsAddedByATaskRunsAfterThoseBeforeIt() {
		this.tasks.add(() -> {
			this.done.add("1");
			add("3");
			this.tasks.flush();
		});
		add("2");
		this.tasks.flush();
		runHandedOver();
		assertThat(this.done).containsExactly("1", "2", "3");
		assertThat(this.handedOver).isEmpty();
	}

	@Test
	void failingTaskLeavesTheOthersAlone() {
		this.tasks.add(() -> {
			throw new AssertionError("of the test, to be logged");
		});
		add("2");
		this.tasks.flush();
		runHandedOver();
		assertThat(this.done).containsExactly("2");
		assertThat(this.idle).hasValue(1);
		add("3");
		this.tasks.flush();
		runHandedOver();
		assertThat(this.done).containsExactly("2", "3");
	}

	@Test
	void taskThatInterruptsItsThreadInterruptsNoOther() {
		this.tasks.add(Thread.currentThread()::interrupt);
		this.tasks.add(() -> this.done.add("interrupted: " + Thread.currentThread().isInterrupted()));
		this.tasks.flush();
		runHandedOver();
		assertThat(this.done).containsExactly("interrupted: false");
	}

	@Test
	void taskKnowsThatItIsOne() {
		this.tasks.add(() -> this.done.add("inside: " + this.tasks.isCurrent()));
		this.tasks.flush();
		assertThat(this.tasks.isCurrent()).isFalse();
		runHandedOver();
		assertThat(this.done).containsExactly("inside: true");
		assertThat(this.tasks.isCurrent()).isFalse();
	}

	@Test
	void tasksWithoutAThreadWaitUntilThereIsOne() {
		AtomicBoolean exhausted = new AtomicBoolean(true);
		SerialTasks poor = new SerialTasks((task) -> {
			if (exhausted.get()) {
				throw new OutOfMemoryError("of the test, to be logged: unable to create native thread");
			}
			task.run();
		}, () -> {
		});
		poor.add(() -> this.done.add("1"));
		poor.flush();
		assertThat(this.done).isEmpty();
		exhausted.set(false);
		poor.add(() -> this.done.add("2"));
		poor.flush();
		assertThat(this.done).containsExactly("1", "2");
	}

	@Test
	void tasksOfManyThreadsRunOneAtATimeAndInTheOrderOfEach() throws Exception {
		int threads = 4;
		int each = 5_000;
		ExecutorService executor = Executors.newFixedThreadPool(2 * threads);
		try {
			SerialTasks serial = new SerialTasks(executor, () -> {
			});
			AtomicInteger running = new AtomicInteger();
			List<Integer> order = new ArrayList<>(); // safe only if it is one at a time
			Queue<String> wrong = new ConcurrentLinkedQueue<>();
			CompletableFuture<?>[] adding = IntStream.range(0, threads)
				.mapToObj((thread) -> CompletableFuture.runAsync(() -> {
					for (int i = 0; i < each; i++) {
						int number = thread * each + i;
						serial.add(() -> {
							if (running.incrementAndGet() != 1) {
								wrong.add(number + " is not alone");
							}
							order.add(number);
							running.decrementAndGet();
						});
						serial.flush();
					}
				}, executor))
				.toArray(CompletableFuture<?>[]::new);
			CompletableFuture.allOf(adding).get(20, TimeUnit.SECONDS);
			CompletableFuture<Void> last = new CompletableFuture<>();
			serial.add(() -> last.complete(null));
			serial.flush();
			last.get(20, TimeUnit.SECONDS);
			assertThat(wrong).isEmpty();
			for (int thread = 0; thread < threads; thread++) {
				int from = thread * each;
				assertThat(order.stream().filter((number) -> number >= from && number < from + each)).hasSize(each)
					.isSorted();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

}
