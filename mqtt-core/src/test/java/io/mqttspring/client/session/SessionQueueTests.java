package io.mqttspring.client.session;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.OutboundOptions.OfflineQos0;
import io.mqttspring.client.OutboundOptions.WhenFull;
import io.mqttspring.client.session.Session.Offer;
import io.mqttspring.client.session.SessionHarness.Published;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The outgoing queue: its bounds, its policies, and expiry.
 */
class SessionQueueTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static SessionHarness harness(OutboundOptions options) {
		return new SessionHarness(MqttVersion.MQTT_5, options);
	}

	private static OutboundOptions queue(int maxMessages, long maxBytes) {
		return OutboundOptions.DEFAULTS.withQueue(maxMessages, maxBytes);
	}

	private static MqttMessage message(String topic, MqttQos qos) {
		return MqttMessage.builder(topic).qos(qos).build();
	}

	private static MqttMessage message(String topic, MqttQos qos, int payload) {
		return MqttMessage.builder(topic).qos(qos).payload(new byte[payload]).build();
	}

	// ---- bounds

	@ParameterizedTest
	@EnumSource
	void acceptsNoMoreMessagesThanTheQueueHolds(WhenFull whenFull) {
		SessionHarness harness = harness(queue(2, 1000).withWhenFull(whenFull));
		harness.publish("1", AT_LEAST_ONCE);
		harness.publish("2", AT_LEAST_ONCE);
		assertThat(harness.offer(message("3", AT_LEAST_ONCE)).offer).isEqualTo(Offer.FULL);
		harness.assertBooksBalance();
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 1", "PUBLISH 2 2");
		harness.publish("3", AT_LEAST_ONCE);
		assertThat(harness.sent()).containsExactly("PUBLISH 3 3");
	}

	@ParameterizedTest
	@EnumSource
	void acceptsNoMoreBytesThanTheQueueHolds(WhenFull whenFull) {
		SessionHarness harness = harness(queue(100, 100).withWhenFull(whenFull));
		harness.publish(message("1", AT_LEAST_ONCE, 49)); // 50 bytes with the topic
		harness.publish(message("2", AT_LEAST_ONCE, 48));
		assertThat(harness.session.counts().queuedBytes()).isEqualTo(99);
		assertThat(harness.offer(message("3", AT_LEAST_ONCE, 1)).offer).isEqualTo(Offer.FULL);
		assertThat(harness.offer(message("3", AT_LEAST_ONCE, 0)).offer).isEqualTo(Offer.ACCEPTED);
		assertThat(harness.session.counts().queuedBytes()).isEqualTo(100);
		harness.assertBooksBalance();
	}

	@Test
	void messageThatIsLargerThanTheWholeQueueWaitsInItAlone() {
		SessionHarness harness = harness(queue(100, 100));
		harness.publish(message("1", AT_LEAST_ONCE, 5000));
		assertThat(harness.offer(message("2", AT_LEAST_ONCE)).offer).isEqualTo(Offer.FULL);
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 1");
	}

	@Test
	void whatGoesStraightToTheWireNeedsNoRoomInTheQueue() {
		SessionHarness harness = harness(queue(1, 10_000)).connect();
		for (int i = 0; i < 10; i++) {
			harness.publish(message("1", AT_LEAST_ONCE, 100));
		}
		assertThat(harness.sent()).hasSize(10);
	}

	@Test
	void whatIsInFlightIsBoundedByBytesToo() {
		SessionHarness harness = harness(queue(10, 250)).connect();
		for (int i = 1; i <= 4; i++) {
			harness.publish(message("1", AT_LEAST_ONCE, 99));
		}
		assertThat(harness.sent()).hasSize(2);
		assertThat(harness.session.counts().queuedMessages()).isEqualTo(2);
		harness.brokerSends(pubAck(1));
		assertThat(harness.sent()).hasSize(1);
		harness.publish(message("1", AT_MOST_ONCE, 10));
		harness.brokerSends(pubAck(2), pubAck(3));
		assertThat(harness.sent()).hasSize(2);
		harness.brokerSends(pubAck(4));
		harness.publish(message("1", AT_LEAST_ONCE, 1000)); // alone
		assertThat(harness.sent()).hasSize(1);
	}

	@Test
	void whatIsInFlightTakesNoRoomInTheQueueUntilTheSessionIsLost() {
		SessionHarness harness = harness(queue(2, 1000).withMaxInFlight(2)).connect();
		harness.publish("1", AT_LEAST_ONCE);
		harness.publish("2", AT_LEAST_ONCE);
		harness.publish("3", AT_LEAST_ONCE);
		assertThat(harness.session.counts().queuedMessages()).isEqualTo(1);
		harness.sent();
		harness.loseConnection();
		assertThat(harness.session.counts().queuedMessages()).isEqualTo(1);
		harness.sendConnect();
		assertThat(harness.session.counts().awaitingPuback()).isEqualTo(2);
		harness.brokerSends(harness.connAck(false, ""));
		assertThat(harness.sent()).containsExactly("PUBLISH 3 1", "PUBLISH 4 2");
		assertThat(harness.session.counts().queuedMessages()).isEqualTo(1);
	}

	@Test
	void tellsWhenMoreThanAnEighthOfItIsFree() {
		SessionHarness harness = harness(queue(16, 1000));
		for (int i = 1; i <= 13; i++) {
			harness.publish("1", AT_LEAST_ONCE);
		}
		assertThat(harness.session.hasAmpleRoom()).isTrue();
		harness.publish("1", AT_LEAST_ONCE);
		assertThat(harness.session.hasAmpleRoom()).isFalse();
		SessionHarness bytes = harness(queue(4, 1000));
		bytes.publish(message("1", AT_LEAST_ONCE, 873));
		assertThat(bytes.session.hasAmpleRoom()).isTrue();
		bytes.publish("1", AT_LEAST_ONCE);
		assertThat(bytes.session.hasAmpleRoom()).isFalse();
		SessionHarness one = harness(queue(1, 1));
		assertThat(one.session.hasAmpleRoom()).isTrue();
		one.publish("1", AT_LEAST_ONCE);
		assertThat(one.session.hasAmpleRoom()).isFalse();
	}

	// ---- when it is full

	@Test
	void dropsTheOldestQos0() {
		SessionHarness harness = harness(queue(3, 1000).withWhenFull(WhenFull.DROP_OLDEST_QOS0));
		harness.publish("1", AT_LEAST_ONCE);
		Published oldest = harness.publish("2", AT_MOST_ONCE);
		Published next = harness.publish("3", AT_MOST_ONCE);
		harness.publish("4", EXACTLY_ONCE);
		assertThat(oldest.outcome).isEqualTo("dropped QUEUE_FULL");
		assertThat(oldest.failure).hasMessage(
				"Message to '2' was dropped: the outgoing queue was full (3 messages, 3 bytes) and this was its oldest of QoS 0");
		assertThat(next.outcome).isNull();
		harness.publish("5", AT_MOST_ONCE);
		assertThat(next.outcome).isEqualTo("dropped QUEUE_FULL");
		assertThat(harness.session.outboundFigures().dropped()).isEqualTo(Map.of(MqttDropCause.QUEUE_FULL, 2L));
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 1", "PUBLISH 2 4", "PUBLISH 5");
	}

	@Test
	void dropsAsManyOfTheOldestQos0AsItTakes() {
		SessionHarness harness = harness(queue(100, 100).withWhenFull(WhenFull.DROP_OLDEST_QOS0));
		Published first = harness.publish(message("1", AT_MOST_ONCE, 30));
		Published second = harness.publish(message("2", AT_MOST_ONCE, 30));
		Published third = harness.publish(message("3", AT_MOST_ONCE, 30));
		harness.publish(message("4", AT_LEAST_ONCE, 60));
		assertThat(first.outcome).isEqualTo("dropped QUEUE_FULL");
		assertThat(second.outcome).isEqualTo("dropped QUEUE_FULL");
		assertThat(third.outcome).isNull();
		harness.assertBooksBalance();
	}

	@Test
	void dropsNothingWhereThatWouldNotMakeRoomEnough() {
		SessionHarness harness = harness(queue(100, 100).withWhenFull(WhenFull.DROP_OLDEST_QOS0));
		harness.publish(message("1", AT_LEAST_ONCE, 60));
		Published qos0 = harness.publish(message("2", AT_MOST_ONCE, 20));
		assertThat(harness.offer(message("3", AT_LEAST_ONCE, 50)).offer).isEqualTo(Offer.FULL);
		assertThat(qos0.outcome).isNull();
		harness.assertBooksBalance();
	}

	@Test
	void aMessageLargerThanTheQueueTakesThePlaceOfAllQos0() {
		SessionHarness harness = harness(queue(100, 100).withWhenFull(WhenFull.DROP_OLDEST_QOS0));
		Published qos0 = harness.publish(message("1", AT_MOST_ONCE, 20));
		harness.publish(message("2", AT_LEAST_ONCE, 5000));
		assertThat(qos0.outcome).isEqualTo("dropped QUEUE_FULL");
		harness.assertBooksBalance();
	}

	@Test
	void doesNotDropQos0ThatIsOnItsWay() {
		SessionHarness harness = harness(queue(1, 1000).withWhenFull(WhenFull.DROP_OLDEST_QOS0).withMaxInFlight(1));
		harness.connect();
		Published encoded = harness.publish("1", AT_MOST_ONCE);
		harness.publish("2", AT_LEAST_ONCE);
		harness.publish("3", AT_LEAST_ONCE); // waits for the window
		assertThat(harness.offer(message("4", AT_LEAST_ONCE)).offer).isEqualTo(Offer.FULL);
		assertThat(encoded.outcome).isNull();
		assertThat(harness.sent()).containsExactly("PUBLISH 1", "PUBLISH 1 2");
	}

	@Test
	void dropsTheNewestQos0AndMakesOthersWait() {
		SessionHarness harness = harness(queue(2, 1000).withWhenFull(WhenFull.DROP_NEWEST_QOS0));
		harness.publish("1", AT_MOST_ONCE);
		harness.publish("2", AT_LEAST_ONCE);
		Published newest = harness.publish("3", AT_MOST_ONCE);
		assertThat(newest.outcome).isEqualTo("dropped QUEUE_FULL");
		assertThat(newest.failure)
			.hasMessage("Message to '3' was dropped: the outgoing queue is full (2 messages, 2 bytes)");
		assertThat(harness.offer(message("4", AT_LEAST_ONCE)).offer).isEqualTo(Offer.FULL);
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1", "PUBLISH 1 2");
	}

	@ParameterizedTest
	@EnumSource(names = { "WAIT", "FAIL" })
	void dropsNothingUnlessToldTo(WhenFull whenFull) {
		SessionHarness harness = harness(queue(1, 1000).withWhenFull(whenFull));
		harness.publish("1", AT_MOST_ONCE);
		assertThat(harness.offer(message("2", AT_MOST_ONCE)).offer).isEqualTo(Offer.FULL);
		assertThat(harness.offer(message("2", AT_LEAST_ONCE)).offer).isEqualTo(Offer.FULL);
		assertThat(harness.session.outboundFigures().dropped()).isEmpty();
	}

	// ---- without a connection

	@Test
	void qos0WithoutAConnectionWaits() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		harness.publish("1", AT_MOST_ONCE);
		assertThat(harness.session.counts().queuedMessages()).isEqualTo(1);
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1");
	}

	@Test
	void qos0WithoutAConnectionFails() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS.withOfflineQos0(OfflineQos0.FAIL));
		assertThat(harness.offer(message("1", AT_MOST_ONCE)).offer).isEqualTo(Offer.OFFLINE);
		harness.sendConnect();
		assertThat(harness.offer(message("2", AT_MOST_ONCE)).offer).isEqualTo(Offer.OFFLINE);
		harness.publish("3", AT_LEAST_ONCE);
		harness.brokerSends(harness.connAck(false, ""));
		harness.publish("4", AT_MOST_ONCE);
		assertThat(harness.sent()).containsExactly("PUBLISH 1 3", "PUBLISH 4");
		harness.loseConnection();
		assertThat(harness.offer(message("5", AT_MOST_ONCE)).offer).isEqualTo(Offer.OFFLINE);
		assertThat(harness.session.outboundFigures().accepted()).isEqualTo(2);
	}

	@Test
	void qos0WithoutAConnectionIsDroppedAndCounted() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS.withOfflineQos0(OfflineQos0.DROP));
		Published publish = harness.publish("1", AT_MOST_ONCE);
		assertThat(publish.outcome).isEqualTo("dropped OFFLINE");
		assertThat(publish.failure).hasMessage(
				"Message to '1' was dropped: there is no connection, and mqtt.outbound.queue.offline-qos0 is 'drop'");
		assertThat(harness.session.outboundFigures().dropped()).isEqualTo(Map.of(MqttDropCause.OFFLINE, 1L));
		harness.assertBooksBalance();
	}

	// ---- expiry

	@Test
	void messageExpiresWhileItWaits() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		Published soon = harness.publish(MqttMessage.builder("1").messageExpiry(SECOND).build());
		Published later = harness.publish(MqttMessage.builder("2").messageExpiry(SECOND.multipliedBy(3)).build());
		Published never = harness.publish("3", AT_LEAST_ONCE);
		assertThat(harness.session.expire(harness.now())).isEqualTo(SECOND.toNanos());
		harness.pass(SECOND);
		assertThat(harness.session.expire(harness.now())).isEqualTo(SECOND.multipliedBy(2).toNanos());
		assertThat(soon.outcome).isEqualTo("dropped EXPIRED");
		assertThat(soon.failure).hasMessage("Message to '1' was dropped: it was not sent within its expiry of PT1S");
		assertThat(later.outcome).isNull();
		harness.pass(SECOND.multipliedBy(5));
		assertThat(harness.session.expire(harness.now())).isEqualTo(Long.MAX_VALUE);
		assertThat(later.outcome).isEqualTo("dropped EXPIRED");
		assertThat(never.outcome).isNull();
		harness.assertBooksBalance();
	}

	@Test
	void messageThatHasExpiredIsNotSent() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		Published expired = harness.publish(MqttMessage.builder("1").messageExpiry(SECOND).build());
		harness.publish("2", AT_LEAST_ONCE);
		harness.pass(SECOND.multipliedBy(2));
		harness.connect();
		assertThat(expired.outcome).isEqualTo("dropped EXPIRED");
		assertThat(harness.sent()).containsExactly("PUBLISH 1 2");
	}

	@Test
	void defaultExpiryHoldsForMessagesWithoutOneOfTheirOwn() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS.withMessageExpiry(SECOND.multipliedBy(10)));
		harness.publish("1", AT_MOST_ONCE);
		harness.publish(MqttMessage.builder("2").messageExpiry(SECOND.multipliedBy(20)).build());
		assertThat(harness.session.expire(harness.now())).isEqualTo(SECOND.multipliedBy(10).toNanos());
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 expires in 10", "PUBLISH 1 2 expires in 20");
	}

	@Test // as [MQTT-3.3.2-6] asks of the broker
	void expiryThatIsLeftIsSent() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		harness.publish(MqttMessage.builder("1").messageExpiry(SECOND.multipliedBy(60)).build());
		harness.pass(Duration.ofMillis(20_900));
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 1 expires in 40");
		harness.pass(Duration.ofMillis(10_200));
		harness.reconnect(true);
		assertThat(harness.sent()).containsExactly("PUBLISH 1 DUP 1 expires in 29");
	}

	@Test // [MQTT-4.3.3-7]
	void messageThatWasSentDoesNotExpire() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS).connect();
		Published qos1 = harness.publish(MqttMessage.builder("1").messageExpiry(SECOND).build());
		Published qos2 = harness.publish(MqttMessage.builder("2").messageExpiry(SECOND).qos(EXACTLY_ONCE).build());
		harness.sent();
		harness.pass(SECOND.multipliedBy(5));
		assertThat(harness.session.expire(harness.now())).isEqualTo(Long.MAX_VALUE);
		harness.reconnect(true);
		assertThat(harness.sent()).containsExactly("PUBLISH 1 DUP 1 expires in 1", "PUBLISH 2 DUP 2 expires in 1");
		assertThat(qos1.outcome).isNull();
		assertThat(qos2.outcome).isNull();
	}

	@Test
	void expiryLimitsTheTimeInTheQueueOn311Too() {
		SessionHarness harness = new SessionHarness(MqttVersion.MQTT_3_1_1);
		Published expired = harness.publish(MqttMessage.builder("1").messageExpiry(SECOND).build());
		harness.publish(MqttMessage.builder("2").messageExpiry(SECOND.multipliedBy(9)).build());
		harness.pass(SECOND.multipliedBy(2));
		harness.connect();
		assertThat(expired.outcome).isEqualTo("dropped EXPIRED");
		assertThat(harness.sent()).containsExactly("PUBLISH 1 2");
	}

	@Test
	void messageInFrontOfTheWindowThatExpiresLetsTheNextOneGo() {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS.withMaxInFlight(1)).connect();
		harness.publish("1", AT_LEAST_ONCE);
		Published expiring = harness.publish(MqttMessage.builder("2").messageExpiry(SECOND).build());
		harness.publish("3", AT_MOST_ONCE);
		harness.sent();
		harness.pass(SECOND);
		harness.session.expire(harness.now());
		assertThat(expiring.outcome).isEqualTo("dropped EXPIRED");
		assertThat(harness.session.outputLength()).isPositive(); // before the next event
		assertThat(harness.sent()).containsExactly("PUBLISH 3");
		harness.brokerSends(pubAck(1));
		assertThat(harness.session.isIdle()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 59, 4_294_967_295L })
	void takesEachExpiryThatThereCanBe(long seconds) {
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		harness.publish(MqttMessage.builder("1").messageExpiry(Duration.ofSeconds(seconds)).build());
		assertThat(harness.session.expire(harness.now())).isEqualTo(seconds * 1_000_000_000L);
		harness.connect();
		assertThat(harness.sent()).containsExactly("PUBLISH 1 1 expires in " + seconds);
	}

	@Test
	void theClockMayGoOverItsEnd() { // System.nanoTime() says so
		SessionHarness harness = harness(OutboundOptions.DEFAULTS);
		harness.pass(Duration.ofNanos(Long.MAX_VALUE - harness.now() - 5));
		Published publish = harness.publish(MqttMessage.builder("1").messageExpiry(SECOND).build());
		harness.pass(Duration.ofMillis(999));
		assertThat(harness.now()).isNegative();
		assertThat(harness.session.expire(harness.now())).isEqualTo(1_000_000);
		harness.pass(Duration.ofMillis(1));
		harness.session.expire(harness.now());
		assertThat(publish.outcome).isEqualTo("dropped EXPIRED");
	}

}
