package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.Target;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PAINS number 10, deadlock when the client is called from its own callback: Paho #310,
 * #985, #999, #31; HiveMQ client #522. Everything that can be called is called from
 * everywhere, at the worst moment: from a handler whose lane is full, so that the reader
 * waits for this very handler.
 */
@ParameterizedClass
@MethodSource("io.mqttspring.client.testing.Target#all")
class Pain10DeadlockTests {

	private static final long LIMIT_SECONDS = 10;

	private static final int CAPACITY = 4;

	private static final int FLOOD = 40;

	@Parameter
	Target target;

	private final String topic = "pain10/" + Target.uniqueName();

	@ParameterizedTest
	@EnumSource
	void pain10_clientCanBeCalledFromAHandlerWhoseLaneIsFull(Call call) throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		AtomicBoolean first = new AtomicBoolean(true);
		Inbox inbox = new Inbox();
		Fixture fixture = new Fixture(this.topic);
		MqttClientBuilder builder = this.target.client()
			.clientId(Target.uniqueName())
			.shutdownTimeout(Duration.ofSeconds(60))
			.inbound(InboundOptions.DEFAULTS.withLaneCapacity(CAPACITY));
		fixture.client = builder.build();
		try (MqttClient client = fixture.client; MqttClient publisher = this.target.client().build()) {
			client.connect();
			publisher.connect();
			fixture.other = client.subscribe(this.topic + "/other", MqttQos.AT_LEAST_ONCE, new Inbox());
			fixture.own = client.subscribe(this.topic, MqttQos.AT_MOST_ONCE, (message) -> {
				if (first.getAndSet(false)) {
					// one here, one in the lane, one at its door
					awaitReceived(client, 4);
					callInto(called, call, fixture);
				}
				inbox.handle(message);
			});
			for (int i = 0; i < FLOOD; i++) {
				publisher.publish(message(this.topic, Integer.toString(i), MqttQos.AT_MOST_ONCE));
			}
			called.get(LIMIT_SECONDS, TimeUnit.SECONDS);
			if (!call.endsHandling) {
				inbox.await(FLOOD);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "JOIN_A_DELIVERY", "GET_A_DELIVERY", "GET_A_SUBSCRIPTION" })
	void pain10_clientCanBeCalledFromACallback(Call call) throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		callFrom(call, called, (fixture) -> fixture.client.publish(MqttMessage.of(this.topic, "x"),
				(delivery) -> callInto(called, call, fixture)));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "JOIN_A_DELIVERY", "GET_A_DELIVERY", "GET_A_SUBSCRIPTION" })
	void pain10_clientCanBeCalledFromTheContinuationOfAFuture(Call call) throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		callFrom(call, called,
				(fixture) -> fixture.client.publish(MqttMessage.of(this.topic, "x"))
					.acknowledged()
					.thenRun(() -> callInto(called, call, fixture)));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "JOIN_A_DELIVERY", "GET_A_DELIVERY", "GET_A_SUBSCRIPTION" })
	void pain10_clientCanBeCalledFromAListener(Call call) throws Exception {
		CompletableFuture<Void> called = new CompletableFuture<>();
		callFrom(call, called, (fixture) -> {
			fixture.client.disconnect();
			fixture.client.addListener(new MqttClientListener() {

				@Override
				public void connected(MqttClient client, boolean sessionPresent) {
					callInto(called, call, fixture);
				}

			});
			fixture.client.connectAsync();
		});
	}

	private void callFrom(Call call, CompletableFuture<Void> called, Action from) throws Exception {
		Fixture fixture = new Fixture(this.topic);
		fixture.client = this.target.client().shutdownTimeout(Duration.ofSeconds(60)).build();
		try (MqttClient client = fixture.client) {
			client.connect();
			fixture.other = client.subscribe(this.topic + "/other", MqttQos.AT_LEAST_ONCE, new Inbox());
			fixture.own = client.subscribe(this.topic, MqttQos.AT_LEAST_ONCE, new Inbox());
			from.on(fixture);
			called.get(LIMIT_SECONDS, TimeUnit.SECONDS);
		}
	}

	private static void callInto(CompletableFuture<Void> called, Call call, Fixture fixture) {
		if (called.isDone()) {
			return; // a call that connects again has got here again
		}
		try {
			call.action.on(fixture);
			called.complete(null);
		}
		catch (Throwable ex) {
			called.completeExceptionally(ex);
		}
	}

	private static void awaitReceived(MqttClient client, long count) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> client.statistics().received().get(MqttQos.AT_MOST_ONCE) >= count);
	}

	private static MqttMessage message(String topic, String payload, MqttQos qos) {
		return MqttMessage.builder(topic).payload(payload.getBytes()).qos(qos).build();
	}

	private interface Action {

		void on(Fixture fixture) throws Exception;

	}

	private static final class Fixture {

		private final String topic;

		private MqttClient client;

		private Subscription own;

		private Subscription other;

		Fixture(String topic) {
			this.topic = topic;
		}

		MqttMessage message(MqttQos qos) {
			return Pain10DeadlockTests.message(this.topic + "/answer", "answer", qos);
		}

	}

	enum Call {

		PUBLISH_AND_WAIT_QOS_0(
				(fixture) -> fixture.client.publish(fixture.message(MqttQos.AT_MOST_ONCE), Wait.ACKNOWLEDGED)),

		PUBLISH_AND_WAIT_QOS_1(
				(fixture) -> fixture.client.publish(fixture.message(MqttQos.AT_LEAST_ONCE), Wait.ACKNOWLEDGED)),

		PUBLISH_AND_WAIT_QOS_2(
				(fixture) -> fixture.client.publish(fixture.message(MqttQos.EXACTLY_ONCE), Wait.ACKNOWLEDGED)),

		PUBLISH_AND_AWAIT_DELIVERY((fixture) -> fixture.client.publish(fixture.message(MqttQos.EXACTLY_ONCE))
			.awaitAcknowledged(Duration.ofSeconds(LIMIT_SECONDS))),

		PUBLISH_MANY((fixture) -> {
			for (int i = 0; i < 1000; i++) {
				fixture.client.publish(fixture.message(MqttQos.AT_LEAST_ONCE));
			}
		}),

		SUBSCRIBE((fixture) -> assertThat(
				fixture.client.subscribe(fixture.topic + "/new", MqttQos.AT_LEAST_ONCE, new Inbox()).grantedQos())
			.isEqualTo(MqttQos.AT_LEAST_ONCE)),

		JOIN_A_DELIVERY((fixture) -> fixture.client.publish(fixture.message(MqttQos.AT_LEAST_ONCE))
			.acknowledged()
			.thenApply(Delivery::reasonCode)
			.join()),

		GET_A_DELIVERY((fixture) -> fixture.client.publish(fixture.message(MqttQos.EXACTLY_ONCE))
			.acknowledged()
			.get(LIMIT_SECONDS, TimeUnit.SECONDS)),

		GET_A_SUBSCRIPTION((fixture) -> fixture.client
			.subscribeAsync(SubscribeOptions.of(fixture.topic + "/later", MqttQos.AT_LEAST_ONCE), new Inbox())
			.get()),

		UNSUBSCRIBE_OTHER((fixture) -> fixture.other.unsubscribe()),

		UNSUBSCRIBE_BY_FILTER((fixture) -> fixture.client.unsubscribe(fixture.topic + "/other")),

		UNSUBSCRIBE_SELF(true, (fixture) -> fixture.own.unsubscribe()),

		PING((fixture) -> assertThat(fixture.client.ping()).isPositive()),

		STATUS((fixture) -> assertThat(fixture.client.status().state()).isEqualTo(MqttClientState.CONNECTED)),

		CONNECT((fixture) -> fixture.client.connect()),

		DISCONNECT(true, (fixture) -> fixture.client.disconnect()),

		DISCONNECT_AND_CONNECT(true, (fixture) -> {
			fixture.client.disconnect();
			fixture.client.connect();
		}),

		CLOSE(true, (fixture) -> fixture.client.close()),

		CLOSE_WITH_PUBLISH_IN_FLIGHT(true, (fixture) -> {
			Delivery delivery = fixture.client.publish(fixture.message(MqttQos.AT_LEAST_ONCE));
			fixture.client.close();
			assertThat(delivery.failure()).isNull();
			assertThat(delivery.isDone()).isTrue();
		});

		private final boolean endsHandling;

		private final Action action;

		Call(Action action) {
			this(false, action);
		}

		Call(boolean endsHandling, Action action) {
			this.endsHandling = endsHandling;
			this.action = action;
		}

	}

}
