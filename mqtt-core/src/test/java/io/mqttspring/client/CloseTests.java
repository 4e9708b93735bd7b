package io.mqttspring.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.Leftovers;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.ScriptedBroker.Packet;
import io.mqttspring.client.testing.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code close()} comes to an end in each state, within its limit, and says what it left.
 */
@Timeout(60)
class CloseTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	/**
	 * What may come on top of a limit: two ends of at most a second, and a slow machine.
	 */
	private static final Duration GRACE = Duration.ofSeconds(5);

	private final String name = Target.uniqueName();

	@Test
	void clientThatWasNeverUsedIsClosedAtOnce() {
		MqttClient client = MqttClient.builder("mqtt://127.0.0.1:1").name(this.name).build();
		assertThat(timeToClose(client)).isLessThan(GRACE);
		assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
		assertThat(Leftovers.threads(this.name)).isEmpty();
	}

	@Test
	void clientInTheMiddleOfAnAttemptIsClosedAtOnce() throws Exception {
		try (BlackHole hole = new BlackHole()) {
			MqttClient client = MqttClient.builder(hole.uri())
				.name(this.name)
				.connectTimeout(Duration.ofSeconds(40))
				.build();
			CompletableFuture<Void> connected = client.connectAsync();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CONNECTING);
			assertThat(timeToClose(client)).isLessThan(GRACE);
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
			assertThatExceptionOfType(MqttException.class).isThrownBy(() -> joinUnwrapped(connected));
			Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(Leftovers.threads(this.name)).isEmpty());
			assertThat(client.statistics().connectFailures()).isEmpty();
		}
	}

	@Test
	void disconnectInTheMiddleOfAnAttemptReturnsSoonAndTheClientCanConnectAgain() throws Exception {
		try (BlackHole hole = new BlackHole();
				ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(hole.uri(), broker.uri())
					.name(this.name)
					.version(MqttVersion.MQTT_5)
					.connectTimeout(Duration.ofSeconds(3))
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.connectAsync();
			long begin = System.nanoTime();
			client.disconnect();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GRACE);
			CompletableFuture<Void> connected = client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			connected.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
	}

	@Test
	void clientThatAwaitsConnackIsClosedAtOnce() {
		try (ScriptedBroker broker = new ScriptedBroker()) {
			MqttClient client = client(broker).version(null).shutdownTimeout(Duration.ofSeconds(30)).build();
			client.connectAsync();
			broker.accept().expect(ScriptedBroker.CONNECT);
			assertThat(timeToClose(client)).isLessThan(GRACE);
			assertThat(client.statistics().connectFailures()).isEmpty();
			assertThat(broker.acceptWithin(Duration.ofMillis(100))).isEmpty();
		}
	}

	@Test
	void clientInAPauseBetweenAttemptsIsClosedAtOnceAndSaysWhatItLeaves() {
		MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.name(this.name)
			.reconnect(ReconnectOptions.DEFAULTS.withDelays(Duration.ofHours(100), Duration.ofHours(100)))
			.build();
		try (CapturedLog log = new CapturedLog(this.name)) {
			client.start();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() == 1);
			Delivery delivery = client.publish(MqttMessage.of("a", "x"));
			assertThat(timeToClose(client)).isLessThan(GRACE);
			assertThat(delivery.failure()).hasMessageContaining("closed");
			assertThat(log.lines(Level.WARN)).anyMatch((line) -> line.contains("1 that were not sent"));
			Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(Leftovers.threads(this.name)).isEmpty());
		}
	}

	@Test
	void handlerThatNeverEndsHoldsItUpForTheShutdownTimeout() {
		CountDownLatch never = new CountDownLatch(1);
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(1))
				.subscribe("a", MqttQos.AT_LEAST_ONCE, (message) -> never.await())
				.build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			for (int i = 1; i <= 3; i++) {
				link.send(ScriptedBroker.publish(true, 1, i, "a", "x"));
			}
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.status().inFlight().qos1AwaitingHandler() == 3
						&& client.statistics().lanesBusy() == 1);
			assertThat(timeToClose(client)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(1).plus(GRACE));
			assertThat(log.lines(Level.WARN)).anyMatch((line) -> line.contains("3 messages that were not handled"));
			// None of them is acknowledged: a kept session brings them again
			assertThat(link.readToEnd()).singleElement().satisfies((packet) -> packet.is(ScriptedBroker.DISCONNECT));
			never.countDown();
		}
	}

	@Test
	void handlersAtWorkComeToTheirEndAndAcknowledge() {
		CountDownLatch working = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(30))
				.subscribe("a", MqttQos.AT_LEAST_ONCE, (message) -> {
					working.countDown();
					end.await();
					inbox.handle(message);
				})
				.build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			link.send(ScriptedBroker.publish(true, 1, 1, "a", "1"));
			link.send(ScriptedBroker.publish(true, 1, 2, "a", "2"));
			Awaitility.await().atMost(LIMIT).until(() -> client.status().inFlight().qos1AwaitingHandler() == 2);
			CompletableFuture<Void> closed = Background.run(client::close);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CLOSING);
			end.countDown();
			assertThat(link.readToEnd()).extracting(Packet::hex).containsExactly("40 02 00 01", "40 02 00 02", "E0 00");
			closed.join();
			assertThat(inbox.payloads()).containsExactly("1", "2");
			assertThat(log.lines(Level.WARN)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void publishesInFlightComeToTheirEnd(MqttVersion version) {
		boolean v5 = version == MqttVersion.MQTT_5;
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).version(version).shutdownTimeout(Duration.ofSeconds(30)).build();
			client.connectAsync();
			Link link = broker.accept(v5 ? ScriptedBroker.CONNACK_5 : ScriptedBroker.CONNACK_3);
			Delivery delivery = client.publish(MqttMessage.of("a", "x"));
			Packet publish = link.expect(ScriptedBroker.PUBLISH);
			CompletableFuture<Void> closed = Background.run(client::close);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CLOSING);
			assertThat(closed).isNotDone();
			link.acknowledge(publish);
			link.expect("E0 00");
			closed.join();
			assertThat(delivery.isDone()).isTrue();
			assertThat(delivery.failure()).isNull();
			assertThat(log.lines(Level.WARN)).isEmpty();
		}
	}

	@Test
	void publishesWithoutAnAnswerHoldItUpForTheShutdownTimeout() {
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofMillis(500)).build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Delivery delivery = client.publish(MqttMessage.of("a", "x"));
			link.expect(ScriptedBroker.PUBLISH);
			assertThat(timeToClose(client)).isBetween(Duration.ofMillis(500), GRACE);
			assertThat(log.lines(Level.WARN)).anyMatch((line) -> line.contains("1 that were not acknowledged"));
			assertThat(delivery.failure()).hasMessageContaining("before it was acknowledged");
			link.expect("E0 00");
		}
	}

	@Test
	void brokerThatDoesNotReadHoldsItUpForTheShutdownTimeout() {
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofMillis(500))
				.outbound(OutboundOptions.DEFAULTS.withTimeout(Duration.ofMillis(100)).withQueue(2, 1 << 20))
				.build();
			client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			List<Delivery> deliveries = new ArrayList<>();
			assertThatExceptionOfType(MqttQueueFullException.class).isThrownBy(() -> {
				for (int i = 0; i < 100; i++) {
					deliveries.add(client.publish(MqttMessage.of("a", new byte[1 << 20])));
				}
			});
			assertThat(timeToClose(client)).isLessThan(Duration.ofMillis(500).plus(GRACE));
			assertThat(deliveries).allMatch((delivery) -> delivery.failure() instanceof MqttPublishException);
			assertThat(log.lines(Level.WARN)).anyMatch((line) -> line.contains("leaves"));
			Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(Leftovers.threads(this.name)).isEmpty());
		}
	}

	@Test
	void messagesThatWaitedInTheLaneOfAHandlerThatClosesAreToldOf() throws Exception {
		CompletableFuture<MqttClient> built = new CompletableFuture<>();
		try (ScriptedBroker broker = new ScriptedBroker(); CapturedLog log = new CapturedLog(this.name)) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(30))
				.subscribe("a", MqttQos.AT_MOST_ONCE, (message) -> {
					Awaitility.await()
						.atMost(LIMIT)
						.until(() -> built.join().statistics().received().get(MqttQos.AT_MOST_ONCE) == 5);
					built.join().close();
				})
				.build();
			built.complete(client);
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			for (int i = 0; i < 5; i++) {
				link.send(ScriptedBroker.publish(true, "a", "x"));
			}
			link.readToEnd();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CLOSED);
			assertThat(log.lines(Level.WARN)).anyMatch((line) -> line.contains("4 messages that were not handled"));
		}
	}

	/**
	 * Closing a socket with something unread makes the system send a reset, and then the
	 * other side may never see what was written before: DISCONNECT would be lost, and the
	 * will published.
	 */
	@Test
	void brokerThatIsSendingSeesDisconnectAndNoReset() throws Exception {
		CountDownLatch stuck = new CountDownLatch(1);
		try (ScriptedBroker broker = new ScriptedBroker()) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(30))
				.inbound(InboundOptions.DEFAULTS.withLaneCapacity(1))
				.subscribe("a", MqttQos.AT_MOST_ONCE, (message) -> stuck.await())
				.build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			for (int i = 0; i < 1000; i++) {
				link.send(ScriptedBroker.publish(true, "a", ".".repeat(80)));
			}
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().received().size() > 0);
			long written = client.statistics().bytesOut();
			CompletableFuture<Void> disconnected = Background.run(client::disconnect);
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().bytesOut() == written + 2);
			link.send(ScriptedBroker.publish(true, "a", "crosses DISCONNECT"));
			link.expect("E0 00");
			link.cut();
			assertThat(disconnected).succeedsWithin(Duration.ofSeconds(10));
			stuck.countDown();
			client.close();
		}
	}

	@Test
	void closeByTwoThreadsIsOneClose() {
		try (ScriptedBroker broker = new ScriptedBroker()) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(30)).build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			CompletableFuture<Void> other = Background.run(client::close);
			client.close();
			other.join();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
			assertThat(link.readToEnd()).extracting(Packet::hex).containsExactly("E0 00");
		}
	}

	@Test
	void interruptedThreadClosesAllTheSame() {
		try (ScriptedBroker broker = new ScriptedBroker()) {
			MqttClient client = client(broker).shutdownTimeout(Duration.ofSeconds(30)).build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			Thread.currentThread().interrupt();
			client.close();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
			assertThat(link.readToEnd()).extracting(Packet::hex).containsExactly("E0 00");
		}
	}

	/**
	 * As when an application shuts down and its executor goes first.
	 */
	@Test
	void executorThatTakesNothingMoreKeepsNobodyFromClosing() {
		ExecutorService executor = Executors.newCachedThreadPool();
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker()) {
			MqttClient client = client(broker).executor(executor)
				.shutdownTimeout(Duration.ofSeconds(5))
				.listener(new MqttClientListener() {
				})
				.subscribe("a", MqttQos.AT_LEAST_ONCE, inbox)
				.build();
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			executor.shutdownNow();
			link.send(ScriptedBroker.publish(true, 1, 1, "a", "late"));
			link.expect("40 02 00 01"); // handled on a thread of the client's own
			assertThat(inbox.payloads()).containsExactly("late");
			client.close();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
			assertThat(link.readToEnd()).extracting(Packet::hex).containsExactly("E0 00");
		}
	}

	private MqttClientBuilder client(ScriptedBroker broker) {
		return MqttClient.builder(broker.uri()).name(this.name).version(MqttVersion.MQTT_5).reconnect(Target.soon());
	}

	private static Duration timeToClose(MqttClient client) {
		long begin = System.nanoTime();
		client.close();
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	private static void joinUnwrapped(CompletableFuture<Void> future) throws Throwable {
		try {
			future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw ex.getCause();
		}
	}

	/**
	 * A port that does not answer: it listens, and its backlog is full.
	 */
	private static final class BlackHole implements AutoCloseable {

		private final ServerSocket server;

		private final List<SocketChannel> fill = new ArrayList<>();

		BlackHole() throws IOException {
			this.server = new ServerSocket(FreePort.next(), 1, InetAddress.getLoopbackAddress());
			for (int i = 0; i < 10; i++) {
				SocketChannel channel = SocketChannel.open();
				channel.configureBlocking(false);
				channel.connect(this.server.getLocalSocketAddress());
				this.fill.add(channel);
			}
			Awaitility.await("the backlog is full").atMost(LIMIT).until(() -> !takesConnections());
		}

		private boolean takesConnections() throws IOException {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.getLocalPort()),
						100);
				return true;
			}
			catch (SocketTimeoutException ex) {
				return false;
			}
		}

		String uri() {
			return "mqtt://127.0.0.1:" + this.server.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			for (SocketChannel channel : this.fill) {
				channel.close();
			}
			this.server.close();
		}

	}

}
