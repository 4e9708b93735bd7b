package io.mqttspring.client.session;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.Wire;
import io.mqttspring.client.session.SessionHarness.Published;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static io.mqttspring.client.session.SessionHarness.pubComp;
import static io.mqttspring.client.session.SessionHarness.pubRec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages on their way out, on one connection, in both versions.
 */
@ParameterizedClass
@EnumSource
class SessionOutboundTests {

	private final SessionHarness harness;

	SessionOutboundTests(MqttVersion version) {
		this.harness = new SessionHarness(version);
	}

	// ---- QoS 0

	@Test // [MQTT-4.3.1-1]
	void qos0IsSentOnceAndDoneWhenItIsWritten() {
		this.harness.connect();
		Published publish = this.harness.publish("a", AT_MOST_ONCE);
		assertThat(this.harness.take()).startsWith(Wire.bytes("30"));
		assertThat(publish.sent).isFalse();
		assertThat(publish.outcome).isNull();
		this.harness.assertBooksBalance();
		this.harness.written();
		assertThat(publish.sent).isTrue();
		assertThat(publish.outcome).isEqualTo("acknowledged");
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void whatIsPublishedWhileAWriteGoesOnIsNotTakenForWritten() {
		this.harness.connect();
		Published first = this.harness.publish("a", AT_MOST_ONCE);
		this.harness.take();
		Published second = this.harness.publish("b", AT_MOST_ONCE);
		Published third = this.harness.publish("c", AT_LEAST_ONCE);
		this.harness.written();
		assertThat(first.outcome).isEqualTo("acknowledged");
		assertThat(second.outcome).isNull();
		assertThat(third.sent).isFalse();
		assertThat(this.harness.sent()).containsExactly("PUBLISH b", "PUBLISH 1 c");
		assertThat(second.outcome).isEqualTo("acknowledged");
		assertThat(third.sent).isTrue();
	}

	// ---- QoS 1

	@Test // [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.2-3]
	void qos1IsDoneWhenPubAckComes() {
		this.harness.connect();
		Published publish = this.harness.publish("a", AT_LEAST_ONCE);
		assertThat(this.harness.sentBytes()).isEqualTo((this.harness.version == MqttVersion.MQTT_5)
				? Wire.hex("32 06 | 00 01 'a' | 00 01 | 00") : Wire.hex("32 05 | 00 01 'a' | 00 01"));
		assertThat(publish.sent).isTrue();
		assertThat(publish.outcome).isNull();
		assertThat(this.harness.session.counts().awaitingPuback()).isEqualTo(1);
		this.harness.brokerSends(pubAck(1));
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void pubAckThatOvertakesTheEndOfTheWriteTellsBoth() {
		this.harness.connect();
		Published publish = this.harness.publish("a", AT_LEAST_ONCE);
		this.harness.take();
		this.harness.brokerSends(pubAck(1));
		assertThat(publish.sent).isTrue();
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
		this.harness.written();
		this.harness.assertBooksBalance();
	}

	@Test // [MQTT-2.2.1-3]
	void packetIdsAreNotUsedTwiceAtATime() {
		SessionHarness roomy = new SessionHarness(this.harness.version,
				OutboundOptions.DEFAULTS.withQueue(70_000, 1 << 30));
		roomy.connect();
		for (int i = 0; i < 65_535; i++) {
			roomy.publish("a", AT_LEAST_ONCE);
		}
		Published last = roomy.publish("last", AT_LEAST_ONCE);
		assertThat(roomy.sent()).hasSize(65_535)
			.doesNotHaveDuplicates()
			.startsWith("PUBLISH 1 a")
			.endsWith("PUBLISH 65535 a");
		assertThat(last.sent).isFalse();
		roomy.brokerSends(pubAck(777));
		assertThat(roomy.sent()).containsExactly("PUBLISH 777 last");
	}

	@Test
	void packetIdsGoRoundBeforeOneIsGivenAgain() {
		this.harness.connect();
		for (int id = 1; id <= 7; id++) {
			this.harness.publish("a", AT_LEAST_ONCE);
			assertThat(this.harness.sent()).containsExactly("PUBLISH %d a".formatted(id));
			this.harness.brokerSends(pubAck(id));
		}
	}

	// ---- QoS 2

	@Test // [MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-4.3.3-4]
	void qos2IsDoneWhenPubCompComes() {
		this.harness.connect();
		Published publish = this.harness.publish("a", EXACTLY_ONCE);
		assertThat(this.harness.sentBytes()).isEqualTo((this.harness.version == MqttVersion.MQTT_5)
				? Wire.hex("34 06 | 00 01 'a' | 00 01 | 00") : Wire.hex("34 05 | 00 01 'a' | 00 01"));
		assertThat(this.harness.session.counts().awaitingPubrec()).isEqualTo(1);
		this.harness.brokerSends(pubRec(1));
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("62 02 00 01"));
		assertThat(this.harness.session.counts().awaitingPubrec()).isZero();
		assertThat(this.harness.session.counts().awaitingPubcomp()).isEqualTo(1);
		assertThat(publish.outcome).isNull();
		this.harness.brokerSends(pubComp(1));
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void pubRecThatOvertakesTheEndOfTheWriteTellsThatItWasWritten() {
		this.harness.connect();
		Published publish = this.harness.publish("a", EXACTLY_ONCE);
		this.harness.take();
		this.harness.brokerSends(pubRec(1));
		assertThat(publish.sent).isTrue();
		this.harness.written();
		assertThat(this.harness.sent()).containsExactly("PUBREL 1");
	}

	@Test // [MQTT-4.6.0-4]
	void pubRelGoesOutInTheOrderOfPubRec() {
		this.harness.connect();
		for (int i = 0; i < 4; i++) {
			this.harness.publish("a", EXACTLY_ONCE);
		}
		this.harness.sent();
		this.harness.brokerSends(pubRec(3), pubRec(1), pubRec(4));
		this.harness.brokerSends(pubRec(2));
		assertThat(this.harness.sent()).containsExactly("PUBREL 3", "PUBREL 1", "PUBREL 4", "PUBREL 2");
	}

	@Test
	void repeatedPubRecIsAnsweredByPubRelAgain() {
		this.harness.connect();
		Published publish = this.harness.publish("a", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubRec(1), pubRec(1));
		assertThat(this.harness.sent()).containsExactly("PUBREL 1", "PUBREL 1");
		assertThat(this.harness.session.counts().awaitingPubcomp()).isEqualTo(1);
		this.harness.brokerSends(pubComp(1));
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
	}

	// ---- order

	@Test
	void allGoOutInTheOrderInWhichTheyWereAccepted() {
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", AT_MOST_ONCE);
		this.harness.connect();
		this.harness.publish("3", EXACTLY_ONCE);
		this.harness.publish("4", AT_MOST_ONCE);
		this.harness.publish("5", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 1", "PUBLISH 2", "PUBLISH 2 3", "PUBLISH 4",
				"PUBLISH 3 5");
	}

	@Test
	void nothingOvertakesAMessageThatWaitsForTheWindow() {
		SessionHarness narrow = new SessionHarness(this.harness.version, OutboundOptions.DEFAULTS.withMaxInFlight(1));
		narrow.connect();
		narrow.publish("1", AT_LEAST_ONCE);
		narrow.publish("2", AT_LEAST_ONCE);
		narrow.publish("3", AT_MOST_ONCE);
		narrow.publish("4", EXACTLY_ONCE);
		assertThat(narrow.sent()).containsExactly("PUBLISH 1 1");
		assertThat(narrow.session.counts().queuedMessages()).isEqualTo(3);
		narrow.brokerSends(pubAck(1));
		assertThat(narrow.sent()).containsExactly("PUBLISH 2 2", "PUBLISH 3");
		narrow.brokerSends(pubAck(2));
		assertThat(narrow.sent()).containsExactly("PUBLISH 3 4");
		narrow.brokerSends(pubRec(3));
		assertThat(narrow.sent()).containsExactly("PUBREL 3");
		narrow.brokerSends(pubComp(3));
		assertThat(narrow.session.isIdle()).isTrue();
	}

	@Test
	void whatDoesNotFitIntoTheBufferIsEncodedWhenThatIsWritten() {
		this.harness.connect();
		byte[] payload = new byte[1000];
		for (int i = 0; i < 200; i++) {
			this.harness.publish(MqttMessage.builder("t" + i).qos(AT_MOST_ONCE).payload(payload).build());
		}
		assertThat(this.harness.session.outputLength()).isLessThan(70_000);
		assertThat(this.harness.session.counts().queuedMessages()).isPositive();
		assertThat(this.harness.sent()).hasSize(200).startsWith("PUBLISH t0", "PUBLISH t1").endsWith("PUBLISH t199");
	}

	// ---- the window

	@ParameterizedTest // [MQTT-3.3.4-7] [MQTT-4.9.0-2]
	@ValueSource(ints = { 1, 2, 7 })
	void noMoreThanMaxInFlightAreOnTheWire(int maxInFlight) {
		SessionHarness narrow = new SessionHarness(this.harness.version,
				OutboundOptions.DEFAULTS.withMaxInFlight(maxInFlight));
		narrow.connect();
		for (int i = 0; i < 20; i++) {
			narrow.publish("a", (i % 2 == 0) ? AT_LEAST_ONCE : EXACTLY_ONCE);
			assertThat(narrow.session.counts().onWire()).isLessThanOrEqualTo(maxInFlight);
		}
		assertThat(narrow.sent()).hasSize(maxInFlight);
		narrow.brokerSends(pubAck(1));
		assertThat(narrow.sent()).hasSize(1);
		assertThat(narrow.session.counts().onWire()).isEqualTo(maxInFlight);
	}

	@Test // 5.0 §4.9: PUBREC frees no place, PUBCOMP does
	void qos2HoldsItsPlaceUntilPubComp() {
		SessionHarness narrow = new SessionHarness(this.harness.version, OutboundOptions.DEFAULTS.withMaxInFlight(1));
		narrow.connect();
		narrow.publish("1", EXACTLY_ONCE);
		narrow.publish("2", EXACTLY_ONCE);
		narrow.sent();
		narrow.brokerSends(pubRec(1));
		assertThat(narrow.sent()).containsExactly("PUBREL 1");
		narrow.brokerSends(pubComp(1));
		assertThat(narrow.sent()).containsExactly("PUBLISH 2 2");
	}

	// ---- what the broker may get wrong

	@Test
	void acknowledgementOfAnUnknownIdIsIgnoredAndTold() {
		this.harness.connect();
		this.harness.brokerSends(pubAck(9));
		this.harness.brokerSends(pubComp(10));
		assertThat(this.harness.events).containsExactly("connected",
				"ignored PUBACK for packet id 9, which is not in use",
				"ignored PUBCOMP for packet id 10, which is not in use");
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void secondPubAckIsIgnored() {
		this.harness.connect();
		Published publish = this.harness.publish("a", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubAck(1), pubAck(1));
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.events).contains("ignored PUBACK for packet id 1, which is not in use");
	}

	@Test // 5.0 §3.5.2.1, §3.6.2.1
	void pubRecOfAnUnknownIdIsAnsweredByPubRelSoThatTheBrokerForgetsIt() {
		this.harness.connect();
		this.harness.brokerSends(pubRec(9));
		assertThat(this.harness.sent())
			.containsExactly((this.harness.version == MqttVersion.MQTT_5) ? "PUBREL 9 0x92" : "PUBREL 9");
	}

	@Test
	void acknowledgementOfTheWrongKindIsAProtocolError() {
		assertWrongKind(AT_LEAST_ONCE, pubRec(1), "PUBREC");
		assertWrongKind(AT_LEAST_ONCE, pubComp(1), "PUBCOMP");
		assertWrongKind(EXACTLY_ONCE, pubAck(1), "PUBACK");
		assertWrongKind(EXACTLY_ONCE, pubComp(1), "PUBCOMP");
		assertWrongKind(AT_LEAST_ONCE, this.harness.subAck(1, "00"), "SUBACK");
		assertWrongKind(AT_LEAST_ONCE, this.harness.unsubAck(1), "UNSUBACK");
	}

	private void assertWrongKind(MqttQos qos, String wire, String packet) {
		SessionHarness fresh = new SessionHarness(this.harness.version).connect();
		Published publish = fresh.publish("a", qos);
		fresh.sent();
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> fresh.brokerSends(wire))
			.withMessage("%s for packet id 1, which waits for another packet", packet)
			.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
		assertThat(publish.outcome).isNull();
	}

	@Test
	void pubAckAfterPubRecIsAProtocolError() {
		this.harness.connect();
		this.harness.publish("a", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubRec(1));
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(pubAck(1)));
	}

