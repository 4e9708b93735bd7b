package io.mqttspring.client.session;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.codec.Wire;
import io.mqttspring.client.session.SessionHarness.Asked;
import io.mqttspring.client.session.SessionHarness.Ended;

import static io.mqttspring.client.MqttQos.AT_LEAST_ONCE;
import static io.mqttspring.client.MqttQos.AT_MOST_ONCE;
import static io.mqttspring.client.MqttQos.EXACTLY_ONCE;
import static io.mqttspring.client.session.SessionHarness.pubAck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Subscriptions: made, made again, and ended.
 */
class SessionSubscriptionTests {

	private static final String NO_SUBSCRIPTION_IDENTIFIERS = "29 00";

	private final SessionHarness harness = new SessionHarness(MqttVersion.MQTT_5);

	private final SessionHarness v311 = new SessionHarness(MqttVersion.MQTT_3_1_1);

	private static SubscribeEntry entry(String filter) {
		return new SubscribeEntry(filter, AT_LEAST_ONCE, false, false, 0);
	}

	private static String withoutId(String line) {
		return line.replaceFirst(" [0-9]+", "");
	}

	// ---- made

	@Test // [MQTT-3.8.4-2] [MQTT-2.2.1-6]
	void subscribesAtOnceWhereThereIsAConnection() {
		this.harness.connect();
		Asked asked = this.harness.subscribe("a/+", EXACTLY_ONCE);
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("82 0B | 00 01 | 02 0B 07 | 00 03 'a/+' 02"));
		assertThat(asked.answers).isEmpty();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		assertThat(asked.answers).containsExactly(MqttReasonCode.GRANTED_QOS_1);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void subscribesWithTheConnectionWhereThereIsNone() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:1 as 7");
	}

	@Test // so that nothing that is published next can miss its answer
	void subscribesBeforeItSendsMessages() {
		this.harness.publish("request", AT_LEAST_ONCE);
		this.harness.subscribe("reply", AT_LEAST_ONCE);
		this.harness.connect();
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 reply:1 as 7", "PUBLISH 2 request");
	}

	@Test // 5.0 §3.8.2.1.2: an identifier is of a packet, not of a filter
	void filtersWithIdentifiersGoInAPacketOfTheirOwn() {
		this.harness.subscribe(entry("a"), 1);
		this.harness.subscribe(entry("b"), 268_435_455);
		this.harness.connect();
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:1 as 1", "SUBSCRIBE 2 b:1 as 268435455");
	}

	@Test
	void filtersWithoutIdentifiersShareAPacket() {
		this.v311.subscribe("a", AT_LEAST_ONCE);
		this.v311.subscribe("b", EXACTLY_ONCE);
		this.v311.connect();
		assertThat(this.v311.sent()).containsExactly("SUBSCRIBE 1 a:1 b:2");
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.subscribe("b", EXACTLY_ONCE);
		this.harness.connect(false, NO_SUBSCRIPTION_IDENTIFIERS);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:1 b:2");
	}

	@Test
	void answersOfAPacketAreToldToEachOfItsFilters() {
		Asked first = this.v311.subscribe("a", AT_LEAST_ONCE);
		Asked second = this.v311.subscribe("b", EXACTLY_ONCE);
		Asked third = this.v311.subscribe("c", EXACTLY_ONCE);
		this.v311.connect();
		this.v311.brokerSends(this.v311.subAck(1, "01 80 02"));
		assertThat(first.answers).containsExactly(MqttReasonCode.GRANTED_QOS_1);
		assertThat(second.answers).containsExactly(MqttReasonCode.UNSPECIFIED_ERROR);
		assertThat(third.answers).containsExactly(MqttReasonCode.GRANTED_QOS_2);
	}

	@Test
	void manyFiltersAreSplitIntoSeveralPackets() {
		List<Asked> all = new ArrayList<>();
		String longLevel = "x".repeat(1000);
		for (int i = 0; i < 100; i++) {
			all.add(this.v311.subscribe(longLevel + "/" + i, AT_MOST_ONCE));
		}
		this.v311.connect();
		List<String> sent = this.v311.sent();
		assertThat(sent).hasSizeBetween(2, 20).allSatisfy((line) -> assertThat(line.length()).isLessThan(20_000));
		for (int id = 1; id <= sent.size(); id++) {
			int filters = sent.get(id - 1).split(":0", -1).length - 1;
			this.v311.brokerSends("90 %02X %04X".formatted(2 + filters, id), "00".repeat(filters));
		}
		assertThat(all).allSatisfy((asked) -> assertThat(asked.answers).containsExactly(MqttReasonCode.SUCCESS));
	}

	@Test
	void noMoreFiltersShareAPacketThanTheBrokerTakes() {
		SessionHarness harness = new SessionHarness(MqttVersion.MQTT_3_1_1, OutboundOptions.DEFAULTS, 2);
		List<Asked> all = new ArrayList<>();
		for (String filter : List.of("a", "b", "c", "d", "e")) {
			all.add(harness.subscribe(filter, AT_MOST_ONCE));
		}
		harness.connect();
		assertThat(harness.sent()).containsExactly("SUBSCRIBE 1 a:0 b:0", "SUBSCRIBE 2 c:0 d:0", "SUBSCRIBE 3 e:0");
		harness.brokerSends("90 03 0003 00", "90 04 0001 00 00", "90 04 0002 00 00");
		assertThat(all).allSatisfy((asked) -> assertThat(asked.answers).containsExactly(MqttReasonCode.SUCCESS));
	}

	@Test
	void optionsOf5GoOut() {
		this.harness.connect();
		this.harness.subscribe(new SubscribeEntry("a", AT_MOST_ONCE, true, true, 2), 3);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:0 nl rap rh2 as 3");
	}

	// ---- what a broker cannot do

	@Test // 5.0 §3.2.2.3.11, §3.2.2.3.13: it would close the connection, each time
	void filtersThatTheBrokerCannotTakeAreNotSent() {
		Asked wildcard = this.harness.subscribe("a/#", AT_LEAST_ONCE);
		Asked shared = this.harness.subscribe("$share/g/a", AT_LEAST_ONCE);
		Asked sharedWildcard = this.harness.subscribe("$share/g/+", AT_LEAST_ONCE);
		Asked plain = this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect(false, "28 00 2A 00");
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:1 as 7");
		assertThat(wildcard.answers).containsExactly(MqttReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
		assertThat(shared.answers).containsExactly(MqttReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
		assertThat(sharedWildcard.answers).hasSize(1);
		assertThat(plain.answers).isEmpty();
		Asked later = this.harness.subscribe("+", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(later.answers).containsExactly(MqttReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
		// another broker of the list
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).hasSize(5);
	}

	@Test // [MQTT-3.2.2-15]
	void subscribeStaysBelowTheMaximumPacketSizeOfTheBroker() {
		for (int i = 0; i < 50; i++) {
			this.harness.subscribe("filter/number/" + i, AT_LEAST_ONCE);
		}
		Asked tooLong = this.harness.subscribe("x".repeat(195), AT_LEAST_ONCE);
		Asked fits = this.harness.subscribe("y".repeat(60), AT_LEAST_ONCE);
		this.harness.sendConnect();
		// Maximum Packet Size 100, no Subscription Identifiers
		this.harness.brokerSends(this.harness.connAck(false, "27 00 00 00 64 29 00"));
		List<String> sent = this.harness.sent();
		assertThat(sent).allSatisfy((line) -> assertThat(line.length()).isLessThan(110));
		assertThat(String.join(" ", sent)).contains("filter/number/0:1", "filter/number/49:1", "yyy")
			.doesNotContain("x");
		assertThat(tooLong.answers).containsExactly(MqttReasonCode.PACKET_TOO_LARGE);
		assertThat(fits.answers).isEmpty();
	}

	// ---- answers that are wrong

	@Test // [MQTT-3.8.4-6]
	void subAckWithAnotherNumberOfAnswersIsAProtocolError() {
		this.harness.connect();
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.sent();
		assertThatExceptionOfType(MqttProtocolException.class)
			.isThrownBy(() -> this.harness.brokerSends(this.harness.subAck(1, "00 00")))
			.withMessage("SUBACK for packet id 1 answers 2 filters: 1 were asked for")
			.satisfies((ex) -> assertThat(ex.reasonCode()).isEqualTo(MqttReasonCode.PROTOCOL_ERROR));
		assertThatExceptionOfType(MqttProtocolException.class)
			.isThrownBy(() -> this.harness.brokerSends(this.harness.unsubAck(1)))
			.withMessage("UNSUBACK for packet id 1, which waits for another packet");
	}

	@Test
	void answersToNobodyAreIgnoredAndTold() {
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(5, "00"));
		this.harness.brokerSends(this.harness.unsubAck(6));
		assertThat(this.harness.events).containsExactly("connected",
				"ignored SUBACK for packet id 5, which is not in use",
				"ignored UNSUBACK for packet id 6, which is not in use");
	}

	// ---- made again

	@Test
	void madeAnewWhenTheSessionIsLost() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.subscribe("b", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.sent();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.brokerSends(this.harness.subAck(2, "01"));
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 3 a:1 as 7", "SUBSCRIBE 4 b:1 as 7");
	}

	@Test
	void notMadeAgainWhenTheSessionIsKept() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.sent();
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void askedAgainWhenItWasNotAnswered() {
		Asked answered = this.harness.subscribe("a", AT_LEAST_ONCE);
		Asked open = this.harness.subscribe("b", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.sent();
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 3 b:1 as 7");
		this.harness.brokerSends(this.harness.subAck(3, "01"));
		assertThat(answered.answers).hasSize(1);
		assertThat(open.answers).hasSize(1);
	}

	@Test
	void askedAgainAtEachReconnectWhenItWasRefused() {
		Asked asked = this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.sent();
		this.harness.brokerSends(this.harness.subAck(1, "87"));
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 2 a:1 as 7");
		this.harness.brokerSends(this.harness.subAck(2, "87"));
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 3 a:1 as 7");
		this.harness.brokerSends(this.harness.subAck(3, "01"));
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(asked.answers).containsExactly(MqttReasonCode.NOT_AUTHORIZED, MqttReasonCode.NOT_AUTHORIZED,
				MqttReasonCode.GRANTED_QOS_1);
	}

	@Test
	void answerOfALostConnectionDoesNotCountOnTheNext() {
		this.harness.connect();
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.sent();
		this.harness.reconnect(true);
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		assertThat(this.harness.events).contains("ignored SUBACK for packet id 1, which is not in use");
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 2 a:1 as 7");
	}

	// ---- a session from before this process

	@Test // the broker's list may be that of an older release
	void firstConnectionAsksForAllAlthoughTheSessionIsPresentButNotForWhatTheBrokerHadSent() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.subscribe(new SubscribeEntry("b", AT_LEAST_ONCE, false, false, 2), 8);
		this.harness.connect(true);
		assertThat(this.harness.sent()).extracting(SessionSubscriptionTests::withoutId)
			.containsExactly("SUBSCRIBE a:1 rh1 as 7", "SUBSCRIBE b:1 rh2 as 8");
		this.v311.subscribe("a", AT_LEAST_ONCE);
		this.v311.connect(true);
		assertThat(this.v311.sent()).extracting(SessionSubscriptionTests::withoutId).containsExactly("SUBSCRIBE a:1");
	}

	@Test
	void filterThatIsSubscribedToLaterGetsWhatTheBrokerHasKept() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect(true);
		this.harness.sent();
		this.harness.subscribe("b", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).hasSize(1).first().asString().endsWith(" b:1 as 7");
	}

	@Test
	void filterThatWasNotAnsweredByTheFirstConnectionIsAskedForTheSameWayByTheNext() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect(true);
		this.harness.sent();
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).hasSize(1).first().asString().endsWith(" a:1 rh1 as 7");
		this.harness.reconnect(false); // now it is all new
		assertThat(this.harness.sent()).hasSize(1).first().asString().endsWith(" a:1 as 7");
	}

	// ---- a session that may not be the one we had

	@Test // CONNACK of the new session is lost, and that is present at the next attempt
	void askedAgainWhenAnAttemptBeforeWentWithoutAnAnswer() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.sent();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.loseConnection();
		this.harness.sendConnect();
		this.harness.loseConnection();
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 2 a:1 rh1 as 7");
		this.harness.brokerSends(this.harness.subAck(2, "01"));
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void notAskedAgainWhenTheAttemptBeforeWasRefused() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.sent();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.loseConnection();
		this.harness.sendConnect();
		this.harness.brokerSends("20 03 00 88 00");
		this.harness.loseConnection();
		this.harness.connect(true);
		assertThat(this.harness.sent()).isEmpty();
	}

	// ---- replaced

	@Test
	void subscribingAgainReplacesTheEarlierOne() {
		Asked earlier = this.harness.subscribe("a", AT_MOST_ONCE);
		this.harness.connect();
		Asked later = this.harness.subscribe("a", EXACTLY_ONCE);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:0 as 7", "SUBSCRIBE 2 a:2 as 7");
		this.harness.brokerSends(this.harness.subAck(1, "00"));
		this.harness.brokerSends(this.harness.subAck(2, "02"));
		assertThat(earlier.answers).containsExactly(MqttReasonCode.SUCCESS);
		assertThat(later.answers).containsExactly(MqttReasonCode.GRANTED_QOS_2);
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 3 a:2 as 7");
	}

	// ---- ended

	@Test // [MQTT-3.10.4-4]
	void unsubscribes() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.sent();
		Ended ended = this.harness.unsubscribe("a");
		assertThat(this.harness.sentBytes()).isEqualTo(Wire.hex("A2 06 | 00 02 | 00 | 00 01 'a'"));
		assertThat(ended.answers).isEmpty();
		this.harness.brokerSends(this.harness.unsubAck(2));
		assertThat(ended.answers).containsExactly("SUCCESS");
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void unsubscribesOn311() {
		this.v311.connect();
		Ended ended = this.v311.unsubscribe("a");
		assertThat(this.v311.sentBytes()).isEqualTo(Wire.hex("A2 05 | 00 01 | 00 01 'a'"));
		this.v311.brokerSends("B0 02 00 01");
		assertThat(ended.answers).containsExactly("SUCCESS");
	}

	@Test
	void tellsWhyTheBrokerDoesNotEndIt() {
		this.harness.connect();
		Ended ended = this.harness.unsubscribe("a");
		this.harness.sent();
		this.harness.brokerSends("B0 04 00 01 00 87");
		assertThat(ended.answers).containsExactly("NOT_AUTHORIZED");
	}

	@Test
	void unsubscribesWithTheNextConnectionWhereTheSessionIsKept() {
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.sent();
		this.harness.loseConnection();
		Ended ended = this.harness.unsubscribe("a");
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("UNSUBSCRIBE 2 a");
		assertThat(ended.answers).isEmpty();
		this.harness.reconnect(true); // without an answer
		assertThat(this.harness.sent()).containsExactly("UNSUBSCRIBE 3 a");
		this.harness.brokerSends(this.harness.unsubAck(3));
		assertThat(ended.answers).containsExactly("SUCCESS");
	}

	@Test
	void needsNoUnsubscribeWhereTheSessionIsLost() {
		this.harness.connect();
		this.harness.loseConnection();
		Ended ended = this.harness.unsubscribe("a");
		this.harness.connect(false);
		assertThat(this.harness.sent()).isEmpty();
		assertThat(ended.answers).containsExactly("null");
	}

	@Test
	void filterThatIsWantedAgainIsSubscribedToAfterItWasEnded() {
		this.harness.connect();
		Ended ended = this.harness.unsubscribe("a");
		Asked asked = this.harness.subscribe("a", AT_LEAST_ONCE);
		assertThat(this.harness.sent()).containsExactly("UNSUBSCRIBE 1 a", "SUBSCRIBE 2 a:1 as 7");
		assertThat(ended.answers).containsExactly("null");
		this.harness.brokerSends(this.harness.unsubAck(1));
		this.harness.brokerSends(this.harness.subAck(2, "01"));
		assertThat(ended.answers).hasSize(1);
		assertThat(asked.answers).hasSize(1);
	}

	@Test
	void filterThatIsEndedAndWantedAgainWithoutAConnectionIsOnlySubscribedTo() {
		this.harness.subscribe("a", AT_MOST_ONCE);
		this.harness.connect();
		this.harness.brokerSends(this.harness.subAck(1, "00"));
		this.harness.sent();
		this.harness.loseConnection();
		this.harness.unsubscribe("a");
		this.harness.subscribe("a", EXACTLY_ONCE);
		this.harness.connect(true);
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 2 a:2 as 7");
	}

	@Test
	void endOfASubscriptionThatIsStillAskedForEndsIt() {
		this.harness.connect();
		Asked asked = this.harness.subscribe("a", AT_LEAST_ONCE);
		Ended ended = this.harness.unsubscribe("a");
		assertThat(this.harness.sent()).containsExactly("SUBSCRIBE 1 a:1 as 7", "UNSUBSCRIBE 2 a");
		this.harness.brokerSends(this.harness.subAck(1, "01"));
		this.harness.brokerSends(this.harness.unsubAck(2));
		assertThat(asked.answers).hasSize(1);
		assertThat(ended.answers).containsExactly("SUCCESS");
		this.harness.reconnect(false);
		assertThat(this.harness.sent()).isEmpty();
	}

	@Test
	void endingTwiceIsAnsweredTwice() {
		this.harness.connect();
		Ended first = this.harness.unsubscribe("a");
		Ended second = this.harness.unsubscribe("a");
		assertThat(this.harness.sent()).containsExactly("UNSUBSCRIBE 1 a", "UNSUBSCRIBE 2 a");
		assertThat(first.answers).containsExactly("null");
		this.harness.brokerSends(this.harness.unsubAck(1));
		assertThat(second.answers).isEmpty();
		this.harness.brokerSends(this.harness.unsubAck(2));
		assertThat(second.answers).containsExactly("SUCCESS");
	}

	// ---- packet ids

	@Test // [MQTT-2.2.1-3]
	void packetIdsAreSharedWithMessages() {
		this.harness.connect();
		this.harness.publish("m", AT_LEAST_ONCE);
		this.harness.subscribe("a", AT_LEAST_ONCE);
		this.harness.unsubscribe("b");
		this.harness.publish("m", EXACTLY_ONCE);
		assertThat(this.harness.sent()).containsExactly("PUBLISH 1 m", "SUBSCRIBE 2 a:1 as 7", "UNSUBSCRIBE 3 b",
				"PUBLISH 4 m");
		// a lost connection gives back those of SUBSCRIBE and UNSUBSCRIBE only
		this.harness.reconnect(true);
		assertThat(this.harness.sent()).containsExactly("UNSUBSCRIBE 5 b", "SUBSCRIBE 6 a:1 as 7", "PUBLISH 1 DUP m",
				"PUBLISH 4 DUP m");
		this.harness.brokerSends(pubAck(1));
	}

	@Test
	void subscriptionsWaitWhereAllPacketIdsAreInUse() {
		SessionHarness busy = new SessionHarness(MqttVersion.MQTT_3_1_1,
				OutboundOptions.DEFAULTS.withQueue(70_000, 1 << 30));
		busy.connect();
		for (int i = 0; i < 65_535; i++) {
			busy.publish("m", AT_LEAST_ONCE);
		}
		busy.sent();
		Asked asked = busy.subscribe("a", AT_LEAST_ONCE);
		Ended ended = busy.unsubscribe("b");
		assertThat(busy.sent()).isEmpty();
		busy.brokerSends(pubAck(9));
		busy.brokerSends(pubAck(10));
		assertThat(busy.sent()).containsExactly("UNSUBSCRIBE 9 b", "SUBSCRIBE 10 a:1");
		busy.brokerSends(busy.subAck(10, "01"));
		busy.brokerSends(busy.unsubAck(9));
		assertThat(asked.answers).hasSize(1);
		assertThat(ended.answers).hasSize(1);
	}

}
