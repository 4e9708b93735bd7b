package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
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
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.MosquittoBroker;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.ScriptedBroker.Packet;
import io.mqttspring.client.testing.Target;
import io.mqttspring.client.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * PAINS of those who receive: 3 (kept sessions), 4 (silence after a reconnect), 5 (broker
 * down at the start), 6 (acknowledged too early), 7 (exceptions in handlers), 16 (two
 * handlers for one topic), 17 (handlers that pile up).
 */
@Timeout(60)
class SessionPainsTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final String SESSION_PRESENT = "20 03 01 00 00";

	private final String topic = "pains/" + Target.uniqueName();

	private final String clientId = Target.uniqueName();

	private volatile MqttClient ownClient; // for its own handler

	// ---- 3. Messages queued in a persistent session are acknowledged and thrown away
	// before handlers exist: HiveMQ client #521, #254, #368, #378

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain03_whatAKeptSessionHoldsReachesTheHandlersOfANewProcess(Target target) {
		try (MqttClient first = target.client()
			.clientId(this.clientId)
			.subscribe(this.topic, MqttQos.EXACTLY_ONCE, new Inbox())
			.build()) {
			first.connect();
			awaitSubscribed(first);
		}
		try (MqttClient publisher = target.client().build()) {
			publisher.connect();
			for (int i = 0; i < 100; i++) {
				MqttQos qos = (i % 2 == 0) ? MqttQos.AT_LEAST_ONCE : MqttQos.EXACTLY_ONCE;
				publisher.publish(message(Integer.toString(i), qos), Wait.ACKNOWLEDGED);
			}
		}
		Inbox inbox = new Inbox();
		try (MqttClient second = target.client()
			.clientId(this.clientId)
			.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox)
			.build()) {
			second.connect();
			assertThat(inbox.await(100)).containsExactlyInAnyOrderElementsOf(numbers(100));
			assertThat(second.statistics().dropped()).isEmpty();
		}
	}

	@Test
	void pain03_messageRightBehindConnackFindsItsHandler() throws Exception {
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1)
					.clientId(this.clientId)
					.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox)
					.build()) {
			client.connectAsync();
			Link link = broker.accept();
			link.expect(ScriptedBroker.CONNECT);
			byte[] publish = ScriptedBroker.publish(false, 1, 7, this.topic, "queued");
			byte[] both = new byte[4 + publish.length];
			both[0] = 0x20;
			both[1] = 2;
			both[2] = 1; // session present
			System.arraycopy(publish, 0, both, 4, publish.length);
			link.send(both);
			link.expect(ScriptedBroker.SUBSCRIBE);
			link.expect("40 02 00 07");
			assertThat(inbox.payloads()).containsExactly("queued");
		}
	}

	@Test
	void pain03_messageThatNobodyHandlesIsToldAndCounted() throws Exception {
		List<String> dropped = new ArrayList<>();
		CountDownLatch told = new CountDownLatch(1);
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).name(this.clientId)
					.version(MqttVersion.MQTT_5)
					.listener(new MqttClientListener() {

						@Override
						public void dropped(MqttClient client, MqttMessage message, MqttDropCause cause) {
							dropped.add(message.topic() + " " + cause);
							told.countDown();
						}

					})
					.build();
				CapturedLog log = new CapturedLog(this.clientId)) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.send(ScriptedBroker.publish(true, 1, 7, this.topic, "for nobody"));
			link.expect("40 02 00 07");
			assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(dropped).containsExactly(this.topic + " UNMATCHED");
			assertThat(client.statistics().dropped()).containsEntry(MqttDropCause.UNMATCHED, 1L);
			assertThat(log.lines(Level.WARN)).singleElement()
				.asString()
				.contains(this.topic)
				.contains("packet id 7")
				.contains("no handler");
		}
	}

	@Test
	void pain03_messageThatNobodyHandlesIsRefusedByPolicy() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.inbound(InboundOptions.DEFAULTS.withUnmatched(InboundOptions.Unmatched.FAIL))
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.send(ScriptedBroker.publish(true, 1, 7, this.topic, "for nobody"));
			link.expect("40 03 00 07 83");
			link.send(ScriptedBroker.publish(true, 2, 8, this.topic, "for nobody"));
			link.expect("50 03 00 08 83");
		}
	}

	// ---- 4. Not resubscribed, silent after a reconnect: spring-integration #8550,
	// smallrye-reactive-messaging #1935 and #1939, micronaut-mqtt #443, streampipes
	// #4157, HiveMQ client #297, #499. 17. The same handler is called N times after N
	// reconnects: HiveMQ client #552

	@ParameterizedTest
	@EnumSource
	void pain04_pain17_handlerIsCalledOncePerMessageAfterEachRestartOfTheBroker(MqttVersion version) {
		Inbox given = new Inbox();
		Inbox added = new Inbox();
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(version)
					.reconnect(Target.soon())
					.subscribe(this.topic + "/#", MqttQos.AT_LEAST_ONCE, given)
					.build()) {
			client.connect();
			client.subscribe(this.topic + "/a", MqttQos.EXACTLY_ONCE, added);
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				if (i > 0) {
					broker.kill();
					awaitState(client, MqttClientState.RECONNECTING);
					broker.start();
					awaitState(client, MqttClientState.CONNECTED);
				}
				client.ping(); // behind the SUBSCRIBEs, so that they are made
				client.publish(MqttMessage.of(this.topic + "/a", Integer.toString(i)), Wait.ACKNOWLEDGED);
				expected.add(Integer.toString(i));
				assertThat(given.await(Integer.toString(i))).isEqualTo(expected);
				assertThat(added.await(Integer.toString(i))).isEqualTo(expected);
			}
			assertThat(client.statistics().connects()).isEqualTo(4);
			assertThat(client.status().subscriptions()).hasSize(2);
		}
	}

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain04_pain17_handlerIsCalledOncePerMessageAfterEachCutOfTheLine(Target target) {
		Inbox inbox = new Inbox();
		try (TcpProxy line = new TcpProxy(target.broker().port());
				MqttClient publisher = target.client().build();
				MqttClient client = target.client(line.uri())
					.clientId(this.clientId)
					.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox)
					.build()) {
			publisher.connect();
			client.connect();
			awaitSubscribed(client);
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				line.cut();
				int connects = i + 2;
				// While away: the broker keeps it
				publisher.publish(message(Integer.toString(i), MqttQos.EXACTLY_ONCE), Wait.ACKNOWLEDGED);
				expected.add(Integer.toString(i));
				Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == connects);
				assertThat(client.status().sessionPresent()).isTrue();
				assertThat(inbox.await(expected.size())).isEqualTo(expected);
			}
		}
	}

	@Test
	void pain17_subscriptionThatWasRefusedIsAskedForAgainAndNotStacked() throws Exception {
		Inbox inbox = new Inbox();
		SubscribeOptions options = SubscribeOptions.of("a", MqttQos.AT_LEAST_ONCE);
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			client.register(options, inbox);
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.send("90 04 %04X 00 87".formatted(link.expect(ScriptedBroker.SUBSCRIBE).packetId()));
			Awaitility.await().until(() -> client.status().subscriptions().get(0).refused() != null);
			CompletableFuture<Subscription> refused = client.subscribeAsync(options, inbox);
			link.send("90 04 %04X 00 87".formatted(link.expect(ScriptedBroker.SUBSCRIBE).packetId()));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(MqttSubscribeException.class);
			CompletableFuture<Subscription> granted = client.subscribeAsync(options, inbox);
			link.send("90 04 %04X 00 01".formatted(link.expect(ScriptedBroker.SUBSCRIBE).packetId()));
			assertThat(granted.get(10, TimeUnit.SECONDS).grantedQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
			link.send(ScriptedBroker.publish(true, 1, 7, "a", "once"));
			link.expect(ScriptedBroker.PUBACK);
			assertThat(inbox.payloads()).containsExactly("once");
		}
	}

	@Test
	void pain04_subscribeThatIsNotAnsweredInTimeTakesBackOnlyItsOwn() throws Exception {
		Inbox registered = new Inbox();
		SubscribeOptions options = SubscribeOptions.of("a", MqttQos.AT_LEAST_ONCE);
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.subscribeTimeout(Duration.ofMillis(100))
					.build()) {
			client.register(options, registered);
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			assertThatExceptionOfType(MqttTimeoutException.class)
				.isThrownBy(() -> client.subscribe(options, registered));
			assertThatExceptionOfType(MqttTimeoutException.class)
				.isThrownBy(() -> client.subscribe(SubscribeOptions.of("b", MqttQos.AT_LEAST_ONCE), new Inbox()));
			assertThat(client.status().subscriptions()).extracting("filter").containsExactly("a");
		}
	}

	@Test
	void subscribeThatIsRefusedIsTakenBack() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().until(() -> client.status().state() == MqttClientState.CONNECTED);
			CompletableFuture<Subscription> refused = Background
				.supply(() -> client.subscribe("a", MqttQos.AT_LEAST_ONCE, new Inbox()));
			link.send("90 04 %04X 00 87".formatted(link.expect(ScriptedBroker.SUBSCRIBE).packetId()));
			assertThat(refused).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(MqttSubscribeException.class);
			Awaitility.await().until(() -> client.status().subscriptions().isEmpty());
		}
	}

	@Test
	void handlerThatWasUnsubscribedIsNotCalledForWhatStillWaits() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			Subscription subscription = client.register(SubscribeOptions.of("a", MqttQos.AT_LEAST_ONCE), (message) -> {
				first.await();
				inbox.handle(message);
			});
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			for (int i = 1; i <= 4; i++) {
				link.send(ScriptedBroker.publish(true, 1, i, "a", Integer.toString(i)));
			}
			Awaitility.await().until(() -> client.status().inFlight().qos1AwaitingHandler() == 4);
			subscription.unsubscribeAsync();
			first.countDown();
			for (int i = 1; i <= 4; i++) {
				if (i == 1) {
					link.expect(ScriptedBroker.UNSUBSCRIBE);
				}
				assertThat(link.expect(ScriptedBroker.PUBACK).packetId()).isEqualTo(i);
			}
			assertThat(inbox.payloads()).containsExactly("1");
		}
	}

	@Test
	void subscriptionThatTheBrokerDoesNotEndIsTold() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			CompletableFuture<Subscription> subscription = client
				.subscribeAsync(SubscribeOptions.of("a", MqttQos.AT_LEAST_ONCE), new Inbox());
			link.send("90 04 %04X 00 01".formatted(link.expect(ScriptedBroker.SUBSCRIBE).packetId()));
			CompletableFuture<Void> ended = subscription.get(10, TimeUnit.SECONDS).unsubscribeAsync();
			link.send("B0 04 %04X 00 87".formatted(link.expect(ScriptedBroker.UNSUBSCRIBE).packetId()));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> ended.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(MqttSubscribeException.class)
				.withMessageContaining("The broker does not end the subscription to 'a': NOT_AUTHORIZED (0x87)");
		}
	}

	@Test
	void pain04_pain17_eachFilterIsAskedForOnceWhereTheSessionIsGoneAndNotWhereItIsThere() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.clientId(this.clientId)
					.subscribe("a", MqttQos.AT_LEAST_ONCE, new Inbox())
					.subscribe("b", MqttQos.AT_LEAST_ONCE, new Inbox())
					.build()) {
			client.connectAsync();
			for (String connAck : List.of(ScriptedBroker.CONNACK_5, ScriptedBroker.CONNACK_5, SESSION_PRESENT)) {
				Link link = broker.accept(connAck);
				if (connAck.equals(ScriptedBroker.CONNACK_5)) {
					Packet first = link.expect(ScriptedBroker.SUBSCRIBE);
					Packet second = link.expect(ScriptedBroker.SUBSCRIBE);
					link.send("90 04 %04X 00 01".formatted(first.packetId()));
					link.send("90 04 %04X 00 01".formatted(second.packetId()));
				}
				PublishPainsTests.assertNothingButPing(client, link);
				assertThat(client.status().subscriptions()).hasSize(2)
					.allMatch((one) -> one.grantedQos() == MqttQos.AT_LEAST_ONCE);
				link.cut();
			}
		}
	}

	/**
	 * Who is used to other clients subscribes in the listener. The handlers must not
	 * stack.
	 */
	@Test
	void pain17_subscribingTheSameHandlerInTheConnectedListenerDoesNotStackIt() {
		Inbox inbox = new Inbox();
		AtomicInteger subscribed = new AtomicInteger();
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri())
					.reconnect(Target.soon())
					.listener(new MqttClientListener() {

						@Override
						public void connected(MqttClient client, boolean sessionPresent) {
							client.subscribe(SessionPainsTests.this.topic, MqttQos.AT_LEAST_ONCE, inbox);
							subscribed.incrementAndGet();
						}

					})
					.build()) {
			client.connect();
			for (int i = 1; i <= 3; i++) {
				int count = i;
				Awaitility.await().atMost(LIMIT).until(() -> subscribed.get() == count);
				broker.kill();
				broker.start();
			}
			Awaitility.await().atMost(LIMIT).until(() -> subscribed.get() == 4);
			client.publish(MqttMessage.of(this.topic, "1"), Wait.ACKNOWLEDGED);
			client.publish(MqttMessage.of(this.topic, "2"), Wait.ACKNOWLEDGED);
			assertThat(inbox.await("2")).containsExactly("1", "2");
			assertThat(client.status().subscriptions()).singleElement()
				.satisfies((one) -> assertThat(one.listeners()).hasSize(1));
		}
	}

	// ---- 5. Broker down at the start, the application dies or never connects: Paho
	// #930, #436, micronaut-mqtt #24, eddie #1074, spring-integration #3822

	@Test
	void pain05_clientStartedBeforeItsBrokerConnectsWhenThatComes() {
		Inbox inbox = new Inbox();
		try (MosquittoBroker broker = MosquittoBroker.running()) {
			broker.stop();
			List<Integer> failures = new ArrayList<>();
			try (MqttClient client = MqttClient.builder(broker.uri())
				.reconnect(Target.soon())
				.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox)
				.listener(new MqttClientListener() {

					@Override
					public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
						failures.add(attempt);
					}

				})
				.build()) {
				client.start();
				Delivery delivery = client.publish(MqttMessage.of(this.topic, "early"));
				Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() >= 3);
				MqttClientStatus status = client.status();
				assertThat(status.state()).isEqualTo(MqttClientState.RECONNECTING);
				assertThat(status.lastError()).contains("Connection refused");
				assertThat(status.queue().messages()).isEqualTo(1);
				broker.start();
				delivery.awaitAcknowledged(LIMIT);
				assertThat(inbox.await(1)).containsExactly("early");
				status = client.status();
				assertThat(status.state()).isEqualTo(MqttClientState.CONNECTED);
				assertThat(status.attempts()).isZero();
				assertThat(status.lastError()).isNull();
				assertThat(failures).startsWith(1, 2, 3);
				assertThat(client.statistics().connectFailures()).containsKey("NETWORK");
			}
		}
	}

	@Test
	void pain05_connectToABrokerThatIsDownSaysSoAtOnceAndLeavesTheClientUsable() {
		try (MosquittoBroker broker = MosquittoBroker.running()) {
			broker.stop();
			try (MqttClient client = MqttClient.builder(broker.uri()).build()) {
				for (int i = 0; i < 3; i++) {
					assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
						.withMessageContaining(broker.uri())
						.withMessageContaining("Connection refused")
						.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
				}
				awaitState(client, MqttClientState.DISCONNECTED);
				broker.start();
				client.connect();
				assertThat(client.ping()).isPositive();
			}
		}
	}

	// ---- 6. Acknowledged before processed: spring-integration #3181, HiveMQ client
	// #304, transitdata #162; over a reconnect: HiveMQ client #481, #526

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void pain06_messageIsAcknowledgedAfterItsHandlerReturned(int qos) throws Exception {
		Gate gate = new Gate();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.subscribe(this.topic, MqttQos.EXACTLY_ONCE, gate)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			link.send(ScriptedBroker.publish(true, qos, 7, this.topic, "x"));
			gate.awaitEntered(1);
			PublishPainsTests.assertNothingButPing(client, link);
			MqttClientStatus.InFlight inFlight = client.status().inFlight();
			assertThat((qos == 1) ? inFlight.qos1AwaitingHandler() : inFlight.qos2AwaitingHandler()).isEqualTo(1);
			gate.open();
			link.expect((qos == 1) ? "40 02 00 07" : "50 02 00 07");
			if (qos == 2) {
				assertThat(client.status().inFlight().qos2AwaitingPubrel()).isEqualTo(1);
				link.send("62 02 00 07");
				link.expect("70 02 00 07");
				assertThat(client.status().inFlight().qos2AwaitingPubrel()).isZero();
			}
		}
	}

	@Test
	void pain06_messageIsAcknowledgedAfterTheLastOfItsHandlersReturnedAndInOrder() throws Exception {
		Gate slow = new Gate();
		Inbox quick = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1)
					.subscribe("a", MqttQos.AT_LEAST_ONCE, slow)
					.subscribe("#", MqttQos.AT_LEAST_ONCE, quick)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_3);
			link.expect(ScriptedBroker.SUBSCRIBE);
			link.send(ScriptedBroker.publish(false, 1, 7, "a", "first"));
			link.send(ScriptedBroker.publish(false, 1, 8, "b", "second"));
			assertThat(quick.await(2)).containsExactly("first", "second");
			PublishPainsTests.assertNothingButPing(client, link);
			slow.open();
			link.expect("40 02 00 07");
			link.expect("40 02 00 08");
		}
	}

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain06_messageComesAgainWhenTheProcessDiesInItsHandler(Target target) throws Exception {
		Gate gate = new Gate();
		TcpProxy line = new TcpProxy(target.broker().port());
		MqttClient first = target.client(line.uri())
			.clientId(this.clientId)
			.shutdownTimeout(Duration.ZERO)
			.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
			.subscribe(this.topic, MqttQos.EXACTLY_ONCE, gate)
			.build();
		try {
			first.connect();
			awaitSubscribed(first);
			publish(target, "once", MqttQos.AT_LEAST_ONCE);
			publish(target, "exactly once", MqttQos.EXACTLY_ONCE);
			gate.awaitEntered(1);
			line.close();
			first.close(); // the process is gone, its handler had not returned
			Inbox inbox = new Inbox();
			try (MqttClient second = target.client()
				.clientId(this.clientId)
				.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox)
				.build()) {
				second.connect();
				assertThat(inbox.await(2)).containsExactlyInAnyOrder("once", "exactly once");
			}
		}
		finally {
			gate.open();
		}
	}

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain06_handlerThatEndsAfterAReconnectAcknowledgesNothingWrong(Target target) throws Exception {
		Gate gate = new Gate();
		try (TcpProxy line = new TcpProxy(target.broker().port());
				MqttClient client = target.client(line.uri())
					.clientId(this.clientId)
					.subscribe(this.topic, MqttQos.EXACTLY_ONCE, gate)
					.build()) {
			client.connect();
			awaitSubscribed(client);
			publish(target, "qos 1", MqttQos.AT_LEAST_ONCE);
			publish(target, "qos 2", MqttQos.EXACTLY_ONCE);
			gate.awaitEntered(1);
			line.cut();
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			gate.open();
			publish(target, "last", MqttQos.EXACTLY_ONCE);
			gate.inbox.await("last");
			List<String> handled = gate.inbox.payloads();
			assertThat(handled).containsOnly("qos 1", "qos 2", "last").containsOnlyOnce("qos 2", "last");
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.status().inFlight().equals(new MqttClientStatus.InFlight(0, 0, 0, 0, 0, 0, null)));
			assertThat(client.statistics().connects()).isEqualTo(2);
		}
	}

	// ---- 7. An exception in the handler kills the connection, or the message is gone:
	// Paho #549

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain07_whateverAHandlerThrowsTheConnectionLivesAndItIsLogged(Target target) {
		Inbox inbox = new Inbox();
		try (MqttClient client = target.client().subscribe(this.topic, MqttQos.EXACTLY_ONCE, (message) -> {
			inbox.handle(message);
			switch (message.payloadAsString()) {
				case "checked" -> throw new Exception("checked");
				case "runtime" -> throw new IllegalStateException("runtime");
				case "error" -> throw new StackOverflowError("error");
				case "interrupt" -> Thread.currentThread().interrupt();
				default -> {
				}
			}
		}).build(); CapturedLog log = new CapturedLog(client.name())) {
			client.connect();
			awaitSubscribed(client);
			List<String> all = List.of("checked", "runtime", "error", "interrupt", "fine");
			for (MqttQos qos : MqttQos.values()) {
				all.forEach((payload) -> client.publish(message(payload, qos), Wait.ACKNOWLEDGED));
			}
			inbox.await(15);
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.status().inFlight().equals(new MqttClientStatus.InFlight(0, 0, 0, 0, 0, 0, null)));
			assertThat(client.statistics().connects()).isEqualTo(1);
			assertThat(log.lines(Level.ERROR)).hasSize(9).allMatch((line) -> line.contains(this.topic));
		}
	}

	/**
	 * The usual answer to an InterruptedException is to set the flag again. It is not to
	 * make the calls of the next handler fail.
	 */
	@Test
	void pain07_interruptLeftByAHandlerDoesNotReachTheNext() throws Exception {
		CompletableFuture<Delivery> published = new CompletableFuture<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1)
					.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
						if (message.payloadAsString().equals("first")) {
							Thread.currentThread().interrupt();
							return;
						}
						try {
							published.complete(this.ownClient.publish(MqttMessage.of(message.topic() + "/answer", "x"),
									Wait.ACKNOWLEDGED));
						}
						catch (RuntimeException ex) {
							published.completeExceptionally(ex);
						}
					})
					.build()) {
			this.ownClient = client;
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_3);
			link.expect(ScriptedBroker.SUBSCRIBE);
			link.send(ScriptedBroker.publish(false, this.topic, "first"));
			link.send(ScriptedBroker.publish(false, this.topic, "second"));
			link.acknowledge(link.expect(ScriptedBroker.PUBLISH));
			assertThat(published.get(10, TimeUnit.SECONDS).failure()).isNull();
		}
	}

	// ---- 16. Two handlers for one topic, the second replaces the first: Paho #378

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void pain16_twoHandlersForOneFilterBothGetEachMessageUntilOneEnds(Target target) {
		Inbox first = new Inbox();
		Inbox second = new Inbox();
		try (MqttClient client = target.client().build()) {
			client.connect();
			Subscription one = client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, first);
			Subscription two = client.subscribe(this.topic, MqttQos.EXACTLY_ONCE, second);
			assertThat(two.grantedQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
			client.publish(message("both", MqttQos.EXACTLY_ONCE), Wait.ACKNOWLEDGED);
			assertThat(first.await(1)).containsExactly("both");
			assertThat(second.await(1)).containsExactly("both");
			one.unsubscribe();
			client.publish(message("second", MqttQos.EXACTLY_ONCE), Wait.ACKNOWLEDGED);
			assertThat(second.await(2)).containsExactly("both", "second");
			assertThat(first.payloads()).containsExactly("both");
			two.unsubscribe();
			assertThat(client.status().subscriptions()).isEmpty();
		}
	}

	/**
	 * Mosquitto can be told to send a copy for each subscription. On 5.0 each copy says
	 * for which it is; on 3.1.1 nothing tells them apart.
	 */
	@Test
	void pain16_overlappingFiltersOfABrokerThatSendsACopyForEach() {
		Inbox wide = new Inbox();
		Inbox narrow = new Inbox();
		try (MosquittoBroker broker = MosquittoBroker.running("allow_duplicate_messages true");
				MqttClient client = MqttClient.builder(broker.uri())
					.version(MqttVersion.MQTT_5)
					.subscribe(this.topic + "/#", MqttQos.AT_LEAST_ONCE, wide)
					.subscribe(this.topic + "/+", MqttQos.AT_LEAST_ONCE, narrow)
					.build()) {
			client.connect();
			awaitSubscribed(client);
			for (int i = 0; i < 3; i++) {
				client.publish(MqttMessage.of(this.topic + "/a", Integer.toString(i)), Wait.ACKNOWLEDGED);
			}
			assertThat(wide.await("2")).containsExactly("0", "1", "2");
			assertThat(narrow.await("2")).containsExactly("0", "1", "2");
		}
	}

	private MqttMessage message(String payload, MqttQos qos) {
		return MqttMessage.builder(this.topic).payload(payload.getBytes()).qos(qos).build();
	}

	private void publish(Target target, String payload, MqttQos qos) {
		try (MqttClient publisher = target.client().build()) {
			publisher.connect();
			publisher.publish(message(payload, qos), Wait.ACKNOWLEDGED);
		}
	}

	private static MqttClientBuilder client(ScriptedBroker broker) {
		return MqttClient.builder(broker.uri()).reconnect(Target.soon()).shutdownTimeout(Duration.ZERO);
	}

	private static void awaitSubscribed(MqttClient client) {
		Awaitility.await("all subscriptions are made")
			.atMost(LIMIT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> client.status().subscriptions().stream().allMatch((one) -> one.grantedQos() != null));
	}

	private static void awaitState(MqttClient client, MqttClientState state) {
		Awaitility.await()
			.atMost(LIMIT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> client.status().state() == state);
	}

	private static List<String> numbers(int count) {
		return IntStream.range(0, count).mapToObj(Integer::toString).toList();
	}

	/**
	 * A handler that does not return before it may.
	 */
	private static final class Gate implements MqttMessageHandler {

		private final Inbox inbox = new Inbox();

		private final AtomicInteger entered = new AtomicInteger();

		private final CountDownLatch open = new CountDownLatch(1);

		@Override
		public void handle(MqttMessage message) throws Exception {
			this.entered.incrementAndGet();
			if (!this.open.await(30, TimeUnit.SECONDS)) {
				throw new AssertionError("The gate was not opened");
			}
			this.inbox.handle(message);
		}

		void awaitEntered(int count) {
			Awaitility.await()
				.atMost(LIMIT)
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(2))
				.until(() -> this.entered.get() >= count);
		}

		void open() {
			this.open.countDown();
		}

	}

}
