package io.mqttspring.client.session;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.OutboundOptions.OfflineQos0;
import io.mqttspring.client.session.SessionHarness.Published;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static io.mqttspring.client.session.SessionHarness.pubComp;
import static io.mqttspring.client.session.SessionHarness.pubRec;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages on their way out when the connection is lost, with the session kept or lost,
 * in both versions.
 */
@ParameterizedClass
@EnumSource
class SessionReplayTests {

	private final SessionHarness harness;

	SessionReplayTests(MqttVersion version) {
		this.harness = new SessionHarness(version);
	}

	// ---- the session is kept

	@Test // [MQTT-4.4.0-1] [MQTT-4.6.0-1] [MQTT-3.3.1-1]
	void allThatIsNotAcknowledgedIsSentAgainWithDupInTheOrderFirstSent() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.publish("3", AT_LEAST_ONCE);
		this.harness.publish("4", EXACTLY_ONCE);
		this.harness.publish("5", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubAck(3), pubRec(2));
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1", "PUBREL 2", "PUBLISH 4 DUP 4",
				"PUBLISH 5 DUP 5");
	}

	@Test
	void whatIsPublishedMeanwhileComesAfterIt() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.publish("2", AT_LEAST_ONCE);
		this.harness.publish("3", AT_MOST_ONCE);
		this.harness.connect(true);
		this.harness.publish("4", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1", "PUBLISH 2 2", "PUBLISH 3", "PUBLISH 3 4");
	}

	@Test
	void oftenLostIsOftenSentAgain() {
		this.harness.connect();
		Published publish = this.harness.publish("1", EXACTLY_ONCE);
		this.harness.sent();
		for (int i = 0; i < 3; i++) {
			this.harness.reconnect(true);
			assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1");
		}
		this.harness.brokerSends(pubRec(1));
		for (int i = 0; i < 3; i++) {
			this.harness.reconnect(true);
			assertThat(this.harness.sent()).containsExactly("PUBREL 1");
		}
		this.harness.brokerSends(pubComp(1));
		assertThat(publish.outcome).isEqualTo("acknowledged SUCCESS");
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test // [MQTT-4.3.3-6]
	void publishIsNotSentAgainOncePubRelWasSent() {
		this.harness.connect();
		this.harness.publish("1", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubRec(1));
		this.harness.loseConnection(); // with PUBREL still in the buffer
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("PUBREL 1");
	}

	@Test // [MQTT-3.3.1-1] [MQTT-3.3.1-3]
	void whatNeverLeftTheBufferIsSentWithoutDup() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.take();
		this.harness.publish("2", AT_LEAST_ONCE);
		this.harness.loseConnection();
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1", "PUBLISH 3 2");
	}

	@Test
	void whatNeverLeftTheBufferWaitsAndExpiresLikeTheRest() {
		this.harness.connect();
		Published publish = this.harness
			.publish(MqttMessage.builder("1").qos(AT_LEAST_ONCE).messageExpiry(Duration.ofSeconds(5)).build());
		assertThat(this.harness.session.counts().awaitingPuback()).isEqualTo(1);
		this.harness.loseConnection();
		assertThat(this.harness.session.counts().awaitingPuback()).isZero();
		assertThat(this.harness.session.counts().queuedMessages()).isEqualTo(1);
		this.harness.pass(Duration.ofSeconds(5));
		this.harness.connect(true);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(publish.outcome).isEqualTo("dropped EXPIRED");
	}

	@Test
	void aConnectionThatIsRefusedChangesNothing() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.sendConnect();
		this.harness.brokerSends((this.harness.version == MqttVersion.MQTT_5) ? "20 03 00 88 00" : "20 02 00 03");
		this.harness.loseConnection();
		this.harness.sendConnect(); // no answer at all
		this.harness.loseConnection();
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1");
	}

	@Test
	void acknowledgementOfWhatIsStillToBeSentAgainEndsIt() {
		SessionHarness narrow = new SessionHarness(this.harness.version, OutboundOptions.DEFAULTS.withMaxInFlight(2));
		narrow.connect();
		narrow.publish("1", AT_LEAST_ONCE);
		Published second = narrow.publish("2", AT_LEAST_ONCE);
		narrow.sent();
		narrow.loseConnection();
		narrow.sendConnect();
		// PUBACK comes right behind CONNACK
		narrow.brokerSends(narrow.connAck(true, ""), pubAck(2));
		assertThat(second.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(narrow.sent()).startsWith("PUBLISH 1 DUP 1");
		narrow.brokerSends(pubAck(1));
		assertThat(narrow.session.counts().onWire()).isZero();
	}

	// ---- the session is lost

	@Test // [MQTT-3.2.2-5]; without DUP and with ids of their own, since they are new
	void allThatIsNotAcknowledgedIsSentAnewInTheOrderFirstSent() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.publish("3", AT_LEAST_ONCE);
		this.harness.publish("4", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubAck(3));
		this.harness.loseConnection();
		this.harness.publish("5", AT_LEAST_ONCE);
		this.harness.connect(false);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 5 1", "PUBLISH 6 2", "PUBLISH 7 4", "PUBLISH 8 5");
	}

	@Test // the broker has taken it, and would take it twice
	void whatAwaitsPubCompCountsAsDone() {
		this.harness.connect();
		Published taken = this.harness.publish("1", EXACTLY_ONCE);
		Published open = this.harness.publish("2", EXACTLY_ONCE);
		this.harness.sent();
		this.harness.brokerSends(pubRec(1));
		this.harness.sent();
		this.harness.reconnect(false);
		assertThat(taken.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3 2");
		this.harness.brokerSends(pubRec(3), pubComp(3));
		assertThat(open.outcome).isEqualTo("acknowledged SUCCESS");
		assertThat(this.harness.session.counts().awaitingPubcomp()).isZero();
	}

	@Test
	void sessionThatIsLostAndThenKeptSendsAgainWithTheNewIds() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 1");
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 DUP 1");
	}

	@Test
	void idsOfTheLostSessionMeanNothingAnyMore() {
		this.harness.connect();
		Published publish = this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.reconnect(false);
		this.harness.sent();
		this.harness.brokerSends(pubAck(1));
		assertThat(publish.outcome).isNull();
		assertThat(this.harness.events).contains("ignored PUBACK for packet id 1, which is not in use");
	}

	// ---- QoS 0

	@Test
	void qos0ThatIsBeingWrittenIsLostAndSaysSo() {
		this.harness.connect();
		Published publish = this.harness.publish("1", AT_MOST_ONCE);
		this.harness.take();
		this.harness.loseConnection();
		assertThat(publish.outcome).isEqualTo("dropped CONNECTION_LOST");
		assertThat(publish.failure).hasMessage(
				"Message to '1' was dropped: the connection was lost while it was being written, and QoS 0 is not sent twice");
		this.harness.connect(true);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void qos0ThatWasNotTakenYetWaitsForTheNextConnection() {
		this.harness.connect();
		Published written = this.harness.publish("1", AT_MOST_ONCE);
		this.harness.sent();
		Published taken = this.harness.publish("2", AT_MOST_ONCE);
		this.harness.take();
		Published encoded = this.harness.publish("3", AT_MOST_ONCE);
		this.harness.loseConnection();
		this.harness.assertBooksBalance();
		assertThat(written.outcome).isEqualTo("acknowledged");
		assertThat(taken.outcome).isEqualTo("dropped CONNECTION_LOST");
		assertThat(encoded.outcome).isNull();
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3");
		assertThat(encoded.outcome).isEqualTo("acknowledged");
	}

	@Test
	void qos0BetweenOthersKeepsItsPlace() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", AT_MOST_ONCE);
		this.harness.publish("3", EXACTLY_ONCE);
		this.harness.publish("4", AT_MOST_ONCE);
		this.harness.loseConnection();
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 3 1", "PUBLISH 2", "PUBLISH 4 3", "PUBLISH 4");
	}

	@Test
	void noQos0WaitsForTheNextConnectionWhereThePolicyDoesNotLetIt() {
		for (OfflineQos0 policy : new OfflineQos0[] { OfflineQos0.DROP, OfflineQos0.FAIL }) {
			SessionHarness strict = new SessionHarness(this.harness.version,
					OutboundOptions.DEFAULTS.withOfflineQos0(policy).withMaxInFlight(1));
			strict.connect();
			Published encoded = strict.publish("1", AT_MOST_ONCE);
			strict.publish("2", AT_LEAST_ONCE);
			strict.publish("3", AT_LEAST_ONCE);
			Published queued = strict.publish("4", AT_MOST_ONCE); // behind the window
			strict.loseConnection();
			assertThat(encoded.outcome).isEqualTo("dropped OFFLINE");
			assertThat(encoded.failure).hasMessage(
					"Message to '1' was dropped: the connection was lost, and mqtt.outbound.queue.offline-qos0 does not let it wait");
			assertThat(queued.outcome).isEqualTo("dropped OFFLINE");
			assertThat(strict.session.counts().queuedMessages()).isEqualTo(2);
			strict.assertBooksBalance();
			strict.connect(true);
			assertThat(strict.sent()).containsExactly("PUBLISH 2 2");
		}
	}

}
