package io.mqttspring.client.session;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttPublishException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.session.SessionHarness.Published;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static io.mqttspring.client.session.SessionHarness.pubComp;
import static io.mqttspring.client.session.SessionHarness.pubRec;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a broker of 5.0 says that it takes, and what it refuses.
 */
class SessionLimitsTests {

	private final SessionHarness harness = new SessionHarness(MqttVersion.MQTT_5);

	private static MqttReasonCode reason(Published publish) {
		return ((MqttPublishException) publish.failure).reasonCode();
	}

	// ---- Receive Maximum

	@Test // [MQTT-3.3.4-7] [MQTT-4.9.0-1]
	void receiveMaximumOfTheBrokerHolds() {
		this.harness.connect(false, "21 00 02");
		for (int i = 0; i < 5; i++) {
			this.harness.publish("a", AT_LEAST_ONCE);
		}
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 a", "PUBLISH 2 a");
		this.harness.brokerSends(pubAck(2));
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3 a");
	}

	@Test
	void theSmallerOfBothLimitsHolds() {
		SessionHarness narrow = new SessionHarness(MqttVersion.MQTT_5, OutboundOptions.DEFAULTS.withMaxInFlight(3));
		narrow.connect(false, "21 00 0A");
		for (int i = 0; i < 5; i++) {
			narrow.publish("a", AT_LEAST_ONCE);
		}
		assertThat(narrow.sent()).hasSize(3);
	}

