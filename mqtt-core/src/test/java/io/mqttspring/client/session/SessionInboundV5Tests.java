package io.mqttspring.client.session;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubRel;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What only MQTT 5.0 has about messages that arrive: refusals, and Receive Maximum.
 */
class SessionInboundV5Tests {

	private static final String EXCEEDED = "ignored more messages than it may before they are acknowledged (Receive Maximum 2, mqtt.receive-maximum) [MQTT-3.3.4-9]";

	private final SessionHarness harness = new SessionHarness(MqttVersion.MQTT_5);

	@BeforeEach
	void connectWithAReceiveMaximumOf2() {
		this.harness.sendConnect(false, 2);
		this.harness.brokerSends("20 03 00 00 00");
	}

	private void reconnect() {
		this.harness.loseConnection();
		this.harness.sendConnect(false, 2);
		this.harness.brokerSends("20 03 01 00 00");
	}

	// ---- refusals

	@Test
	void qos1IsRefusedByPubAck() {
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.handled(0, MqttReasonCode.NOT_AUTHORIZED);
		assertThat(this.harness.sent()).containsExactly("PUBACK 7 0x87");
	}

	@Test // [MQTT-4.3.3-9]
	void qos2IsRefusedByPubRecAndTheNextWithThatIdIsANewMessage() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.handled(0, MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7 0x83");
		assertThat(this.harness.session.counts().qos2AwaitingPubrel()).isZero();
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		assertThat(this.harness.delivered).hasSize(2);
	}

	@Test
	void refusalThatCouldNotBeToldIsToldWhenTheMessageComesAgain() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 7);
		this.harness.loseConnection();
		this.harness.handled(0, MqttReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
		reconnect();
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		assertThat(this.harness.sent()).containsExactly("PUBREC 7 0x83");
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test
	void refusalThatHadToWaitForItsTurnIsToldWhenTheMessageComesAgain() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 6, 7);
		this.harness.handled(1, MqttReasonCode.QUOTA_EXCEEDED);
		reconnect();
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 6);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 7);
		this.harness.handled(0);
		assertThat(this.harness.sent()).containsExactly("PUBREC 6", "PUBREC 7 0x97");
		assertThat(this.harness.delivered).hasSize(2);
	}

	// ---- Receive Maximum

	@Test // told and not punished, as Mosquitto does it when its queue is long
	void moreThanReceiveMaximumIsTakenAndToldOnce() {
		this.harness.brokerPublishes(AT_LEAST_ONCE, 1);
		this.harness.brokerPublishes(EXACTLY_ONCE, 2);
		assertThat(this.harness.events).doesNotContain(EXCEEDED);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 3, 4);
		assertThat(this.harness.events).containsOnlyOnce(EXCEEDED);
		assertThat(this.harness.delivered).hasSize(4);
	}

	@Test // 5.0 §4.9: PUBCOMP gives the broker quota back, "regardless of" an error
	void pubCompForAnIdThatIsNotKnownGivesQuotaToo() {
		this.harness.brokerPublishes(AT_LEAST_ONCE, 1, 2);
		this.harness.brokerSends(pubRel(9));
		this.harness.brokerPublishes(AT_LEAST_ONCE, 3);
		assertThat(this.harness.events).doesNotContain(EXCEEDED);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 4);
		assertThat(this.harness.events).contains(EXCEEDED);
	}

	@Test // 5.0 §4.9
	void pubAckPubCompAndARefusalGiveBackWhatThePublishTook() {
		for (int id = 1; id < 20; id += 3) {
			int first = this.harness.delivered.size();
			this.harness.brokerPublishes(AT_LEAST_ONCE, id);
			this.harness.brokerPublishes(EXACTLY_ONCE, id + 1);
			this.harness.handled(first);
			this.harness.brokerPublishes(EXACTLY_ONCE, id + 2);
			this.harness.handled(first + 1);
			this.harness.brokerSends(pubRel(id + 1));
			this.harness.handled(first + 2, MqttReasonCode.UNSPECIFIED_ERROR);
		}
		assertThat(this.harness.events).containsExactly("connected");
	}

	@Test
	void pubRecGivesNothingBack() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 1, 2);
		this.harness.handled(0);
		this.harness.handled(1);
		this.harness.brokerPublishes(EXACTLY_ONCE, 3);
		assertThat(this.harness.events).contains(EXCEEDED);
	}

	@Test // a broker counts what it sends for the first time
	void publishThatComesAgainOnTheSameConnectionTakesNothingMore() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 1);
		this.harness.handled(0);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 1);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 1);
		this.harness.brokerSends(pubRel(1));
		this.harness.brokerPublishes(AT_LEAST_ONCE, 2, 3);
		assertThat(this.harness.events).containsExactly("connected");
	}

	@Test
	void eachConnectionBeginsWithTheWholeOfIt() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 1, 2);
		this.harness.handled(0);
		reconnect();
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 1);
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 2);
		assertThat(this.harness.events).containsExactly("connected", "connected");
	}

	@Test // 5.0 §4.9: the broker gets it back when PUBCOMP arrives, and has used some by
			// then
	void pubRelOfAnEarlierConnectionLetsTheBrokerSendOneMore() {
		this.harness.brokerPublishes(EXACTLY_ONCE, 1);
		this.harness.handled(0);
		reconnect();
		this.harness.brokerSends(pubRel(1));
		this.harness.brokerPublishes(AT_LEAST_ONCE, 2, 3, 4);
		assertThat(this.harness.events).doesNotContain(EXCEEDED);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 5);
		assertThat(this.harness.events).contains(EXCEEDED);
	}

}
