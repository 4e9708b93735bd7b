package io.mqttspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.Leftovers;
import io.mqttspring.client.testing.MosquittoBroker;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.ScriptedBroker.Packet;
import io.mqttspring.client.testing.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * PAINS of the connection itself: 14 (QoS 0 dropped inside the client), 19 (threads and
 * sockets left behind), 20 (dead connections noticed late).
 */
@Timeout(60)
class ConnectionPainsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final String topic = "pains/" + Target.uniqueName();

	private final String name = Target.uniqueName();

	// ---- 14. QoS 0 messages are dropped inside the client: HiveMQ client #547, #164

	@ParameterizedTest
	@EnumSource
	void pain14_burstOfQos0ToASlowHandlerStopsTheReaderAndLosesNothing(MqttVersion version) throws Exception {
		int count = 100_000;
		boolean v5 = version == MqttVersion.MQTT_5;
		CountDownLatch slow = new CountDownLatch(1);
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(version)
					.socket(SocketOptions.DEFAULTS.withReceiveBuffer(32 << 10))
					.shutdownTimeout(Duration.ZERO)
					.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
						slow.await();
						inbox.handle(message);
					})
					.build()) {
			client.connectAsync();
			Link link = broker.accept(v5 ? ScriptedBroker.CONNACK_5 : ScriptedBroker.CONNACK_3);
			link.expect(ScriptedBroker.SUBSCRIBE);
			CompletableFuture<Void> sent = Background.run(() -> {
				for (int i = 0; i < count; i++) {
					link.send(ScriptedBroker.publish(v5, this.topic, "%06d%s".formatted(i, ".".repeat(80))));
				}
			});
			AtomicLong before = new AtomicLong();
			Awaitility.await("the reader stops").pollInterval(Duration.ofMillis(300)).atMost(LIMIT).until(() -> {
				long now = client.statistics().bytesIn();
				return now > 0 && now == before.getAndSet(now);
			});
			// What has been read and not handled is bounded: the broker has to wait
			assertThat(client.statistics().received().get(MqttQos.AT_MOST_ONCE)).isLessThan(10_000);
			assertThat(sent).isNotDone();
			slow.countDown();
			sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
			List<String> arrived = inbox.await(count);
			assertThat(arrived.stream().map((payload) -> Integer.parseInt(payload.substring(0, 6))))
				.containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
			assertThat(client.statistics().dropped()).isEmpty();
			assertThat(client.statistics().heldBack()).isZero();
		}
	}

	@Test
	void pain14_stuckHandlerHoldsUpNoReconnectAndBackPressureIsThereAgainAfterIt() throws Exception {
		int capacity = 4;
		CountDownLatch stuck = new CountDownLatch(1);
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					// by its PINGREQ the loss is noticed
					.keepAlive(Duration.ofSeconds(1))
					.reconnect(Target.soon())
					.inbound(InboundOptions.DEFAULTS.withLaneCapacity(capacity))
					.shutdownTimeout(Duration.ZERO)
					.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
						stuck.await();
						inbox.handle(message);
					})
					.build()) {
			client.start();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			for (int i = 0; i < 10; i++) {
				link.send(ScriptedBroker.publish(true, this.topic, "1"));
			}
			// All that the lane takes, and one at its door
			Awaitility.await().atMost(LIMIT).until(() -> receivedOf(client) > capacity);
			link.cut();
			Link next = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			long heldBack = client.statistics().heldBack();
			long before = receivedOf(client);
			for (int i = 0; i < 50; i++) {
				next.send(ScriptedBroker.publish(true, this.topic, "2"));
			}
			Awaitility.await().atMost(LIMIT).until(() -> receivedOf(client) > before);
			assertThat(client.statistics().heldBack()).isEqualTo(heldBack);
			stuck.countDown();
			Awaitility.await().atMost(LIMIT).until(() -> inbox.payloads().stream().filter("2"::equals).count() == 50);
			assertThat(client.statistics().heldBack()).isEqualTo(heldBack);
		}
	}

	private static long receivedOf(MqttClient client) {
		return client.statistics().received().getOrDefault(MqttQos.AT_MOST_ONCE, 0L);
	}

	@ParameterizedTest
	@EnumSource
	void pain14_burstOfQos0ThroughMosquittoLosesNothing(MqttVersion version) {
		int count = 100_000;
		AtomicInteger handled = new AtomicInteger();
		Inbox inbox = new Inbox();
		try (MosquittoBroker broker = MosquittoBroker.running("max_queued_messages 0");
				MqttClient publisher = MqttClient.builder(broker.uri()).version(version).build();
				MqttClient client = MqttClient.builder(broker.uri()).version(version).build()) {
			publisher.connect();
			client.connect();
			client.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
				if (handled.getAndIncrement() % 10_000 == 0) { // slower than the broker
					Awaitility.await().pollDelay(Duration.ofMillis(50)).until(() -> true);
				}
				inbox.handle(message);
			});
			IntStream.range(0, count)
				.forEach((i) -> publisher.publish(MqttMessage.builder(this.topic)
					.payload(Integer.toString(i).getBytes())
					.qos(MqttQos.AT_MOST_ONCE)
					.build()));
			assertThat(inbox.await(count)).isEqualTo(IntStream.range(0, count).mapToObj(Integer::toString).toList());
			assertThat(publisher.statistics().dropped()).isEmpty();
			assertThat(client.statistics().dropped()).isEmpty();
		}
	}

	// ---- 19. Thread and client leaks on close or failed connect: Paho #654, #1093,
	// #850, #399, #402, eclipse-ditto #450, HiveMQ client #366

	@Test
	void pain19_failedConnectsLeaveNoThreadAndNoSocket() {
		Assumptions.assumeTrue(Leftovers.canCountSockets(), "sockets are counted in /proc/self/net");
		int port = FreePort.next();
		try (MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + port).name(this.name).build()) {
			for (int i = 0; i < 200; i++) {
				assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect);
			}
		}
		awaitNothingLeft(port);
	}

	/**
	 * Who catches the exception of connect and forgets the client, as many do, has not
	 * leaked a thread by it.
	 */
	@Test
	void pain19_failedConnectLeavesNoThreadWithoutClose() {
		Assumptions.assumeTrue(Leftovers.canCountSockets(), "sockets are counted in /proc/self/net");
		int port = FreePort.next();
		for (int i = 0; i < 20; i++) {
			MqttClient forgotten = MqttClient.builder("mqtt://127.0.0.1:" + port).name(this.name).build();
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(forgotten::connect);
		}
		awaitNothingLeft(port);
	}

	@Test
	void pain19_refusedConnectsLeaveNoThreadAndNoSocket() throws Exception {
		Assumptions.assumeTrue(Leftovers.canCountSockets(), "sockets are counted in /proc/self/net");
		try (ScriptedBroker broker = new ScriptedBroker()) {
			try (MqttClient client = MqttClient.builder(broker.uri())
				.name(this.name)
				.version(MqttVersion.MQTT_5)
				.build()) {
				for (int i = 0; i < 50; i++) {
					CompletableFuture<Void> connect = Background.run(client::connect);
					Link link = broker.accept("20 03 00 87 00");
					link.readToEnd();
					link.cut();
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(connect::get)
						.withCauseInstanceOf(MqttConnectException.class);
				}
			}
			awaitNothingLeft(broker.port());
		}
	}

	@Test
	void pain19_cyclesOfConnectAndCloseLeaveNoThreadAndNoSocket() {
		Assumptions.assumeTrue(Leftovers.canCountSockets(), "sockets are counted in /proc/self/net");
		try (MosquittoBroker broker = MosquittoBroker.running()) {
			for (int i = 0; i < 100; i++) {
				try (MqttClient client = MqttClient.builder(broker.uri())
					.name(this.name)
					.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, new Inbox())
					.build()) {
					client.connect();
					client.publish(MqttMessage.of(this.topic, "x"), Wait.ACKNOWLEDGED);
				}
			}
			awaitNothingLeft(broker.port());
		}
	}

	@Test
	void pain19_cyclesOfConnectAndDisconnectLeaveNoSocket() {
		Assumptions.assumeTrue(Leftovers.canCountSockets(), "sockets are counted in /proc/self/net");
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri()).name(this.name).build()) {
			for (int i = 0; i < 50; i++) {
				client.connect();
				client.disconnect();
			}
			Awaitility.await().atMost(LIMIT).until(() -> Leftovers.socketsTo(broker.port()) == 0);
			assertThat(Leftovers.threads(this.name)).filteredOn((thread) -> thread.endsWith("-reader")).isEmpty();
		}
	}

	private void awaitNothingLeft(int port) {
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(Leftovers.threads(this.name)).isEmpty());
		assertThat(Leftovers.socketsTo(port)).isZero();
	}

	// ---- 20. A dead connection is noticed after 15 to 20 minutes: Paho #891, #770

	@ParameterizedTest
	@EnumSource
	void pain20_frozenBrokerIsNoticedAtOneAndAHalfTimesTheKeepAlive(MqttVersion version) throws Exception {
		CompletableFuture<MqttException> lost = new CompletableFuture<>();
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(version)
					.keepAlive(Duration.ofSeconds(1))
					.reconnect(Target.soon())
					.listener(lossInto(lost))
					.build()) {
			client.connect();
			broker.freeze();
			long frozen = System.nanoTime();
			MqttException cause = lost.get(10, TimeUnit.SECONDS);
			// The last sign of life was some time before the freeze
			assertThat(elapsedSince(frozen)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(4500));
			assertThat(cause).hasMessageContaining("silent");
			assertThat(client.status().state()).isEqualTo(MqttClientState.RECONNECTING);
			assertThat(client.status().lastError()).contains("silent");
			broker.thaw();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
		}
	}

	/**
	 * That one has sent something is no sign of life: the system takes it for a long time
	 * for a broker that is gone.
	 */
	@Test
	void pain20_silentBrokerIsNoticedAlsoByWhoAlwaysPublishes() throws Exception {
		CompletableFuture<MqttException> lost = new CompletableFuture<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.keepAlive(Duration.ofSeconds(1))
					.shutdownTimeout(Duration.ZERO)
					.listener(lossInto(lost))
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			long connected = System.nanoTime();
			Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
				client.publish(MqttMessage.builder(this.topic).qos(MqttQos.AT_MOST_ONCE).build());
				return lost.isDone();
			});
			assertThat(elapsedSince(connected)).isBetween(Duration.ofMillis(1400), Duration.ofMillis(4500));
			assertThat(lost.get()).hasMessageContaining("silent");
			List<Packet> packets = link.readToEnd();
			assertThat(packets).anyMatch((packet) -> packet.is(ScriptedBroker.PINGREQ));
			// Unspecified error: Keep Alive timeout is for the broker to say
			// [MQTT-3.14.2-1]
			assertThat(packets.get(packets.size() - 1).hex()).isIn("E0 01 80", "E0 02 80 00");
		}
	}

	private static List<Target> in5() {
		return Target.all().stream().filter(Target::isV5).toList();
	}

	@ParameterizedTest
	@MethodSource("in5")
	void pain20_idleConnectionIsKeptAlive(Target target) {
		AtomicInteger lost = new AtomicInteger();
		// HiveMQ rounds one and a half times the keep-alive down to whole seconds
		try (MqttClient client = target.client().keepAlive(Duration.ofSeconds(2)).listener(new MqttClientListener() {

			@Override
			public void disconnected(MqttClient client, MqttException cause) {
				lost.incrementAndGet();
			}

		}).build()) {
			client.connect();
			long before = client.statistics().bytesIn();
			// Two PINGRESP of two bytes
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().bytesIn() >= before + 4);
			assertThat(lost).hasValue(0);
			assertThat(client.status().server().keepAlive()).isPositive();
		}
	}

	/**
	 * The broker goes by its own keep-alive: the reader that waits for a slow handler
	 * must not have it believe that this client is dead.
	 */
	@Test
	void pain20_connectionIsKeptAliveWhileTheReaderWaitsForAHandler() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_3_1_1)
					.keepAlive(Duration.ofSeconds(1))
					.shutdownTimeout(Duration.ZERO)
					.inbound(InboundOptions.DEFAULTS.withLaneCapacity(1))
					.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
						slow.await();
						inbox.handle(message);
					})
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_3);
			link.expect(ScriptedBroker.SUBSCRIBE);
			for (int i = 0; i < 10; i++) {
				link.send(ScriptedBroker.publish(false, this.topic, Integer.toString(i)));
			}
			for (int i = 0; i < 3; i++) { // three keep-alives long
				link.expect(ScriptedBroker.PINGREQ);
				link.send("D0 00");
			}
			slow.countDown();
			assertThat(inbox.await(10)).hasSize(10);
			PublishPainsTests.assertNothingButPing(client, link);
			assertThat(client.statistics().connects()).isEqualTo(1);
		}
	}

	@Test
	void pain20_brokerThatDoesNotAnswerConnectIsGivenUpAtTheConnectTimeout() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri()).connectTimeout(Duration.ofMillis(300)).build()) {
			long begin = System.nanoTime();
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageContaining("no answer in time")
				.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
			assertThat(elapsedSince(begin)).isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
			// Silence says nothing of the version
			assertThat(client.status().version()).isEqualTo(MqttVersion.MQTT_5);
		}
	}

	private static MqttClientListener lossInto(CompletableFuture<MqttException> lost) {
		return new MqttClientListener() {

			@Override
			public void disconnected(MqttClient client, MqttException cause) {
				lost.complete(cause);
			}

		};
	}

	private static Duration elapsedSince(long begin) {
		return Duration.ofNanos(System.nanoTime() - begin);
	}

}
