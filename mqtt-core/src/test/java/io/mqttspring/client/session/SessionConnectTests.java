package io.mqttspring.client.session;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.Wire;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static io.mqttspring.client.session.SessionHarness.pubRec;
import static io.mqttspring.client.session.SessionHarness.pubRel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How a connection begins and ends, in both versions.
 */
@ParameterizedClass
@EnumSource
class SessionConnectTests {

	private final SessionHarness harness;

	SessionConnectTests(MqttVersion version) {
		this.harness = new SessionHarness(version);
	}

	private boolean isVersion5() {
		return this.harness.version == MqttVersion.MQTT_5;
	}

	private void assertProtocolError(String wire, String message) {
		assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> this.harness.brokerSends(wire))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
	}

	// ---- CONNACK

	@Test
	void connAckBeginsTheConnection() {
		this.harness.sendConnect();
		assertThat(this.harness.session.isConnected()).isFalse();
		this.harness.brokerSends(this.harness.connAck(false, ""));
		assertThat(this.harness.session.isConnected()).isTrue();
		assertThat(this.harness.events).containsExactly("connected");
		this.harness.loseConnection();
		assertThat(this.harness.session.isConnected()).isFalse();
	}

	@Test // [MQTT-3.1.2-30] asks it of AUTH; here nothing goes before CONNACK
	void nothingGoesOutBeforeConnAck() {
		this.harness.publish("before", AT_MOST_ONCE);
		this.harness.subscribe("f", AT_MOST_ONCE);
		this.harness.sendConnect();
		this.harness.publish("meanwhile", AT_LEAST_ONCE);
		this.harness.unsubscribe("g");
		assertThat(this.harness.session.outputLength()).isZero();
		this.harness.brokerSends(this.harness.connAck(false, ""));
		assertThat(this.harness.sent()).hasSize(3);
	}

	@Test // [MQTT-3.2.0-1]
	void nothingMayComeBeforeConnAck() {
		for (String wire : new String[] { "32 06 | 00 01 't' | 00 01 | 00", pubAck(1), pubRec(1), pubRel(1),
				SessionHarness.pubComp(1), this.harness.subAck(1, "00"), this.harness.unsubAck(1), "D0 00" }) {
			SessionHarness fresh = new SessionHarness(this.harness.version);
			fresh.sendConnect();
			assertThatExceptionOfType(MqttProtocolException.class).isThrownBy(() -> fresh.brokerSends(wire))
				.withMessageMatching("The broker has sent [A-Z]+ before CONNACK \\[MQTT-3\\.2\\.0-1]")
				.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
		}
	}

	@Test // [MQTT-3.2.0-2]
	void connAckMayNotComeTwice() {
		this.harness.connect();
		assertProtocolError(this.harness.connAck(false, ""), "The broker has sent CONNACK twice [MQTT-3.2.0-2]");
	}

	@Test // [MQTT-3.2.2-7]
	void connAckThatAcceptsMayNotFollowOneThatRefuses() {
		this.harness.sendConnect();
		this.harness.brokerSends(isVersion5() ? "20 03 00 87 00" : "20 02 00 05");
		assertThat(this.harness.events).containsExactly("refused NOT_AUTHORIZED");
		assertProtocolError(this.harness.connAck(false, ""), "The broker has sent CONNACK twice [MQTT-3.2.0-2]");
		assertThat(this.harness.session.isConnected()).isFalse();
	}

	@Test
	void refusalIsToldAndTheNextConnectionIsAsIfItHadNotBeen() {
		this.harness.publish("a", AT_LEAST_ONCE);
		this.harness.sendConnect();
		this.harness.brokerSends(isVersion5() ? "20 03 00 86 00" : "20 02 00 04");
		assertThat(this.harness.events).containsExactly("refused BAD_USER_NAME_OR_PASSWORD");
		assertThat(this.harness.session.outputLength()).isZero();
		this.harness.loseConnection();
		this.harness.connect();
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 a");
	}

	@Test // [MQTT-3.2.2-4]
	void sessionMayNotBePresentAfterACleanStart() {
		this.harness.sendConnect(true, 65_535);
		assertProtocolError(this.harness.connAck(true, ""),
				"The broker says that a session is present, and a new one was asked for [MQTT-3.2.2-4]");
		assertThat(this.harness.session.isConnected()).isFalse();
		assertThat(this.harness.events).isEmpty();
	}

	@Test // also after a restart of the process, of which the broker knows nothing
	void sessionMayBePresentWhenItWasAskedFor() {
		this.harness.connect(true);
		assertThat(this.harness.events).containsExactly("connected");
	}

	@Test // the broker may hold some of QoS 2, and drop what comes with their ids
	void idsOfAnEarlierProcessAreNotUsedFirst() {
		this.harness.publish("a", EXACTLY_ONCE);
		this.harness.connect(true);
		String first = this.harness.sent().get(0);
		assertThat(first).isNotEqualTo("PUBLISH 1 a");
		this.harness.brokerSends(SessionHarness.pubComp(1)); // of nobody
		int id = Integer.parseInt(first.split(" ")[1]);
		this.harness.brokerSends(pubRec(id), SessionHarness.pubComp(id));
		assertThat(this.harness.session.isIdle()).isTrue();
		SessionHarness later = new SessionHarness(this.harness.version);
		later.pass(Duration.ofMillis(5));
		later.publish("a", EXACTLY_ONCE);
		later.connect(true);
		assertThat(later.sent()).doesNotContain(first);
	}

	@Test
	void cleanStartSendsAnewWhatWasNotAcknowledged() {
		this.harness.connect();
		this.harness.publish("a", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.sendConnect(true, 65_535);
		this.harness.brokerSends(this.harness.connAck(false, ""));
		assertThat(this.harness.sent()).containsExactly("PUBLISH 2 a");
	}

	@Test
	void thereIsOneConnectionAtATime() {
		this.harness.sendConnect();
		assertThatIllegalStateException().isThrownBy(this.harness::sendConnect)
			.withMessage("There is a connection already");
		this.harness.brokerSends(this.harness.connAck(false, ""));
		assertThatIllegalStateException().isThrownBy(this.harness::sendConnect);
		this.harness.reconnect(false);
	}

	@Test // [MQTT-4.12.0-6]
	void authMayNotCome() {
		if (isVersion5()) {
			this.harness.connect();
			assertProtocolError("F0 00",
					"The broker has sent AUTH, and no authentication method was given [MQTT-4.12.0-6]");
		}
	}

	// ---- pieces

	@Test
	void packetsMayComeInAnyPieces() {
		this.harness.connect();
		byte[] bytes = Wire.bytes(pubRel(5), "D0 00");
		assertThat(this.harness.session.receive(bytes, 0, 3, this.harness.now())).isZero();
		assertThat(this.harness.sent()).isEmpty();
		assertThat(this.harness.session.receive(bytes, 0, 5, this.harness.now())).isEqualTo(4);
		assertThat(this.harness.session.receive(bytes, 4, 6, this.harness.now())).isEqualTo(6);
		assertThat(this.harness.events).containsExactly("connected", "ping answered");
	}

	// ---- PING

	@Test
	void pingGoesOutAndItsAnswerIsTold() {
		this.harness.connect();
		this.harness.session.ping();
		assertThat(this.harness.sentBytes()).isEqualTo("C0 00");
		this.harness.brokerSends("D0 00");
		assertThat(this.harness.events).containsExactly("connected", "ping answered");
	}

	// ---- the end

	@Test
	void disconnectByTheBrokerIsTold() {
		if (isVersion5()) {
			this.harness.connect();
			this.harness.brokerSends("E0 08 8E 06 1F 00 03 'bye'");
			assertThat(this.harness.events).containsExactly("connected", "disconnected SESSION_TAKEN_OVER bye");
		}
	}

	@Test // [MQTT-3.14.4-1]
	void nothingFollowsDisconnect() {
		this.harness.connect();
		this.harness.publish("open", AT_LEAST_ONCE);
		this.harness.publish("received", EXACTLY_ONCE);
		this.harness.brokerPublishes(AT_LEAST_ONCE, 7);
		this.harness.brokerPublishes(EXACTLY_ONCE, 8, 9);
		this.harness.handled(0);
		this.harness.handled(1);
		this.harness.sent();
		byte[] payload = new byte[1000];
		for (int i = 0; i < 100; i++) { // more than one buffer holds
			this.harness.publish(MqttMessage.builder("q").qos(AT_MOST_ONCE).payload(payload).build());
		}
		this.harness.session.disconnect(MqttReasonCode.SUCCESS);
		SessionHarness.Published late = this.harness.publish("late", AT_MOST_ONCE);
		this.harness.subscribe("f", AT_MOST_ONCE);
		this.harness.unsubscribe("g");
		this.harness.session.ping();
		assertThat(this.harness.handled(2)).isFalse();
		this.harness.brokerSends(pubRec(2), pubRel(8), pubRec(77), pubRel(78));
		List<String> sent = this.harness.sent();
		assertThat(sent.get(sent.size() - 1)).isEqualTo("DISCONNECT 0x00");
		assertThat(sent).hasSizeBetween(2, 100);
		assertThat(this.harness.session.outputLength()).isZero();
		assertThat(late.outcome).isNull();
	}

	@Test
	void whatWasLeftByDisconnectIsSentByTheNextConnection() {
		this.harness.connect();
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.brokerPublishes(EXACTLY_ONCE, 8);
		this.harness.sent();
		this.harness.session.disconnect(MqttReasonCode.SUCCESS);
		this.harness.publish("late", AT_LEAST_ONCE);
		this.harness.publish("late", AT_MOST_ONCE);
		this.harness.handled(0);
		this.harness.brokerSends(pubRec(1));
		assertThat(this.harness.sent()).containsExactly("DISCONNECT 0x00");
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("PUBREL 1", "PUBLISH 2 late", "PUBLISH late");
		this.harness.brokerPublishesAgain(EXACTLY_ONCE, 8);
		assertThat(this.harness.sent()).containsExactly("PUBREC 8");
		assertThat(this.harness.delivered).hasSize(1);
	}

	@Test
	void saysWhyItDisconnectsWhereTheVersionCan() {
		this.harness.connect();
		this.harness.session.disconnect(MqttReasonCode.MALFORMED_PACKET);
		assertThat(this.harness.sentBytes()).isEqualTo(isVersion5() ? "E0 01 81" : "E0 00");
	}

	// ---- what is wrong

	@Test
	void aProtocolErrorLeavesTheSessionInOrder() {
		this.harness.connect();
		this.harness.publish("1", AT_LEAST_ONCE);
		this.harness.publish("2", EXACTLY_ONCE);
		this.harness.sent();
		for (String wire : new String[] { pubRec(1), "36 00", "FF FF FF FF FF", this.harness.connAck(true, "") }) {
			assertThatExceptionOfType(MqttProtocolException.class)
				.isThrownBy(() -> this.harness.brokerSends(pubAck(9), wire));
			this.harness.reconnect(true);
			assertThat(this.harness.sent()).containsExactly("PUBLISH 1 DUP 1", "PUBLISH 2 DUP 2");
		}
		for (MqttQos qos : MqttQos.values()) {
			this.harness.publish("last", qos);
		}
		assertThat(this.harness.sent()).containsExactly("PUBLISH last", "PUBLISH 3 last", "PUBLISH 4 last");
	}

}
