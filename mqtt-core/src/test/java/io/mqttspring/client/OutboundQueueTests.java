package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.OutboundOptions.OfflineQos0;
import io.mqttspring.client.OutboundOptions.WhenFull;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of messages that are not delivered: each policy, seen from outside.
 * Nothing goes quietly: the delivery fails, listeners are told, it is counted.
 */
@Timeout(60)
class OutboundQueueTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final List<String> dropped = Collections.synchronizedList(new ArrayList<>());

	private final List<String> failed = Collections.synchronizedList(new ArrayList<>());

	@Test
	void messageExpiresWhileThereIsNoConnection() {
		OutboundOptions outbound = OutboundOptions.DEFAULTS.withMessageExpiry(Duration.ofMillis(200));
		try (MqttClient client = unreachable(outbound)) {
			client.start();
			MqttMessage lasting = MqttMessage.builder("lasting").messageExpiry(Duration.ofHours(1)).build();
			Delivery first = client.publish(MqttMessage.of("a", "x"));
			Delivery second = client.publish(lasting);
			assertThatExceptionOfType(MqttPublishException.class).isThrownBy(() -> first.awaitAcknowledged(LIMIT))
				.withMessageContaining("expiry");
			assertThat(second.isDone()).isFalse();
			assertThat(client.status().queue().messages()).isEqualTo(1);
			assertThat(client.statistics().dropped()).isEqualTo(Map.of(MqttDropCause.EXPIRED, 1L));
			awaitTold("a EXPIRED");
			assertThat(this.failed).containsExactly("a");
		}
	}

	@Test
	void messageExpiresBeforeTheClientIsStarted() {
		OutboundOptions outbound = OutboundOptions.DEFAULTS.withMessageExpiry(Duration.ofMillis(50));
		try (MqttClient client = unreachable(outbound)) {
			Delivery delivery = client.publish(MqttMessage.of("a", "x"));
			assertThatExceptionOfType(MqttPublishException.class).isThrownBy(() -> delivery.awaitAcknowledged(LIMIT));
		}
	}

	@Test
	void whatWaitsIsSentWithWhatIsLeftOfItsExpiry() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker, OutboundOptions.DEFAULTS)) {
			client.publish(MqttMessage.builder("a").messageExpiry(Duration.ofSeconds(100)).build());
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			// Property 02, 100 seconds or, on a machine that is slow, a little less
			assertThat(link.expect(ScriptedBroker.PUBLISH).hex()).matches("32 0B 00 01 61 .. .. 05 02 00 00 00 6[0-4]");
		}
	}

	@Test
	void fullQueueDropsTheOldestOfQos0() {
		OutboundOptions outbound = OutboundOptions.DEFAULTS.withQueue(3, 1000)
			.withWhenFull(WhenFull.DROP_OLDEST_QOS0)
			.withTimeout(Duration.ofMillis(100));
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker, outbound)) {
			client.publish(message("1", MqttQos.AT_LEAST_ONCE));
			Delivery oldest = client.publish(message("2", MqttQos.AT_MOST_ONCE));
			client.publish(message("3", MqttQos.AT_MOST_ONCE));
			client.publish(message("4", MqttQos.AT_LEAST_ONCE));
			client.publish(message("5", MqttQos.AT_LEAST_ONCE));
			assertThat(oldest.failure()).isInstanceOf(MqttPublishException.class).hasMessageContaining("full");
			awaitTold("2 QUEUE_FULL", "3 QUEUE_FULL");
			assertThatExceptionOfType(MqttQueueFullException.class)
				.isThrownBy(() -> client.publish(message("6", MqttQos.AT_LEAST_ONCE)));
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			assertThat(topics(link, 3)).containsExactly("1", "4", "5");
			assertThat(client.statistics().dropped()).isEqualTo(Map.of(MqttDropCause.QUEUE_FULL, 2L));
			assertThat(client.statistics().accepted()).isEqualTo(5);
		}
	}

	@Test
	void fullQueueDropsTheNewestOfQos0() {
		OutboundOptions outbound = OutboundOptions.DEFAULTS.withQueue(2, 1000)
			.withWhenFull(WhenFull.DROP_NEWEST_QOS0)
			.withTimeout(Duration.ofMillis(100));
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker, outbound)) {
			client.publish(message("1", MqttQos.AT_MOST_ONCE));
			client.publish(message("2", MqttQos.AT_LEAST_ONCE));
			Delivery newest = client.publish(message("3", MqttQos.AT_MOST_ONCE));
			assertThat(newest.failure()).hasMessageContaining("full");
			awaitTold("3 QUEUE_FULL");
			assertThatExceptionOfType(MqttQueueFullException.class)
				.isThrownBy(() -> client.publish(message("4", MqttQos.AT_LEAST_ONCE)));
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			assertThat(topics(link, 2)).containsExactly("1", "2");
		}
	}

	@Test
	void bytesBoundTheQueueAsMessagesDo() {
		OutboundOptions outbound = OutboundOptions.DEFAULTS.withQueue(1000, 100).withWhenFull(WhenFull.FAIL);
		try (MqttClient client = unreachable(outbound)) {
			client.publish(MqttMessage.of("a", new byte[98]));
			assertThat(client.status().queue()).isEqualTo(new MqttClientStatus.Queue(1, 99));
			assertThatExceptionOfType(MqttQueueFullException.class)
				.isThrownBy(() -> client.publish(MqttMessage.of("a", new byte[1])))
				.withMessageContaining("99 of 100 bytes");
		}
	}

	@Test
	void offlineQos0FailsByPolicy() {
		try (MqttClient client = unreachable(OutboundOptions.DEFAULTS.withOfflineQos0(OfflineQos0.FAIL))) {
			assertThatExceptionOfType(MqttPublishException.class)
				.isThrownBy(() -> client.publish(message("a", MqttQos.AT_MOST_ONCE)))
				.withMessageContaining("offline-qos0");
			assertThat(client.publish(message("b", MqttQos.AT_LEAST_ONCE)).isDone()).isFalse();
			assertThat(client.statistics().accepted()).isEqualTo(1);
		}
	}

	@Test
	void offlineQos0IsDroppedByPolicy() {
		try (MqttClient client = unreachable(OutboundOptions.DEFAULTS.withOfflineQos0(OfflineQos0.DROP))) {
			Delivery delivery = client.publish(message("a", MqttQos.AT_MOST_ONCE));
			assertThat(delivery.failure()).hasMessageContaining("offline-qos0");
			awaitTold("a OFFLINE");
			assertThat(client.statistics().dropped()).isEqualTo(Map.of(MqttDropCause.OFFLINE, 1L));
		}
	}

	@Test
	void whatTheBrokerDoesNotTakeIsNotSent() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker, OutboundOptions.DEFAULTS)) {
			client.connectAsync();
			// Maximum QoS 1, Retain Available 0, Maximum Packet Size 100
			Link link = broker.accept("20 0C 00 00 09 24 01 25 00 27 00 00 00 64");
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			assertThat(client.publish(message("1", MqttQos.EXACTLY_ONCE)).failure()).hasMessageContaining("QoS");
			assertThat(client.publish(MqttMessage.builder("2").retained(true).build()).failure())
				.hasMessageContaining("retained");
			assertThat(client.publish(MqttMessage.of("3", new byte[100])).failure()).hasMessageContaining("maximum");
			client.publish(message("4", MqttQos.AT_LEAST_ONCE));
			assertThat(topics(link, 1)).containsExactly("4");
			awaitTold("1 NOT_SUPPORTED", "2 NOT_SUPPORTED", "3 NOT_SUPPORTED");
		}
	}

	@Test
	void qos0ThatWasBeingWrittenWhenTheConnectionWasLostIsToldOf() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker, OutboundOptions.DEFAULTS.withTimeout(Duration.ofMillis(300)))) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			MqttMessage large = MqttMessage.builder("a")
				.payload(new byte[32 << 20]) // more than any buffer of the system
				.qos(MqttQos.AT_MOST_ONCE)
				.build();
			Delivery delivery = client.publish(large);
			Awaitility.await().atMost(LIMIT).until(() -> client.status().queue().messages() == 0);
			link.expectFirstByte(0x30);
			link.reset();
			assertThatExceptionOfType(MqttPublishException.class).isThrownBy(() -> delivery.awaitAcknowledged(LIMIT))
				.withMessageContaining("lost while it was being written");
			awaitTold("a CONNECTION_LOST");
		}
	}

	@ParameterizedTest
	@EnumSource
	void booksBalanceAndWhatWasNotAcknowledgedIsSentAgainInOrder(MqttVersion version) throws Exception {
		boolean v5 = version == MqttVersion.MQTT_5;
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = MqttClient.builder(broker.uri())
					.version(version)
					.clientId(Target.uniqueName())
					.reconnect(Target.soon())
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			Link link = broker.accept(v5 ? ScriptedBroker.CONNACK_5 : ScriptedBroker.CONNACK_3);
			connected.get();
			for (int i = 0; i < 10; i++) {
				client.publish(message(Integer.toString(i), MqttQos.AT_LEAST_ONCE));
			}
			List<ScriptedBroker.Packet> sent = IntStream.range(0, 10)
				.mapToObj((i) -> link.expect(ScriptedBroker.PUBLISH))
				.toList();
			sent.subList(0, 4).forEach(link::acknowledge);
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.statistics().acknowledged().get(MqttQos.AT_LEAST_ONCE) == 4);
			assertThat(client.status().inFlight().awaitingPuback()).isEqualTo(6);
			assertThat(client.status().inFlight().oldest()).isPositive();
			link.reset();
			Link again = broker.accept(v5 ? "20 03 01 00 00" : "20 02 01 00");
			for (int i = 4; i < 10; i++) {
				ScriptedBroker.Packet packet = again.expect(ScriptedBroker.PUBLISH);
				assertThat(packet.topic()).isEqualTo(Integer.toString(i));
				assertThat(packet.duplicate()).isTrue();
				assertThat(packet.packetId()).isEqualTo(sent.get(i).packetId());
				again.acknowledge(packet);
			}
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.statistics().acknowledged().get(MqttQos.AT_LEAST_ONCE) == 10);
			assertThat(client.statistics().accepted()).isEqualTo(10);
			assertThat(client.status().inFlight().oldest()).isNull();
		}
	}

	private MqttClient unreachable(OutboundOptions outbound) {
		return build(MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next()), outbound);
	}

	private MqttClient client(ScriptedBroker broker, OutboundOptions outbound) {
		return build(MqttClient.builder(broker.uri()), outbound);
	}

	private MqttClient build(MqttClientBuilder builder, OutboundOptions outbound) {
		return builder.version(MqttVersion.MQTT_5)
			.reconnect(Target.soon())
			.shutdownTimeout(Duration.ZERO)
			.outbound(outbound)
			.listener(new MqttClientListener() {

				@Override
				public void dropped(MqttClient client, MqttMessage message, MqttDropCause cause) {
					OutboundQueueTests.this.dropped.add(message.topic() + " " + cause);
				}

				@Override
				public void deliveryFailed(MqttClient client, Delivery delivery) {
					OutboundQueueTests.this.failed.add(delivery.message().topic());
				}

			})
			.build();
	}

	private void awaitTold(String... drops) {
		Awaitility.await()
			.atMost(LIMIT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.untilAsserted(() -> assertThat(this.dropped).containsExactly(drops));
	}

	private static MqttMessage message(String topic, MqttQos qos) {
		return MqttMessage.builder(topic).qos(qos).build();
	}

	private static List<String> topics(Link link, int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> link.expect(ScriptedBroker.PUBLISH).topic())
			.collect(Collectors.toList());
	}

}
