package io.mqttspring.annotation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.Wait;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.HiveMqBroker;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.Target;
import io.mqttspring.core.MqttHeaders;
import io.mqttspring.core.MqttLifecyclePhases;
import io.mqttspring.core.MqttSendResult;
import io.mqttspring.core.MqttTemplate;
import io.mqttspring.observation.MqttClientMetrics;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handlers and template with the real client and a real broker.
 */
class MqttSubscribeBrokerTests {

	private final String fleet = Target.uniqueName();

	@ParameterizedTest
	@EnumSource
	void messageOfADeviceReachesItsHandlerAndACommandGoesBack(MqttVersion version) throws Exception {
		Inbox commands = new Inbox();
		try (MqttClient device = client(version).subscribe(this.fleet + "/7/command", MqttQos.AT_LEAST_ONCE, commands)
			.build(); var context = context(client(version).build())) {
			device.connect();
			MqttClient adapter = context.getBean(MqttClient.class);
			awaitSubscribed(adapter);
			device.publish(MqttMessage.of(this.fleet + "/7/telemetry", "{\"value\":93.5}"), Wait.ACKNOWLEDGED);
			FleetHandlers handlers = context.getBean(FleetHandlers.class);
			assertThat(List.of(handlers.next(), handlers.next())).containsExactlyInAnyOrder("7: Reading[value=93.5]",
					this.fleet + "/7/telemetry: {\"value\":93.5}");
			MqttTemplate template = new MqttTemplate(adapter);
			template.newMessage(new Command("reboot"))
				.withTopic(this.fleet + "/{deviceId}/command", 7)
				.withQos(MqttQos.EXACTLY_ONCE)
				.send();
			assertThat(commands.await(1)).containsExactly("{\"name\":\"reboot\"}");
			MqttSendResult result = template.sendAsync(this.fleet + "/8/command", "stop").get(20, TimeUnit.SECONDS);
			assertThat(result.reasonCode()).isIn(MqttReasonCode.SUCCESS, MqttReasonCode.NO_MATCHING_SUBSCRIBERS);
		}
	}

	@ParameterizedTest
	@EnumSource
	// PAINS 7
	void exceptionOfAHandlerIsLoggedAndTheNextMessageIsHandled(MqttVersion version) throws Exception {
		MqttClient adapter = client(version).build();
		try (CapturedLog log = new CapturedLog(adapter.name()); var context = context(adapter)) {
			awaitSubscribed(adapter);
			adapter.publish(MqttMessage.of(this.fleet + "/7/telemetry", "no JSON"), Wait.ACKNOWLEDGED);
			adapter.publish(MqttMessage.of(this.fleet + "/7/telemetry", "{\"value\":1.0}"), Wait.ACKNOWLEDGED);
			FleetHandlers handlers = context.getBean(FleetHandlers.class);
			assertThat(List.of(handlers.next(), handlers.next(), handlers.next())).contains("7: Reading[value=1.0]");
			assertThat(log.lines(Level.ERROR)).anyMatch((line) -> line
				.contains("handler 'readings' failed on a message of topic '%s/7/telemetry' (packet id "
					.formatted(this.fleet)));
			assertThat(adapter.statistics().connects()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource
	// PAINS 3
	void messagesThatCameWhileTheApplicationWasAwayAreHandledWhenItIsBack(MqttVersion version) throws Exception {
		String clientId = Target.uniqueName();
		try (var context = context(client(version).clientId(clientId).build())) {
			awaitSubscribed(context.getBean(MqttClient.class));
		}
		try (MqttClient device = client(version).build()) {
			device.connect();
			for (int i = 0; i < 100; i++) {
				device.publish(MqttMessage.of(this.fleet + "/7/telemetry", "{\"value\":%d.0}".formatted(i)),
						Wait.ACKNOWLEDGED);
			}
		}
		try (var context = context(client(version).clientId(clientId).build())) {
			FleetHandlers handlers = context.getBean(FleetHandlers.class);
			for (int i = 0; i < 200; i++) {
				handlers.next();
			}
			assertThat(context.getBean(MqttClient.class).status().sessionPresent()).isTrue();
			assertThat(handlers.readings).hasSize(100).startsWith(0.0).endsWith(99.0).isSorted();
		}
	}

	@ParameterizedTest
	@EnumSource
	void metersTellWhatTheClientDoes(MqttVersion version) throws Exception {
		try (var context = context(client(version).build())) {
			MqttClient adapter = context.getBean(MqttClient.class);
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			new MqttClientMetrics(adapter).bindTo(registry);
			awaitSubscribed(adapter);
			new MqttTemplate(adapter).send(this.fleet + "/7/telemetry", "{\"value\":1.0}");
			context.getBean(FleetHandlers.class).next();
			assertThat(registry.get("mqtt.client.connected").gauge().value()).isOne();
			assertThat(registry.get("mqtt.client.published").tag("qos", "1").functionCounter().count()).isOne();
			assertThat(registry.get("mqtt.client.received").tag("qos", "1").functionCounter().count()).isOne();
			assertThat(registry.get("mqtt.client.acknowledged").tag("qos", "1").functionTimer().count()).isOne();
			assertThat(registry.get("mqtt.client.bytes").tag("direction", "inbound").functionCounter().count())
				.isPositive();
			assertThat(registry.get("mqtt.client.subscriptions").tag("state", "granted").gauge().value()).isEqualTo(2);
		}
	}

	private static MqttClientBuilder client(MqttVersion version) {
		return MqttClient.builder(HiveMqBroker.shared().uri())
			.name(Target.uniqueName())
			.version(version)
			.reconnect(Target.soon());
	}

	private static void awaitSubscribed(MqttClient client) {
		Awaitility.await()
			.until(() -> client.status().subscriptions().stream().allMatch((filter) -> filter.grantedQos() != null));
	}

	private AnnotationConfigApplicationContext context(MqttClient client) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("fleet", this.fleet)));
		context.registerBean("mqttClient", MqttClient.class, () -> client);
		context.register(Enabled.class, FleetHandlers.class, ClientLifecycle.class);
		context.refresh();
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMqtt
	static class Enabled {

	}

	record Reading(double value) {
	}

	record Command(String name) {
	}

	static class FleetHandlers {

		private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

		private final List<Double> readings = new CopyOnWriteArrayList<>();

		@MqttSubscribe(topics = "${fleet}/{deviceId}/telemetry", id = "readings")
		void telemetry(Reading reading, @DestinationVariable String deviceId) {
			this.readings.add(reading.value());
			this.calls.add(deviceId + ": " + reading);
		}

		@MqttSubscribe("${fleet}/+/#")
		void all(String payload, @Header(MqttHeaders.RECEIVED_TOPIC) String topic) {
			if (topic.endsWith("/telemetry")) {
				this.calls.add(topic + ": " + payload);
			}
		}

		String next() throws InterruptedException {
			String call = this.calls.poll(20, TimeUnit.SECONDS);
			assertThat(call).as("a call within 20 s").isNotNull();
			return call;
		}

	}

	static class ClientLifecycle implements SmartLifecycle {

		private final MqttClient client;

		private volatile boolean running;

		ClientLifecycle(MqttClient client) {
			this.client = client;
		}

		@Override
		public int getPhase() {
			return MqttLifecyclePhases.CLIENT;
		}

		@Override
		public void start() {
			this.client.start();
			this.running = true;
		}

		@Override
		public void stop() {
			this.client.close();
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