	@Test
	void acknowledgementForASubscribeIsAProtocolError() {
		this.harness.connect();
		this.harness.subscribe("f", AT_MOST_ONCE);
		this.harness.sent();
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(pubAck(1)))
			.withMessage("PUBACK for packet id 1, which waits for another packet");
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(pubRec(1)));
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(pubComp(1)));
	}

	// ---- the end

	@Test
	void closeGivesUpAllThatIsNotDelivered() {
		SessionHarness narrow = new SessionHarness(this.harness.version, OutboundOptions.DEFAULTS.withMaxInFlight(3));
		narrow.connect();
		Published qos1 = narrow.publish("1", AT_LEAST_ONCE);
		Published qos2 = narrow.publish("2", EXACTLY_ONCE);
		Published released = narrow.publish("3", EXACTLY_ONCE);
		Published queued = narrow.publish("4", AT_LEAST_ONCE);
		narrow.sent();
		narrow.brokerSends(pubRec(3));
		narrow.session.close();
		assertThat(qos1.outcome).isEqualTo("dropped CLOSED");
		assertThat(qos1.failure)
			.hasMessage("Message to '1' was given up: the client was closed before it was acknowledged");
		assertThat(qos2.outcome).isEqualTo("dropped CLOSED");
		assertThat(released.outcome).isEqualTo("dropped CLOSED");
		assertThat(queued.outcome).isEqualTo("dropped CLOSED");
		assertThat(queued.failure).hasMessage("Message to '4' was given up: the client was closed before it was sent");
		assertThat(narrow.session.counts().onWire()).isZero();
		narrow.assertBooksBalance();
		narrow.brokerSends(pubAck(1));
		assertThat(narrow.session.isIdle()).isTrue();
	}

	@Test
	void qos0ThatNobodyHasWrittenIsGivenUpAsNotSent() {
		this.harness.connect();
		Published qos0 = this.harness.publish("0", AT_MOST_ONCE);
		this.harness.session.close();
		assertThat(qos0.failure).hasMessage("Message to '0' was given up: the client was closed before it was sent");
		this.harness.assertBooksBalance();
	}

	@Test
	void tellsSinceWhenTheOldestIsInFlight() {
		assertThat(this.harness.session.counts().oldestInFlight()).isNull();
		this.harness.publish("queued", AT_LEAST_ONCE);
		assertThat(this.harness.session.counts().oldestInFlight()).isNull();
		this.harness.connect();
		long first = this.harness.now();
		this.harness.pass(Duration.ofSeconds(3));
		this.harness.publish("later", EXACTLY_ONCE);
		assertThat(this.harness.session.counts().oldestInFlight()).isEqualTo(first);
		this.harness.brokerSends(pubAck(1));
		assertThat(this.harness.session.counts().oldestInFlight()).isEqualTo(this.harness.now());
		this.harness.brokerSends(pubRec(2), pubComp(2));
		assertThat(this.harness.session.counts().oldestInFlight()).isNull();
	}

	@Test
	void countsByQos() {
		this.harness.connect();
		this.harness.publish("a", AT_MOST_ONCE);
		this.harness.publish("a", AT_LEAST_ONCE);
		this.harness.publish("a", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.pass(Duration.ofMillis(20));
		this.harness.brokerSends(pubAck(1), pubRec(2), pubComp(2));
		Session.OutboundFigures figures = this.harness.session.outboundFigures();
		assertThat(figures.published()).containsExactly(1, 1, 1);
		assertThat(figures.acknowledged()).containsExactly(1, 1, 1);
		assertThat(figures.acknowledgeNanos()).containsExactly(0, 20_000_000, 20_000_000);
	}

}
