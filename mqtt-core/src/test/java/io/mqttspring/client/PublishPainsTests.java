package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.mqttspring.client.OutboundOptions.WhenFull;
import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.MosquittoBroker;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.ScriptedBroker.Packet;
import io.mqttspring.client.testing.Target;
import io.mqttspring.client.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/**
 * PAINS of those who publish: 1 (bursts), 2 (publishing while disconnected), 27 (what
 * waited, after a reconnect).
 */
@Timeout(60)
class PublishPainsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final String topic = "pains/" + Target.uniqueName();

	// ---- 1. "Too many publishes in progress (32202)": Paho #551, #993, #509;
	// tocrhz/mqtt-spring-boot-starter #3, openhab-core #970, aws-sdk-android #2108

	@Test
	void pain01_burstBeyondTheBrokersReceiveMaximumWaitsInsteadOfFailing() throws Exception {
		int count = 50;
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			Link link = broker.accept("20 06 00 00 03 21 00 02"); // Receive Maximum 2
			connected.get();
			List<Delivery> deliveries = IntStream.range(0, count)
				.mapToObj((i) -> client.publish(message(Integer.toString(i), MqttQos.AT_LEAST_ONCE)))
				.toList();
			Packet first = link.expect(ScriptedBroker.PUBLISH);
			Packet second = link.expect(ScriptedBroker.PUBLISH);
			assertNothingButPing(client, link);
			link.acknowledge(first);
			Packet next = link.expect(ScriptedBroker.PUBLISH);
			assertNothingButPing(client, link);
			link.acknowledge(second);
			for (int i = 3; i < count; i++) {
				link.acknowledge(next);
				next = link.expect(ScriptedBroker.PUBLISH);
				assertThat(next.payload(true)).isEqualTo(Integer.toString(i));
			}
			link.acknowledge(next);
			Packet unacknowledged = next;
			assertThat(unacknowledged.payload(true)).isEqualTo(Integer.toString(count - 1));
			assertThat(deliveries.get(0).awaitAcknowledged(LIMIT).failure()).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource
	void pain01_ownLimitOfMessagesInFlightHoldsInEitherVersion(MqttVersion version) throws Exception {
		boolean v5 = version == MqttVersion.MQTT_5;
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(version)
					.outbound(OutboundOptions.DEFAULTS.withMaxInFlight(3))
					.build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			Link link = broker.accept(v5 ? ScriptedBroker.CONNACK_5 : ScriptedBroker.CONNACK_3);
			connected.get();
			List<Packet> inFlight = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				client.publish(message(Integer.toString(i), MqttQos.AT_LEAST_ONCE));
			}
			for (int i = 0; i < 3; i++) {
				inFlight.add(link.expect(ScriptedBroker.PUBLISH));
			}
			assertNothingButPing(client, link);
			assertThat(client.status().inFlight().awaitingPuback()).isEqualTo(3);
			assertThat(client.status().queue().messages()).isEqualTo(7);
			link.acknowledge(inFlight.get(0));
			assertThat(link.expect(ScriptedBroker.PUBLISH).payload(v5)).isEqualTo("3");
		}
	}

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain01_burstFromManyThreadsThroughASmallQueueLosesNothing(Target target) throws Exception {
		int threads = 4;
		int each = 500;
		Inbox inbox = new Inbox();
		try (MqttClient subscriber = target.client().build();
				MqttClient client = target.client()
					.outbound(OutboundOptions.DEFAULTS.withMaxInFlight(5).withQueue(10, 10_000))
					.build()) {
			subscriber.connect();
			subscriber.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox);
			client.connect();
			ExecutorService executor = Executors.newFixedThreadPool(threads);
			try {
				List<Future<?>> burst = new ArrayList<>();
				for (int thread = 0; thread < threads; thread++) {
					String name = "thread " + thread + " message ";
					MqttQos qos = MqttQos.of(thread % 3);
					burst.add(executor
						.submit(() -> IntStream.range(0, each).forEach((i) -> client.publish(message(name + i, qos)))));
				}
				for (Future<?> one : burst) {
					one.get();
				}
			}
			finally {
				executor.shutdownNow();
			}
			List<String> arrived = inbox.await(threads * each);
			assertThat(arrived).hasSize(threads * each).doesNotHaveDuplicates();
			for (int thread = 0; target.keepsOrderOfBursts() && thread < threads; thread++) {
				String name = "thread " + thread + " message ";
				assertThat(arrived.stream().filter((payload) -> payload.startsWith(name)))
					.containsExactlyElementsOf(IntStream.range(0, each).mapToObj((i) -> name + i).toList());
			}
			assertThat(client.statistics().accepted()).isEqualTo(threads * each);
			assertThat(client.statistics().dropped()).isEmpty();
		}
	}

	@Test
	void pain01_fullQueueFailsOnlyByPolicyAndTellsWhatIsFull() {
		try (MqttClient client = unreachable()
			.outbound(OutboundOptions.DEFAULTS.withQueue(3, 1000).withWhenFull(WhenFull.FAIL))
			.build()) {
			client.start();
			IntStream.range(0, 3).forEach((i) -> client.publish(message("x", MqttQos.AT_LEAST_ONCE)));
			assertThatExceptionOfType(MqttQueueFullException.class)
				.isThrownBy(() -> client.publish(message("x", MqttQos.AT_LEAST_ONCE)))
				.withMessageContaining("3 of 3 messages")
				.withMessageContaining("mqtt.outbound.queue");
		}
	}

	// ---- 2. "Async" publish blocks for ever while disconnected: HiveMQ client #554,
	// #620, #801, #416, #706

	@Test
	void pain02_publishWhileDisconnectedReturnsAtOnceWhileThereIsRoom() {
		try (MqttClient client = unreachable().build()) {
			client.start();
			long begin = System.nanoTime();
			Delivery delivery = client.publish(message("x", MqttQos.AT_LEAST_ONCE));
			assertThat(elapsedSince(begin)).isLessThan(Duration.ofSeconds(2));
			assertThat(delivery.isDone()).isFalse();
			assertThat(client.status().queue().messages()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void pain02_publishWhileDisconnectedFailsAtItsTimeout(Wait wait) {
		Duration timeout = Duration.ofMillis(200);
		try (MqttClient client = unreachable()
			.outbound(OutboundOptions.DEFAULTS.withQueue(2, 1000).withTimeout(timeout))
			.build()) {
			client.start();
			IntStream.range(0, 2).forEach((i) -> client.publish(message("x", MqttQos.AT_LEAST_ONCE)));
			long begin = System.nanoTime();
			assertThatExceptionOfType(MqttQueueFullException.class)
				.isThrownBy(() -> client.publish(message("y", MqttQos.AT_LEAST_ONCE), wait))
				.withMessageContaining("not connected");
			assertThat(elapsedSince(begin)).isBetween(timeout, Duration.ofSeconds(5));
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void pain02_waitForADeliveryWhileDisconnectedEndsAtTheTimeoutAndTheMessageIsNotGivenUp(Wait wait) {
		try (MqttClient client = unreachable().outbound(OutboundOptions.DEFAULTS.withTimeout(Duration.ofMillis(200)))
			.build()) {
			client.start();
			assertThatExceptionOfType(MqttTimeoutException.class)
				.isThrownBy(() -> client.publish(message("x", MqttQos.AT_LEAST_ONCE), wait))
				.withMessageContaining(this.topic);
			assertThat(client.status().queue().messages()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void pain02_publishThatWaitsWhileDisconnectedIsInterruptible(Wait wait) throws Exception {
		try (MqttClient client = unreachable().outbound(OutboundOptions.DEFAULTS.withQueue(1, 1000)).build()) {
			client.start();
			client.publish(message("x", MqttQos.AT_LEAST_ONCE));
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			Thread publisher = new Thread(() -> {
				try {
					client.publish(message("y", MqttQos.AT_LEAST_ONCE), wait);
					interrupted.completeExceptionally(new AssertionError("It was published"));
				}
				catch (MqttException ex) {
					interrupted.complete(Thread.currentThread().isInterrupted());
				}
			});
			publisher.start();
			Awaitility.await().atMost(LIMIT).until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
			publisher.interrupt();
			assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
			assertThat(client.statistics().accepted()).isEqualTo(1);
		}
	}

	@Test
	void pain02_closeFreesWhoWaitsForRoom() throws Exception {
		MqttClient client = unreachable().outbound(OutboundOptions.DEFAULTS.withQueue(1, 1000)).build();
		client.start();
		Delivery first = client.publish(message("x", MqttQos.AT_LEAST_ONCE));
		CompletableFuture<Void> second = Background.run(() -> client.publish(message("y", MqttQos.AT_LEAST_ONCE)));
		client.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> second.get(5, TimeUnit.SECONDS))
			.withCauseInstanceOf(MqttException.class)
			.withMessageContaining("is closed");
		assertThat(first.failure()).isInstanceOf(MqttPublishException.class);
		assertThat(client.statistics().dropped()).containsEntry(MqttDropCause.CLOSED, 1L);
	}

	@Test
	void pain02_whatWaitsWhileDisconnectedStaysUnderItsLimitsAndIsAllDelivered() throws Exception {
		int threads = 8;
		int limit = 100;
		int size = this.topic.length() + 50;
		AtomicInteger accepted = new AtomicInteger();
		try (ScriptedBroker broker = new ScriptedBroker();
				TcpProxy line = new TcpProxy(broker.port());
				MqttClient client = MqttClient.builder(line.uri())
					.version(MqttVersion.MQTT_5)
					.reconnect(Target.soon())
					.outbound(
							OutboundOptions.DEFAULTS.withQueue(10_000, (long) limit * size).withWhenFull(WhenFull.FAIL))
					.build()) {
			line.down();
			client.start();
			ExecutorService executor = Executors.newFixedThreadPool(threads);
			CountDownLatch over = new CountDownLatch(threads);
			for (int thread = 0; thread < threads; thread++) {
				executor.execute(() -> {
					for (int i = 0; i < 500; i++) {
						try {
							client.publish(message("x".repeat(50), MqttQos.AT_LEAST_ONCE));
							accepted.incrementAndGet();
						}
						catch (MqttQueueFullException ex) {
							assertThat(client.status().queue().bytes()).isLessThanOrEqualTo((long) limit * size);
						}
					}
					over.countDown();
				});
			}
			assertThat(over.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			executor.shutdownNow();
			assertThat(accepted).hasValue(limit);
			assertThat(client.status().queue()).isEqualTo(new MqttClientStatus.Queue(limit, (long) limit * size));
			line.up();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			for (int i = 0; i < limit; i++) {
				link.acknowledge(link.expect(ScriptedBroker.PUBLISH));
			}
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.statistics().acknowledged().get(MqttQos.AT_LEAST_ONCE) == limit);
			assertThat(client.status().queue()).isEqualTo(new MqttClientStatus.Queue(0, 0));
		}
	}

	/**
	 * The caller that writes its own message to save a hand-over is stuck in the socket
	 * when the broker has stopped to read: its time limit has to hold there too.
	 */
	@ParameterizedTest
	@EnumSource
	void pain02_publishToABrokerThatDoesNotReadIsBoundedByItsTimeout(Wait wait) throws Exception {
		Duration timeout = Duration.ofMillis(500);
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.outbound(OutboundOptions.DEFAULTS.withQueue(1, 1000).withTimeout(timeout))
					.shutdownTimeout(Duration.ofSeconds(1))
					.build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			connected.get();
			byte[] large = new byte[1 << 20];
			MqttMessage message = MqttMessage.of(this.topic, large);
			CompletableFuture<Duration> longest = new CompletableFuture<>();
			Thread publisher = new Thread(() -> {
				long begin = System.nanoTime();
				try {
					for (int i = 0; i < 100; i++) {
						begin = System.nanoTime();
						client.publish(message, wait);
					}
					longest.completeExceptionally(new AssertionError("All was published"));
				}
				catch (MqttTimeoutException | MqttQueueFullException ex) {
					longest.complete(elapsedSince(begin));
				}
				catch (RuntimeException ex) {
					longest.completeExceptionally(ex);
				}
			});
			publisher.setDaemon(true);
			publisher.start();
			assertThat(longest.get(10, TimeUnit.SECONDS)).isBetween(timeout, Duration.ofSeconds(5));
		}
	}

	// ---- 27. Flushing the offline buffer breaks the connection just made: Paho #582,
	// aws-iot-device-sdk-java #47

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain27_thousandsOfWaitingMessagesAreSentInOrderAndTheConnectionLives(Target target) throws Exception {
		int count = 5000;
		Inbox inbox = new Inbox();
		AtomicInteger lost = new AtomicInteger();
		try (TcpProxy line = new TcpProxy(target.broker().port());
				MqttClient subscriber = target.client().build();
				MqttClient client = target.client(line.uri()).clientId(Target.uniqueName()).build()) {
			subscriber.connect();
			subscriber.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox);
			client.connect();
			line.down();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.RECONNECTING);
			client.addListener(new MqttClientListener() {

				@Override
				public void disconnected(MqttClient client, MqttException cause) {
					lost.incrementAndGet();
				}

			});
			for (int i = 0; i < count; i++) {
				client.publish(message(Integer.toString(i), MqttQos.of(i % 3)));
			}
			assertThat(client.status().queue().messages()).isEqualTo(count);
			line.up();
			assertThat(inbox.await(count)).hasSize(count).doesNotHaveDuplicates();
			if (target.keepsOrderOfBursts()) {
				assertEachQosInOrder(inbox, count);
			}
			assertThat(lost).hasValue(0);
			assertThat(client.statistics().connects()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void pain27_waitingMessagesAreSentAfterTheBrokerWasKilledAndStartedAgain(MqttVersion version) {
		int count = 5000;
		Inbox inbox = new Inbox();
		try (MosquittoBroker broker = MosquittoBroker.running("max_queued_messages 0");
				MqttClient subscriber = MqttClient.builder(broker.uri())
					.reconnect(Target.soon())
					.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox)
					.build();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(version)
					.reconnect(Target.soon())
					.build()) {
			subscriber.connect();
			client.connect();
			broker.kill();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.RECONNECTING);
			for (int i = 0; i < count; i++) {
				client.publish(MqttMessage.builder(this.topic)
					.payload(Integer.toString(i).getBytes())
					// Retained, so that nothing depends on which client is back first
					.retained(i == count - 1)
					.build());
			}
			broker.start();
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.statistics().acknowledged().get(MqttQos.AT_LEAST_ONCE) == count);
			List<String> arrived = inbox.await(Integer.toString(count - 1));
			assertThat(arrived).isSortedAccordingTo((a, b) -> Integer.parseInt(a) - Integer.parseInt(b));
			assertThat(client.statistics().connects()).isEqualTo(2);
		}
	}

	/**
	 * On 3.1.1 a broker cannot say how much it takes. Mosquitto closes the connection on
	 * the 21st message in flight, and would again on each one that sends them anew. Those
	 * of QoS 1 it acknowledges at once: they need the room of one.
	 */
	@Test
	void pain27_on311NoMoreThan19MessagesOfQos2AreInFlight() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1).build()) {
			IntStream.range(0, 30).forEach((i) -> client.publish(message(Integer.toString(i), MqttQos.EXACTLY_ONCE)));
			CompletableFuture<Void> connected = client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_3);
			connected.get();
			Packet first = link.expect(ScriptedBroker.PUBLISH);
			IntStream.range(1, 19).forEach((i) -> link.expect(ScriptedBroker.PUBLISH));
			assertNothingButPing(client, link);
			link.send("50 02 %04X".formatted(first.packetId()));
			link.expect("62 02 %04X".formatted(first.packetId()));
			assertNothingButPing(client, link);
			link.send("70 02 %04X".formatted(first.packetId()));
			assertThat(link.expect(ScriptedBroker.PUBLISH).payload(false)).isEqualTo("19");
			assertNothingButPing(client, link);
		}
	}

	@Test
	void pain02_messageThatExpiresLetsAWaitingPublisherIn() throws Exception {
		try (MqttClient client = unreachable().outbound(OutboundOptions.DEFAULTS.withQueue(1, 1000)).build()) {
			client.start();
			client.publish(MqttMessage.builder("x").messageExpiry(Duration.ofSeconds(1)).build());
			CompletableFuture<Delivery> second = Background
				.supply(() -> client.publish(message("y", MqttQos.AT_LEAST_ONCE)));
			assertThat(second).succeedsWithin(Duration.ofSeconds(10));
			assertThat(client.statistics().dropped()).containsEntry(MqttDropCause.EXPIRED, 1L);
		}
	}

	@Test
	void pain10_callbackThatPublishesDoesNotWaitForOtherCallbacks() throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		CountDownLatch all = new CountDownLatch(1);
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.outbound(OutboundOptions.DEFAULTS.withQueue(1, 1000))
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().until(() -> client.status().state() == MqttClientState.CONNECTED);
			client.publish(message("0", MqttQos.AT_LEAST_ONCE), (delivery) -> {
				awaitQuietly(all);
				client.publish(message("from the callback", MqttQos.AT_LEAST_ONCE));
				called.complete(null);
			});
			client.publish(message("1", MqttQos.AT_LEAST_ONCE), (delivery) -> {
			});
			client.publish(message("2", MqttQos.AT_LEAST_ONCE), (delivery) -> {
			});
			client.publish(message("3", MqttQos.AT_LEAST_ONCE), (delivery) -> {
			});
			for (int i = 0; i < 4; i++) {
				link.acknowledge(link.expect(ScriptedBroker.PUBLISH));
			}
			Awaitility.await().until(() -> client.status().inFlight().awaitingPuback() == 0);
			all.countDown();
			assertThat(called).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void deliveryTellsAllThatAsk() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Delivery delivery = client.publish(message("x", MqttQos.AT_LEAST_ONCE), (done) -> told.add("callback"));
			for (int i = 1; i <= 3; i++) {
				String name = "future " + i;
				delivery.acknowledged().thenRun(() -> told.add(name));
			}
			CompletableFuture<Delivery> waiting = Background
				.supply(() -> delivery.awaitAcknowledged(Duration.ofSeconds(20)));
			link.acknowledge(link.expect(ScriptedBroker.PUBLISH));
			assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
			Awaitility.await()
				.untilAsserted(() -> assertThat(told).containsExactly("callback", "future 1", "future 2", "future 3"));
		}
	}

	@Test
	void interruptedWaitKeepsTheInterrupt() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().until(() -> client.status().state() == MqttClientState.CONNECTED);
			List<Runnable> waits = List.of(() -> client.publish(message("x", MqttQos.AT_LEAST_ONCE), Wait.ACKNOWLEDGED),
					() -> client.subscribe("a", MqttQos.AT_LEAST_ONCE, new Inbox()), client::ping);
			for (Runnable wait : waits) {
				assertThat(Background.supply(() -> {
					Thread.currentThread().interrupt();
					assertThatExceptionOfType(MqttException.class).isThrownBy(wait::run)
						.withMessageContaining("interrupted");
					return Thread.currentThread().isInterrupted();
				})).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
			}
		}
	}

	@Test
	void messageThatFailsAndThatNobodyWaitsForIsTold() throws Exception {
		String name = Target.uniqueName();
		try (ScriptedBroker broker = new ScriptedBroker();
				CapturedLog log = new CapturedLog(name);
				MqttClient client = MqttClient.builder(broker.uri())
					.name(name)
					.version(MqttVersion.MQTT_5)
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			for (int i = 0; i < 3; i++) {
				Delivery delivery = client.publish(message("x", MqttQos.AT_LEAST_ONCE));
				link.send("40 03 %04X 87".formatted(link.expect(ScriptedBroker.PUBLISH).packetId()));
				Awaitility.await().until(delivery::isDone);
			}
			CompletableFuture<Delivery> asked = client.publish(message("x", MqttQos.AT_LEAST_ONCE)).acknowledged();
			link.send("40 03 %04X 87".formatted(link.expect(ScriptedBroker.PUBLISH).packetId()));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> asked.get(10, TimeUnit.SECONDS));
			assertThat(log.lines(Level.WARN)).singleElement(STRING)
				.contains("was refused by the broker: NOT_AUTHORIZED (0x87)", "nobody waits for it");
			assertThat(client.statistics().failed()).isEqualTo(4);
		}
	}

	// ---- 10. beside Pain10DeadlockTests: what cannot work is told

	@Test
	void pain10_callbackThatWaitsForAFutureIsToldThatItWaitsForItself() throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			client.publish(message("1", MqttQos.AT_LEAST_ONCE), (delivery) -> {
				try {
					client.publish(message("2", MqttQos.AT_LEAST_ONCE))
						.acknowledged()
						.thenApply(Delivery::isDone)
						.join();
				}
				catch (Throwable ex) {
					called.completeExceptionally(ex);
				}
			});
			link.acknowledge(link.expect(ScriptedBroker.PUBLISH));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> called.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(IllegalStateException.class)
				.withMessageContaining("A callback or listener waits for a future");
		}
	}

	/**
	 * Show that the client sends nothing by itself: of what it writes after a ping was
	 * asked for, PINGREQ is the first.
	 */
	static void assertNothingButPing(MqttClient client, Link link) throws Exception {
		// The broker has sent CONNACK; without a connection there is no ping
		Awaitility.await().until(() -> client.status().state() == MqttClientState.CONNECTED);
		CompletableFuture<Duration> ping = Background.supply(client::ping);
		link.expect("C0 00");
		link.send("D0 00");
		assertThat(ping.get(10, TimeUnit.SECONDS)).isPositive();
	}

	private MqttMessage message(String payload, MqttQos qos) {
		return MqttMessage.builder(this.topic).payload(payload.getBytes()).qos(qos).build();
	}

	private static MqttClientBuilder client(ScriptedBroker broker) {
		return MqttClient.builder(broker.uri()).reconnect(Target.soon()).shutdownTimeout(Duration.ZERO);
	}

	private static MqttClientBuilder unreachable() {
		return MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.reconnect(Target.soon())
			.shutdownTimeout(Duration.ZERO);
	}

	private static void assertEachQosInOrder(Inbox inbox, int count) {
		for (MqttQos qos : MqttQos.values()) { // a broker keeps the order of each
			assertThat(inbox.messages().stream().filter((one) -> one.qos() == qos).map(MqttMessage::payloadAsString))
				.containsExactlyElementsOf(IntStream.range(0, count)
					.filter((i) -> i % 3 == qos.level())
					.mapToObj(Integer::toString)
					.toList());
		}
	}

	private static Duration elapsedSince(long begin) {
		return Duration.ofNanos(System.nanoTime() - begin);
	}

}