	@Test // 5.0 §4.9: a refusal gives back what the PUBLISH took
	void refusalFreesThePlaceOfAMessage() {
		this.harness.connect(false, "21 00 01");
		Published first = this.harness.publish("1", AT_LEAST_ONCE);
		Published second = this.harness.publish("2", EXACTLY_ONCE);
		this.harness.publish("3", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.brokerSends("40 03 00 01 97");
		assertThat(first.outcome).isEqualTo("refused QUOTA_EXCEEDED");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 2");
		this.harness.brokerSends("50 03 00 02 80");
		assertThat(second.outcome).isEqualTo("refused UNSPECIFIED_ERROR");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3 3");
	}

	@Test // [MQTT-4.9.0-3]
	void otherPacketsGoOutAlthoughTheWindowIsFull() {
		this.harness.connect(false, "21 00 01");
		this.harness.publish("1", EXACTLY_ONCE);
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.handled(0);
		this.harness.subscribe("f", AT_MOST_ONCE);
		this.harness.session.ping();
		this.harness.brokerSends(pubRec(1));
		assertThat(this.harness.sent()).containsExactly("PUBACK 7", "SUBSCRIBE 2 f:0 as 7", "PINGREQ", "PUBREL 1");
	}

	@Test
	void smallerReceiveMaximumHoldsForWhatIsSentAgain() {
		this.harness.connect();
		for (int i = 1; i <= 4; i++) {
			this.harness.publish(String.valueOf(i), AT_LEAST_ONCE);
		}
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.connect(true, "21 00 02");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1", "PUBLISH 2 DUP 2");
		this.harness.brokerSends(pubAck(1));
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3 DUP 3");
		this.harness.brokerSends(pubAck(2), pubAck(3));
		assertThat(this.harness.sent()).containsExactly("PUBLISH 4 DUP 4");
	}

	@Test // Mosquitto closes on the 21st in flight, and cannot say so in 3.1.1
	void on311NoMoreThan19OfQos2AreOnTheWire() {
		SessionHarness v311 = new SessionHarness(MqttVersion.MQTT_3_1_1).connect();
		for (int i = 0; i < 25; i++) {
			v311.publish("a", EXACTLY_ONCE);
		}
		v311.publish("b", AT_LEAST_ONCE);
		assertThat(v311.sent()).hasSize(19);
		v311.brokerSends(pubRec(1));
		assertThat(v311.sent()).containsExactly("PUBREL 1");
		v311.brokerSends(pubComp(1));
		assertThat(v311.sent()).containsExactly("PUBLISH 20 a");
		v311.reconnect(true);
		assertThat(v311.sent()).hasSize(19).allSatisfy((line) -> assertThat(line).contains("DUP"));
	}

	// ---- Maximum QoS, Retain Available

	@Test // [MQTT-3.2.2-11]
	void messageOfAHigherQosThanTheBrokerTakesIsNotSent() {
		Published qos2 = this.harness.publish("2", EXACTLY_ONCE);
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.connect(false, "24 01");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 1");
		assertThat(qos2.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(reason(qos2)).isEqualTo(MqttReasonCode.QOS_NOT_SUPPORTED);
		assertThat(qos2.failure)
			.hasMessage("Message to '2' was not sent: the broker takes at most QoS 1, and it has 2 [MQTT-3.2.2-11]");
		this.harness.loseConnection();
		this.harness.connect(true, "24 00");
		Published qos1 = this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("0", AT_MOST_ONCE);
		assertThat(qos1.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 0");
	}

	@Test // [MQTT-3.2.2-14]
	void retainedMessageThatTheBrokerDoesNotKeepIsNotSent() {
		this.harness.connect(false, "25 00");
		Published retained = this.harness.publish(MqttMessage.builder("r").retained(true).build());
		this.harness.publish("a", AT_LEAST_ONCE);
		assertThat(retained.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(reason(retained)).isEqualTo(MqttReasonCode.RETAIN_NOT_SUPPORTED);
		assertThat(retained.failure)
			.hasMessage("Message to 'r' was not sent: the broker keeps no retained messages [MQTT-3.2.2-14]");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 a");
	}

	// ---- Maximum Packet Size

	@ParameterizedTest // [MQTT-3.2.2-15]
	@EnumSource
	void messageIsSentUpToTheMaximumPacketSizeAndNotAbove(MqttQos qos) {
		int packetId = (qos != AT_MOST_ONCE) ? 2 : 0;
		int payload = 200 - 2 - 1 - 3 - packetId - 1; // length, fixed header, topic …
		assertSentUpTo(MqttMessage.builder("t").qos(qos).payload(new byte[payload]).build());
		assertNotSentFrom(MqttMessage.builder("t").qos(qos).payload(new byte[payload + 1]).build());
	}

	@Test
	void propertiesCountInTheMaximumPacketSize() {
		// User Property of 1 + 2 + 1 + 2 + 100, length of the properties 1
		int payload = 200 - 2 - 1 - 3 - 2 - 1 - 106;
		assertSentUpTo(MqttMessage.builder("t").userProperty("k", "v".repeat(100)).payload(new byte[payload]).build());
		assertNotSentFrom(
				MqttMessage.builder("t").userProperty("k", "v".repeat(100)).payload(new byte[payload + 1]).build());
	}

	@Test
	void expiryCountsInTheMaximumPacketSize() {
		int payload = 200 - 2 - 1 - 3 - 2 - 1 - 5;
		assertSentUpTo(MqttMessage.builder("t").messageExpiry(Duration.ofDays(1)).payload(new byte[payload]).build());
		assertNotSentFrom(
				MqttMessage.builder("t").messageExpiry(Duration.ofDays(1)).payload(new byte[payload + 1]).build());
		SessionHarness expiring = new SessionHarness(MqttVersion.MQTT_5,
				OutboundOptions.DEFAULTS.withMessageExpiry(Duration.ofDays(1)));
		expiring.connect(false, "27 00 00 00 C8");
		expiring.publish(MqttMessage.of("t", new byte[payload]));
		Published tooLarge = expiring.publish(MqttMessage.of("t", new byte[payload + 1]));
		assertThat(expiring.take()).hasSize(200);
		assertThat(tooLarge.outcome).isEqualTo("dropped NOT_SUPPORTED");
	}

	private void assertSentUpTo(MqttMessage message) {
		SessionHarness fresh = new SessionHarness(MqttVersion.MQTT_5);
		fresh.connect(false, "27 00 00 00 C8"); // 200
		fresh.publish(message);
		assertThat(fresh.take()).hasSize(200);
	}

	private void assertNotSentFrom(MqttMessage message) {
		SessionHarness fresh = new SessionHarness(MqttVersion.MQTT_5);
		fresh.connect(false, "27 00 00 00 C8");
		Published publish = fresh.publish(message);
		assertThat(publish.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(reason(publish)).isEqualTo(MqttReasonCode.PACKET_TOO_LARGE);
		assertThat(publish.failure).hasMessage(
				"Message to 't' was not sent: its packet of 201 bytes is above the broker's maximum of 200 [MQTT-3.2.2-15]");
		assertThat(fresh.sent()).isEmpty();
	}

	@Test
	void messageThatIsTooLargeForTheBrokerIsNotSentAgain() {
		this.harness.connect();
		Published large = this.harness.publish(MqttMessage.of("l", new byte[1000]));
		Published small = this.harness.publish("s", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.connect(true, "27 00 00 01 00");
		assertThat(large.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 DUP s");
		this.harness.brokerSends(pubRec(2), pubComp(2));
		assertThat(small.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.session.counts().onWire()).isZero();
	}

	@Test // [MQTT-2.2.1-3]: else the next message with that id is taken for this one
	void qos2ThatIsNotSentAgainIsReleasedBeforeItsPacketIdIsFree() {
		Published large = sendLargeAndReconnectToSmall();
		assertThat(this.harness.sent()).containsExactly("PUBREL 1");
		assertThat(large.outcome).isNull();
		this.harness.loseConnection();
		this.harness.connect(true); // where it would be small enough
		assertThat(this.harness.sent()).containsExactly("PUBREL 1");
		this.harness.publish("n", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 n");
		this.harness.brokerSends("70 03 00 01 92");
		assertThat(large.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(large.failure).hasMessage(
				"Message to 'l' was not sent again: its packet of 1,009 bytes is above the broker's maximum of 256 [MQTT-3.2.2-15]");
	}

	@Test
	void whatIsOnlyReleasedIsGivenUpWhenTheSessionIsLost() {
		Published large = sendLargeAndReconnectToSmall();
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(large.outcome).isEqualTo("dropped NOT_SUPPORTED");
		assertThat(this.harness.session.isIdle()).isTrue();
	}

	@Test
	void pubRelInPlaceOfAMessageDoesNotTellThatTheMessageIsWritten() {
		this.harness.connect();
		Published large = publishLarge();
		this.harness.take();
		this.harness.loseConnection();
		this.harness.connect(true, "27 00 00 01 00");
		assertThat(this.harness.sent()).containsExactly("PUBREL 1");
		assertThat(large.sent).isFalse();
	}

	@Test
	void qos2ThatNeverLeftNeedsNoRelease() {
		this.harness.connect();
		Published large = publishLarge();
		this.harness.loseConnection();
		this.harness.connect(true, "27 00 00 01 00");
		assertThat(this.harness.sent()).isEmpty();
		assertThat(large.outcome).isEqualTo("dropped NOT_SUPPORTED");
	}

	private Published sendLargeAndReconnectToSmall() {
		this.harness.connect();
		Published large = publishLarge();
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.connect(true, "27 00 00 01 00");
		return large;
	}

	private Published publishLarge() {
		return this.harness.publish(MqttMessage.builder("l").payload(new byte[1000]).qos(EXACTLY_ONCE).build());
	}

	@Test
	void limitsEndWithTheConnection() {
		this.harness.connect(false, "21 00 01 24 00 25 00 27 00 00 00 20");
		this.harness.reconnect(true);
		this.harness.publish(MqttMessage.builder("l").payload(new byte[1000]).qos(EXACTLY_ONCE).retained(true).build());
		this.harness.publish("a", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 RETAIN l", "PUBLISH 2 a");
	}

	// ---- reasons

	@Test
	void reasonThatIsNoErrorIsHandedOn() {
		this.harness.connect();
		Published qos1 = this.harness.publish("1", AT_LEAST_ONCE);
		Published qos2 = this.harness.publish("2", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends("40 03 00 01 10");
		assertThat(qos1.outcome).isEqualTo("acknowledged NO_MATCHING_SUBSCRIBERS");
		this.harness.brokerSends("50 03 00 02 10", pubComp(2));
		assertThat(qos2.outcome).startsWith("acknowledged");
	}

	@Test
	void refusalSaysWhatTheBrokerSaid() {
		this.harness.connect();
		Published qos1 = this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.brokerSends("40 0C 00 01 87 08 1F 00 05 'never'");
		assertThat(qos1.outcome).isEqualTo("refused NOT_AUTHORIZED");
		assertThat(qos1.failure).hasMessage("Message to '1' was refused by the broker: NOT_AUTHORIZED (0x87), 'never'");
		assertThat(reason(qos1)).isEqualTo(MqttReasonCode.NOT_AUTHORIZED);
	}

	@Test // [MQTT-4.4.0-2]
	void whatWasRefusedIsNotSentAgain() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends("40 03 00 01 99 | 50 03 00 02 99");
		assertThat(this.harness.sent()).isEmpty();
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).isEmpty();
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test // 5.0 §3.7.2.1: the broker has forgotten the id, and took the message before
	void pubCompThatKnowsNoSuchIdEndsTheMessageWell() {
		this.harness.connect();
		Published publish = this.harness.publish("1", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubRec(1), "70 03 00 01 92");
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
	}

	@Test
	void refusalOfAnUnknownIdNeedsNoAnswer() {
		this.harness.connect();
		this.harness.brokerSends("50 03 00 09 80");
		assertThat(this.harness.sent()).isEmpty();
	}

}
