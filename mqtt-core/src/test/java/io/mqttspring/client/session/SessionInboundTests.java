package io.mqttspring.client.session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.Wire;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubRel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages that arrive, in both versions.
 */
@ParameterizedClass
@EnumSource
class SessionInboundTests {

	private final SessionHarness harness;

	SessionInboundTests(MqttVersion version) {
		this.harness = new SessionHarness(version);
	}

	private boolean isVersion5() {
		return this.harness.version == MqttVersion.MQTT_5;
	}

	// ---- acknowledged when it is handled

	@Test
	void qos0IsOwedNothing() {
		this.harness.connect();
		this.harness.brokerSends(isVersion5() ? "30 05 | 00 01 't' | 00 | 'x'" : "30 04 | 00 01 't' | 'x'");
		assertThat(this.harness.delivered).hasSize(1);
		assertThat(this.harness.owed).containsOnlyNulls();
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test // [MQTT-4.3.2-4]
	void qos1IsAcknowledgedByPubAckWhenItIsHandled() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(1);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.session.counts().qos1AwaitingHandler()).isEqualTo(1);
		assertThat(this.harness.handled(0)).isTrue();
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("40 02 00 07"));
		assertThat(this.harness.session.counts().qos1AwaitingHandler()).isZero();
	}

	@Test // [MQTT-4.3.3-8] [MQTT-4.3.3-11]
	void qos2IsAcknowledgedByPubRecWhenItIsHandledAndByPubCompWhenItIsReleased() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isEqualTo(1);
		assertThat(this.harness.handled(0)).isTrue();
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("50 02 00 07"));
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isZero();
		assertThat(this.harness.session.counts().qos2AwaitingPubrel()).isEqualTo(1);
		this.harness.brokerSends(pubRel(7));
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("70 02 00 07"));
		assertThat(this.harness.session.counts().qos2AwaitingPubrel()).isZero();
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test
	void countsWhatCameByQos() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 1, 2);
		this.harness.brokerPublishes(EXACTLY_ONCE, 3);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 3);
		assertThat(this.harness.session.received()).containsExactly(0, 2, 2);
	}

	// ---- order

	@Test // [MQTT-4.6.0-2] [MQTT-4.6.0-3]
	void acknowledgementsGoOutInTheOrderOfArrivalAlthoughHandlersEndOutOfOrder() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 1, 2);
		this.harness.brokerPublishes(EXACTLY_ONCE, 3, 4);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 5);
		assertThat(this.harness.handled(4)).isFalse();
		assertThat(this.harness.handled(2)).isFalse();
		assertThat(this.harness.handled(1)).isFalse();
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.handled(0)).isTrue();
		assertThat(this.harness.sent()).containsExactly("PUBACK 1", "PUBACK 2", "PUBREC 3");
		assertThat(this.harness.handled(3)).isTrue();
		assertThat(this.harness.sent()).containsExactly("PUBREC 4", "PUBACK 5");
	}

	@Test
	void pubCompWaitsForNoHandler() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 1);
		this.harness.handled(0);
		this.harness.sent();
		this.harness.brokerPublishes(EXACTLY_ONCE, 2);
		this.harness.brokerSends(pubRel(1));
		assertThat(this.harness.sent()).containsExactly("PUBCOMP 1");
	}

	// ---- once, on one connection

	@Test // [MQTT-4.3.3-10]
	void repeatedQos2BeforePubRelIsAnsweredAgainButDeliveredOnce() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		this.harness.brokerPublishes(EXACTLY_ONCE, 7); // whatever DUP says
		assertThat(this.harness.sent()).containsExactly("PUBREC 7", "PUBREC 7", "PUBREC 7");
		assertThat(this.harness.delivered).hasSize(1);
		this.harness.brokerSends(pubRel(7));
		assertThat(this.harness.sent()).containsExactly("PUBCOMP 7");
	}

	@Test // [MQTT-4.4.0-1] forbids it, Mosquitto before 1.5 did it
	void repeatedQos2IsAnsweredAtOnceThoughOthersWaitForTheirTurnAndPubRelIsOnItsWay() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		this.harness.brokerPublishes(AT_LEAST_ONCE, 8);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		this.harness.brokerSends(pubRel(7)); // for the first PUBREC
		assertThat(this.harness.sent()).containsExactly("PUBREC 7", "PUBCOMP 7");
		this.harness.handled(1);
		assertThat(this.harness.sent()).containsExactly("PUBACK 8");
		assertThat(this.harness.delivered).hasSize(2);
	}

	@Test
	void repeatedQos2WhileItsHandlerRunsIsAnsweredWhenThatEnds() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).isEmpty();
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test // [MQTT-4.3.3-12]
	void qos2AfterPubCompIsANewMessage() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		this.harness.brokerSends(pubRel(7));
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
		this.harness.handled(1);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7", "PUBCOMP 7", "PUBREC 7");
	}

	@Test // [MQTT-4.3.2-5]
	void qos1AfterPubAckIsANewMessageWhateverDupSays() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.handled(0);
		this.harness.brokerPublishesAgain(AT_LEAST_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
		this.harness.handled(1);
		assertThat(this.harness.sent()).containsExactly("PUBACK 7", "PUBACK 7");
	}

	@Test // [MQTT-4.4.0-1] forbids it, brokers of 3.1.1 did it
	void qos1ThatComesAgainBeforePubAckIsAnsweredOnce() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.brokerPublishesAgain(AT_LEAST_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(1);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBACK 7");
	}

	@Test // [MQTT-2.2.1-4]
	void packetIdInUseByAMessageOfAnotherQosIsRefused() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThatExceptionOfType(MqttProtocolException.class)
			.isThrownBy(() -> this.harness.brokerPublishes(AT_LEAST_ONCE, 7))
			.withMessage("PUBLISH has packet id 7, which is in use by a message of another QoS [MQTT-2.2.1-4]")
			.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
		SessionHarness other = new SessionHarness(this.harness.version).connect();
		other.brokerPublishes(AT_LEAST_ONCE, 7);
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> other.brokerPublishes(EXACTLY_ONCE, 7));
	}

	@Test
	void packetIdsOfBothDirectionsAreTheirOwn() { // 5.0 §2.2.1
		this.harness.connect();
		this.harness.publish("a", EXACTLY_ONCE);
		this.harness.brokerPublishes(EXACTLY_ONCE, 1);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 a", "PUBREC 1");
		this.harness.brokerSends(SessionHarness.pubRec(1), pubRel(1));
		assertThat(this.harness.sent()).containsExactly("PUBREL 1", "PUBCOMP 1");
	}

	// ---- PUBREL

	@Test // 5.0 §3.7.2.1
	void pubRelOfAnUnknownIdIsAnsweredAllTheSame() {
		this.harness.connect();
		this.harness.brokerSends(pubRel(9));
		assertThat(this.harness.sent()).containsExactly(isVersion5() ? "PUBCOMP 9 0x92" : "PUBCOMP 9");
	}

	@Test
	void pubRelBeforePubRecIsAProtocolError() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(pubRel(7)))
			.withMessage("PUBREL for packet id 7, which was not acknowledged by PUBREC yet");
	}

	// ---- over a lost connection, with the session kept

	@Test
	void qos1WhoseHandlerStillRunsComesAgain() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.reconnect(true);
		this.harness.brokerPublishesAgain(AT_LEAST_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
		assertThat(this.harness.handled(0)).isFalse(); // of the old connection
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.handled(1)).isTrue();
		assertThat(this.harness.sent()).containsExactly("PUBACK 7");
	}

	@Test // [MQTT-4.3.3-10]
	void qos2WhoseHandlerStillRunsIsDeliveredOnceAndAcknowledgedOnTheNewConnection() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.reconnect(true);
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isEqualTo(1);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isEqualTo(1);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.handled(0)).isTrue();
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		assertThat(this.harness.delivered).hasSize(1);
		this.harness.brokerSends(pubRel(7));
		assertThat(this.harness.sent()).containsExactly("PUBCOMP 7");
	}

	@Test
	void qos2WhoseHandlerEndedWithoutAConnectionIsDeliveredOnce() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.loseConnection();
		assertThat(this.harness.handled(0)).isFalse();
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isZero();
		this.harness.connect(true);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test
	void qos2WhoseHandlerEndedOnTheNewConnectionBeforeItComesAgainIsDeliveredOnce() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.reconnect(true);
		assertThat(this.harness.handled(0)).isFalse();
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test
	void qos2ThatWasHandledButHadToWaitForItsTurnIsDeliveredOnce() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		this.harness.handled(1);
		this.harness.reconnect(true);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 6);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).isEmpty(); // 6 still has its turn first
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBREC 6", "PUBREC 7");
		assertThat(this.harness.delivered).hasSize(2);
	}

	@Test
	void qos2ThatWasAcknowledgedByPubRecIsReleasedOnTheNewConnection() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		this.harness.sent();
		this.harness.reconnect(true);
		assertThat(this.harness.session.counts().qos2AwaitingPubrel()).isEqualTo(1);
		this.harness.brokerSends(pubRel(7));
		assertThat(this.harness.sent()).containsExactly("PUBCOMP 7");
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
	}

	@Test
	void qos2IsDeliveredOnceOverManyConnections() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		for (int i = 0; i < 3; i++) {
			this.harness.reconnect(true);
			this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		}
		this.harness.reconnect(true); // and lost before it comes again
		this.harness.loseConnection();
		this.harness.connect(true);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		for (int i = 0; i < 3; i++) {
			this.harness.reconnect(true);
			this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
			assertThat(this.harness.sent()).containsExactly("PUBREC 7");
		}
		assertThat(this.harness.delivered).hasSize(1);
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isZero();
	}

	@Test
	void acknowledgementsOfTheNewConnectionGoInItsOwnOrder() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 1, 2);
		this.harness.reconnect(true);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 9);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 2);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 1);
		this.harness.handled(0);
		this.harness.handled(1);
		assertThat(this.harness.sent()).isEmpty();
		this.harness.handled(2);
		assertThat(this.harness.sent()).containsExactly("PUBACK 9", "PUBREC 2", "PUBREC 1");
	}

	// ---- over attempts that went without an answer: the session may be another one

	private void reconnectAfterAnAttemptWithoutAnswer() {
		this.harness.loseConnection();
		this.harness.sendConnect();
		this.harness.loseConnection();
		this.harness.connect(true);
	}

	@Test
	void qos2WithDupIsTheOneThatCameBefore() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		this.harness.handled(0);
		reconnectAfterAnAttemptWithoutAnswer();
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 6);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		this.harness.handled(1);
		assertThat(this.harness.sent()).containsExactly("PUBREC 6", "PUBREC 7");
		assertThat(this.harness.delivered).hasSize(2);
		this.harness.brokerPublishes(EXACTLY_ONCE, 7); // on the same connection now
		assertThat(this.harness.delivered).hasSize(2);
	}

	@Test // [MQTT-3.3.1-1]: what is sent again has DUP
	void qos2WithoutDupIsANewMessage() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		this.harness.handled(0);
		this.harness.sent();
		reconnectAfterAnAttemptWithoutAnswer();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		assertThat(this.harness.delivered).hasSize(4);
		assertThat(this.harness.handled(1)).isFalse(); // of the old message
		assertThat(this.harness.sent()).isEmpty();
		this.harness.handled(2);
		this.harness.handled(3);
		assertThat(this.harness.sent()).containsExactly("PUBREC 6", "PUBREC 7");
	}

	@Test // it would be refused at each attempt, for ever
	void qos1WithTheIdOfAnOldQos2IsANewMessage() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		reconnectAfterAnAttemptWithoutAnswer();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.handled(1);
		assertThat(this.harness.sent()).containsExactly("PUBACK 7");
	}

	@Test
	void pubRelOfWhatCameBeforeIsAnswered() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		this.harness.sent();
		reconnectAfterAnAttemptWithoutAnswer();
		this.harness.brokerSends(pubRel(7));
		assertThat(this.harness.sent()).containsExactly("PUBCOMP 7");
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
	}

	// ---- over a lost connection, with the session lost

	@Test
	void qos2OfALostSessionIsForgotten() {
		this.harness.connect();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		this.harness.handled(0);
		this.harness.sent();
		this.harness.reconnect(false);
		assertThat(this.harness.session.counts().qos2AwaitingPubrel()).isZero();
		assertThat(this.harness.session.counts().qos2AwaitingHandler()).isZero();
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7); // other messages
		assertThat(this.harness.delivered).hasSize(4);
		assertThat(this.harness.handled(1)).isFalse(); // the handler of the old 7
		assertThat(this.harness.sent()).isEmpty();
		this.harness.handled(2);
		this.harness.handled(3);
		assertThat(this.harness.sent()).containsExactly("PUBREC 6", "PUBREC 7");
	}

	// ---- QoS 0 beside them

	@Test
	void qos0NeedsNoTurn() {
		this.harness.connect();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 1);
		this.harness.brokerSends(isVersion5() ? "30 04 | 00 01 't' | 00" : "30 03 | 00 01 't'");
		assertThat(this.harness.delivered).extracting((message) -> message.qos())
			.containsExactly(AT_LEAST_ONCE, AT_MOST_ONCE);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBACK 1");
	}

}
