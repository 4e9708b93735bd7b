package io.mqttspring.boot.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

import io.mqttspring.annotation.MqttSubscribe;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starting and stopping an application with a broker that is there, comes later, or does
 * not come: the real client on a real socket.
 */
class MqttStartupTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
		.withPropertyValues("mqtt.reconnect.initial-delay=20ms", "mqtt.reconnect.max-delay=20ms");

	@Test
	void continueStartsWithoutBrokerAndConnectsWhenItComes() {
		int port = TestBroker.freePort();
		this.contextRunner.withPropertyValues("mqtt.uri=" + TestBroker.uri(port)).run((context) -> {
			MqttClient client = context.getBean(MqttClient.class);
			await().until(() -> client.status().attempts() > 0);
			client.publish(MqttMessage.of("plant/1/state", "waits for the broker"));
			try (TestBroker broker = TestBroker.startAt(port)) {
				await().untilAsserted(() -> assertThat(broker.received()).containsExactly("CONNECT", "PUBLISH"));
				assertThat(client.status().state()).isEqualTo(MqttClientState.CONNECTED);
			}
		});
	}

	@Test
	void waitGoesOnWithConnection() {
		try (TestBroker broker = TestBroker.start()) {
			this.contextRunner.withPropertyValues("mqtt.uri=" + broker.uri(), "mqtt.startup.policy=wait")
				.run((context) -> assertThat(context.getBean(MqttClient.class).status().state())
					.isEqualTo(MqttClientState.CONNECTED));
		}
	}

	@Test
	void waitGoesOnWithoutConnectionAfterTimeout() {
		this.contextRunner
			.withPropertyValues("mqtt.uri=" + TestBroker.uri(TestBroker.freePort()), "mqtt.startup.policy=wait",
					"mqtt.startup.timeout=100ms")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MqttClient.class).status().state()).isEqualTo(MqttClientState.RECONNECTING);
			});
	}

	@Test
	void failEndsTheStartAfterTimeoutWithAddressAndCause() {
		String uri = TestBroker.uri(TestBroker.freePort());
		this.contextRunner
			.withPropertyValues("mqtt.uri=" + uri, "mqtt.startup.policy=fail", "mqtt.startup.timeout=100ms")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("MqttStartupException: No connection to the MQTT broker at " + uri)
				.hasStackTraceContaining("Connection refused"));
	}

	@Test
	void failEndsTheStartAtOnceWhenRefused() {
		try (TestBroker broker = TestBroker.refusing()) {
			this.contextRunner
				.withPropertyValues("mqtt.uri=" + broker.uri(), "mqtt.startup.policy=fail", "mqtt.startup.timeout=10m")
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("BAD_USER_NAME_OR_PASSWORD"));
		}
	}

	@Test
	void failEndsTheStartWhenAttemptsAreUsedUp() {
		this.contextRunner
			.withPropertyValues("mqtt.uri=" + TestBroker.uri(TestBroker.freePort()), "mqtt.startup.policy=fail",
					"mqtt.startup.timeout=10m", "mqtt.reconnect.max-attempts=2")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("Connection refused"));
		this.contextRunner
			.withPropertyValues("mqtt.uri=" + TestBroker.uri(TestBroker.freePort()), "mqtt.startup.policy=fail",
					"mqtt.startup.timeout=10m", "mqtt.reconnect.enabled=false")
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("Connection refused"));
	}

	@Test
	void closeFinishesPublishesAndSendsDisconnect() {
		try (TestBroker broker = TestBroker.start()) {
			this.contextRunner.withPropertyValues("mqtt.uri=" + broker.uri(), "mqtt.startup.policy=wait")
				.run((context) -> context.getBean(MqttClient.class)
					.publish(MqttMessage.of("plant/1/state", "the last one")));
			await().untilAsserted(
					() -> assertThat(broker.received()).containsExactly("CONNECT", "PUBLISH", "DISCONNECT", "END"));
		}
	}

	@Test
	void closeLetsHandlersComeToAnEndBeforeWhatTheyUseIsDestroyed() {
		try (TestBroker broker = TestBroker.start()) {
			broker.deliver("plant/1/state");
			AtomicBoolean destroyed = new AtomicBoolean();
			AtomicReference<Boolean> destroyedWhenHandled = new AtomicReference<>();
			CountDownLatch handling = new CountDownLatch(1);
			this.contextRunner.withPropertyValues("mqtt.uri=" + broker.uri())
				.withBean("handler", SlowHandler.class)
				.withBean("resource", AutoCloseable.class, () -> () -> destroyed.set(true))
				.run((context) -> {
					MqttClient client = context.getBean(MqttClient.class);
					context.getBean(SlowHandler.class).task = () -> {
						handling.countDown();
						await().until(() -> client.status().state() == MqttClientState.CLOSING);
						destroyedWhenHandled.set(destroyed.get());
					};
					assertThat(handling.await(30, TimeUnit.SECONDS)).isTrue();
				});
			assertThat(destroyed).isTrue();
			assertThat(destroyedWhenHandled).hasValue(false);
			await().untilAsserted(() -> assertThat(broker.received()).containsExactly("CONNECT", "SUBSCRIBE", "PUBACK",
					"DISCONNECT", "END"));
		}
	}

	@Test
	void stoppedContextCanBeStartedAgain() {
		try (TestBroker broker = TestBroker.start()) {
			this.contextRunner.withPropertyValues("mqtt.uri=" + broker.uri(), "mqtt.startup.policy=wait")
				.run((context) -> {
					context.stop();
					MqttClient client = context.getBean(MqttClient.class);
					assertThat(client.status().state()).isEqualTo(MqttClientState.DISCONNECTED);
					client.publish(MqttMessage.of("plant/1/state", "waits for the start"));
					context.start();
					await().untilAsserted(() -> assertThat(broker.received()).containsExactly("CONNECT", "DISCONNECT",
							"END", "CONNECT", "PUBLISH"));
				});
		}
	}

	@Test
	void failedStartLeavesNoThread() {
		this.contextRunner
			.withPropertyValues("mqtt.uri=" + TestBroker.uri(TestBroker.freePort()), "mqtt.startup.policy=fail",
					"mqtt.startup.timeout=100ms")
			.withBean("handler", SlowHandler.class)
			.run((context) -> assertThat(context).hasFailed());
		noThreadIsLeft();
	}

	@Test
	void startThatFailsLaterLeavesNoThread() {
		this.contextRunner.withPropertyValues("mqtt.uri=" + TestBroker.uri(TestBroker.freePort()))
			.withBean("handler", SlowHandler.class)
			.withBean("web", FailingLifecycle.class)
			.run((context) -> assertThat(context).hasFailed());
		noThreadIsLeft();
	}

	private static void noThreadIsLeft() {
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("mqtt-")));
	}

	static class FailingLifecycle implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("The port is taken");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	static class SlowHandler {

		private volatile Runnable task;

		@MqttSubscribe("plant/+/state")
		void handle(byte[] state) {
			await().until(() -> this.task != null);
			this.task.run();
		}

	}

}
