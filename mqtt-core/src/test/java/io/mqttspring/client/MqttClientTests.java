package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.Target;
import io.mqttspring.client.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a client does with a real broker, with each broker and in each version.
 */
@ParameterizedClass
@MethodSource("io.mqttspring.client.testing.Target#all")
class MqttClientTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	@Parameter
	Target target;

	private final String topic = "client/" + Target.uniqueName();

	@ParameterizedTest
	@EnumSource
	void publishedMessageArrivesWithItsQos(MqttQos qos) {
		Inbox inbox = new Inbox();
		try (MqttClient client = this.target.client().build()) {
			client.connect();
			Subscription subscription = client.subscribe(this.topic, MqttQos.EXACTLY_ONCE, inbox);
			Delivery delivery = client.publish(message("hello", qos), Wait.ACKNOWLEDGED);
			assertThat(inbox.await(1)).containsExactly("hello");
			assertThat(subscription.grantedQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
			assertThat(delivery.isSent()).isTrue();
			assertThat(delivery.isDone()).isTrue();
			assertThat(delivery.failure()).isNull();
			MqttMessage received = inbox.messages().get(0);
			assertThat(received.topic()).isEqualTo(this.topic);
			assertThat(received.qos()).isEqualTo(qos);
			assertThat(received.retained()).isFalse();
			assertThat(received.duplicate()).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void manyMessagesArriveOnceAndInOrder(MqttQos qos) {
		int count = 2000;
		Inbox inbox = new Inbox();
		try (MqttClient client = this.target.client().subscribe(this.topic, qos, inbox).build()) {
			client.connect();
			awaitSubscribed(client);
			IntStream.range(0, count).forEach((i) -> client.publish(message(Integer.toString(i), qos)));
			assertThat(inbox.await(count)).isEqualTo(numbers(count));
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().acknowledged().get(qos) == count);
			assertThat(client.status().inFlight()).isEqualTo(NOTHING_IN_FLIGHT);
			assertThat(client.statistics().accepted()).isEqualTo(count);
			assertThat(client.statistics().published().get(qos)).isEqualTo(count);
			assertThat(client.statistics().received().get(qos)).isEqualTo(count);
		}
	}

	private static final MqttClientStatus.InFlight NOTHING_IN_FLIGHT = new MqttClientStatus.InFlight(0, 0, 0, 0, 0, 0,
			null);

	@Test
	void retainedMessageIsSentToALaterSubscriber() {
		Inbox inbox = new Inbox();
		try (MqttClient client = this.target.client().build()) {
			client.connect();
			client.publish(retained("kept"), Wait.ACKNOWLEDGED);
			client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox);
			assertThat(inbox.await(1)).containsExactly("kept");
			assertThat(inbox.messages().get(0).retained()).isTrue();
			client.publish(retained(""), Wait.ACKNOWLEDGED);
		}
	}

	@Test
	void willIsPublishedWhenTheConnectionIsCutAndNotWhenItIsClosed() {
		Inbox inbox = new Inbox();
		MqttWill will = new MqttWill(MqttMessage.of(this.topic, "gone"));
		try (TcpProxy proxy = new TcpProxy(this.target.broker().port());
				MqttClient watcher = this.target.client().subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox).build()) {
			watcher.connect();
			awaitSubscribed(watcher);
			try (MqttClient closed = this.target.client(proxy.uri()).will(will).build()) {
				closed.connect();
			}
			try (MqttClient cut = this.target.client(proxy.uri())
				.will(will)
				.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
				.build()) {
				cut.connect();
				proxy.cut();
				assertThat(inbox.await(1)).containsExactly("gone");
			}
			watcher.publish(MqttMessage.of(this.topic, "last"));
			assertThat(inbox.await("last")).containsExactly("gone", "last");
		}
	}

	@Test
	void keptSessionDeliversWhatWasPublishedWhileTheClientWasAway() {
		String clientId = Target.uniqueName();
		try (MqttClient first = this.target.client()
			.clientId(clientId)
			.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, new Inbox())
			.build()) {
			first.connect();
			awaitSubscribed(first);
			assertThat(first.status().sessionPresent()).isFalse();
		}
		publish("while away");
		Inbox inbox = new Inbox();
		try (MqttClient second = this.target.client()
			.clientId(clientId)
			.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox)
			.build()) {
			second.connect();
			assertThat(second.status().sessionPresent()).isTrue();
			assertThat(inbox.await(1)).containsExactly("while away");
		}
	}

	@Test
	void cleanStartForgetsTheSession() {
		String clientId = Target.uniqueName();
		try (MqttClient first = this.target.client()
			.clientId(clientId)
			.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, new Inbox())
			.build()) {
			first.connect();
			awaitSubscribed(first);
		}
		publish("while away");
		Inbox inbox = new Inbox();
		try (MqttClient second = this.target.client()
			.clientId(clientId)
			.session(SessionOptions.NOT_KEPT)
			.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox)
			.build()) {
			second.connect();
			assertThat(second.status().sessionPresent()).isFalse();
			awaitSubscribed(second);
			publish("when back");
			assertThat(inbox.await(1)).containsExactly("when back");
		}
	}

	@Test
	void unsubscribedHandlerGetsNothingMore() {
		Inbox inbox = new Inbox();
		Inbox other = new Inbox();
		try (MqttClient client = this.target.client().build()) {
			client.connect();
			Subscription subscription = client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox);
			client.subscribe(this.topic + "/end", MqttQos.AT_LEAST_ONCE, other);
			client.publish(MqttMessage.of(this.topic, "before"), Wait.ACKNOWLEDGED);
			inbox.await(1);
			subscription.unsubscribe();
			client.publish(MqttMessage.of(this.topic, "after"), Wait.ACKNOWLEDGED);
			client.publish(MqttMessage.of(this.topic + "/end", "end"), Wait.ACKNOWLEDGED);
			other.await(1);
			assertThat(inbox.payloads()).containsExactly("before");
			client.unsubscribe(this.topic + "/end");
			assertThat(client.status().subscriptions()).isEmpty();
			assertThat(client.statistics().dropped()).isEmpty();
		}
	}

	@Test
	void pingMeasuresTheWayToTheBrokerAndBack() {
		try (MqttClient client = this.target.client().build()) {
			assertThatExceptionOfType(MqttException.class).isThrownBy(client::ping)
				.withMessageContaining("not connected");
			client.connect();
			assertThat(client.ping()).isPositive().isLessThan(LIMIT);
		}
	}

	@Test
	void disconnectedClientCanConnectAgainAndKeepsItsSubscriptions() {
		Inbox inbox = new Inbox();
		try (MqttClient client = this.target.client().build()) {
			client.connect();
			client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, inbox);
			client.disconnect();
			assertThat(client.status().state()).isEqualTo(MqttClientState.DISCONNECTED);
			assertThat(client.status().server()).isNull();
			assertThat(client.status().lastError()).isNull();
			Delivery offline = client.publish(MqttMessage.of(this.topic, "offline"));
			assertThat(client.status().queue().messages()).isEqualTo(1);
			client.connect();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CONNECTED);
			offline.awaitAcknowledged(LIMIT);
			awaitSubscribed(client);
			client.publish(MqttMessage.of(this.topic, "online"));
			assertThat(inbox.await("online")).endsWith("online");
		}
	}

	@Test
	void closedClientTakesNothingMore() {
		MqttClient client = this.target.client().build();
		client.connect();
		client.close();
		client.close();
		assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
		assertThatExceptionOfType(MqttException.class).isThrownBy(client::connect).withMessageContaining("is closed");
		assertThatExceptionOfType(MqttException.class).isThrownBy(client::start).withMessageContaining("is closed");
		assertThatExceptionOfType(MqttException.class)
			.isThrownBy(() -> client.publish(MqttMessage.of(this.topic, "late")))
			.withMessageContaining("is closed");
		assertThatExceptionOfType(MqttException.class)
			.isThrownBy(() -> client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, new Inbox()))
			.withMessageContaining("is closed");
	}

	@ParameterizedTest
	@EnumSource
	void callbackAndFutureTellHowAPublishEnded(MqttQos qos) throws Exception {
		try (MqttClient client = this.target.client().build()) {
			client.connect();
			List<String> order = new ArrayList<>();
			CountDownLatch done = new CountDownLatch(20);
			for (int i = 0; i < 10; i++) {
				String number = Integer.toString(i);
				Delivery delivery = client.publish(message(number, qos), (ended) -> {
					order.add("callback " + ended.message().payloadAsString() + " " + ended.failure());
					done.countDown();
				});
				delivery.acknowledged().thenAccept((ended) -> done.countDown());
			}
			assertThat(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			assertThat(order).isEqualTo(IntStream.range(0, 10).mapToObj((i) -> "callback " + i + " null").toList());
		}
	}

	@Test
	void waitsAreForWhatTheySay() {
		try (MqttClient client = this.target.client().build()) {
			Delivery none = client.publish(message("none", MqttQos.AT_LEAST_ONCE), Wait.NONE);
			assertThat(none.isSent()).isFalse();
			assertThat(none.isDone()).isFalse();
			client.connect();
			Delivery sent = client.publish(message("sent", MqttQos.AT_LEAST_ONCE), Wait.SENT);
			assertThat(sent.isSent()).isTrue();
			Delivery acknowledged = client.publish(message("acknowledged", MqttQos.EXACTLY_ONCE), Wait.ACKNOWLEDGED);
			assertThat(acknowledged.isDone()).isTrue();
			assertThat(acknowledged.reasonCode()).isIn(MqttReasonCode.SUCCESS, MqttReasonCode.NO_MATCHING_SUBSCRIBERS);
			assertThat(none.awaitAcknowledged(LIMIT).isDone()).isTrue();
			assertThat(none.awaitSent(LIMIT)).isSameAs(none);
			assertThat(client.publish(message("qos 0", MqttQos.AT_MOST_ONCE), Wait.ACKNOWLEDGED).reasonCode()).isNull();
		}
	}

	@Test
	void asynchronousTwinsDoTheSame() throws Exception {
		Inbox inbox = new Inbox();
		try (MqttClient client = this.target.client().build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			CompletableFuture<Subscription> subscribed = client
				.subscribeAsync(SubscribeOptions.of(this.topic, MqttQos.AT_LEAST_ONCE), inbox);
			connected.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
			subscribed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
			client.publish(MqttMessage.of(this.topic, "hello"));
			inbox.await(1);
			client.unsubscribeAsync(this.topic).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
	}

	@Test
	void handlersOnOverlappingFiltersGetEachMessageOnce() {
		Inbox wide = new Inbox();
		Inbox narrow = new Inbox();
		Inbox same = new Inbox();
		try (MqttClient client = this.target.client()
			.subscribe(this.topic + "/#", MqttQos.AT_LEAST_ONCE, wide)
			.subscribe(this.topic + "/+", MqttQos.EXACTLY_ONCE, narrow)
			.subscribe(this.topic + "/+", MqttQos.AT_LEAST_ONCE, same)
			.build()) {
			client.connect();
			awaitSubscribed(client);
			for (int i = 0; i < 10; i++) {
				client.publish(MqttMessage.of(this.topic + "/a", Integer.toString(i)), Wait.ACKNOWLEDGED);
			}
			client.publish(MqttMessage.of(this.topic + "/a", "end"), Wait.ACKNOWLEDGED);
			List<String> expected = new ArrayList<>(numbers(10));
			expected.add("end");
			assertThat(wide.await("end")).isEqualTo(expected);
			assertThat(narrow.await("end")).isEqualTo(expected);
			assertThat(same.await("end")).isEqualTo(expected);
		}
	}

	@Test
	void exceptionInAHandlerIsLoggedWithTopicAndPacketIdAndTheConnectionLives() {
		Inbox inbox = new Inbox();
		MqttClientBuilder builder = this.target.client();
		try (MqttClient client = builder.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, (message) -> {
			inbox.handle(message);
			if (message.payloadAsString().equals("bad")) {
				throw new IllegalStateException("cannot");
			}
		}).build(); CapturedLog log = new CapturedLog(client.name())) {
			client.connect();
			awaitSubscribed(client);
			client.publish(MqttMessage.of(this.topic, "bad"), Wait.ACKNOWLEDGED);
			client.publish(MqttMessage.of(this.topic, "good"), Wait.ACKNOWLEDGED);
			assertThat(inbox.await(2)).containsExactly("bad", "good");
			assertThat(log.lines(Level.ERROR)).singleElement()
				.asString()
				.contains(this.topic)
				.containsPattern("packet id \\d+");
			assertThat(client.statistics().connects()).isEqualTo(1);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().inFlight().qos1AwaitingHandler() == 0);
		}
	}

	@Test
	void statusTellsWhatTheBrokerSaid() {
		MqttClientBuilder builder = this.target.client().clientId("status-" + Target.uniqueName());
		try (MqttClient client = builder.subscribe(this.topic, MqttQos.EXACTLY_ONCE, new Inbox()).build()) {
			MqttClientStatus before = client.status();
			assertThat(before.state()).isEqualTo(MqttClientState.DISCONNECTED);
			assertThat(before.server()).isNull();
			client.connect();
			awaitSubscribed(client);
			MqttClientStatus status = client.status();
			assertThat(status.name()).isEqualTo(client.name());
			assertThat(status.state()).isEqualTo(MqttClientState.CONNECTED);
			assertThat(status.uri()).isEqualTo(this.target.broker().uri());
			assertThat(status.clientId()).startsWith("status-");
			assertThat(status.version()).isEqualTo(this.target.version());
			assertThat(status.since()).isAfterOrEqualTo(before.since());
			assertThat(status.sessionPresent()).isFalse();
			assertThat(status.attempts()).isZero();
			assertThat(status.lastError()).isNull();
			assertThat(status.server()).isNotNull();
			assertThat(status.server().maximumQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
			assertThat(status.server().retainAvailable()).isTrue();
			assertThat(status.server().receiveMaximum()).isPositive();
			assertThat(status.server().keepAlive()).isPositive();
			assertThat(status.inFlight()).isEqualTo(NOTHING_IN_FLIGHT);
			assertThat(status.queue()).isEqualTo(new MqttClientStatus.Queue(0, 0));
			assertThat(status.subscriptions()).singleElement()
				.isEqualTo(new MqttClientStatus.SubscriptionStatus(this.topic, MqttQos.EXACTLY_ONCE,
						MqttQos.EXACTLY_ONCE, null, List.of(this.topic)));
			client.disconnect();
			assertThat(client.status().state()).isEqualTo(MqttClientState.DISCONNECTED);
			client.close();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
		}
	}

	private MqttMessage message(String payload, MqttQos qos) {
		return MqttMessage.builder(this.topic).payload(payload.getBytes()).qos(qos).build();
	}

	private MqttMessage retained(String payload) {
		return MqttMessage.builder(this.topic).payload(payload.getBytes()).retained(true).build();
	}

	private void publish(String payload) {
		try (MqttClient publisher = this.target.client().build()) {
			publisher.connect();
			publisher.publish(MqttMessage.of(this.topic, payload), Wait.ACKNOWLEDGED);
		}
	}

	private static List<String> numbers(int count) {
		return IntStream.range(0, count).mapToObj(Integer::toString).toList();
	}

	private static void awaitSubscribed(MqttClient client) {
		Awaitility.await("all subscriptions are made")
			.atMost(LIMIT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> client.status().subscriptions().stream().allMatch((one) -> one.grantedQos() != null));
	}

}
