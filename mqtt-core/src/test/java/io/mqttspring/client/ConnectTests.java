package io.mqttspring.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.CapturedLog;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.HiveMqBroker;
import io.mqttspring.client.testing.Inbox;
import io.mqttspring.client.testing.MosquittoBroker;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.ScriptedBroker.Link;
import io.mqttspring.client.testing.ScriptedBroker.Packet;
import io.mqttspring.client.testing.Target;
import io.mqttspring.client.testing.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/**
 * How a client gets its connection, and gets it back: versions, credentials, addresses,
 * refusals, backoff, and what listeners and the status say meanwhile.
 */
@Timeout(60)
class ConnectTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final String SECRET = "s3cr3t-passw0rd";

	private final String name = Target.uniqueName();

	// ---- versions

	/** What brokers that do not speak 5.0 answer to a CONNECT of it. */
	enum Refusal {

		/** As 5.0 has it. */
		CODE_OF_5("20 03 00 84 00"),

		/** The same with no room for properties. */
		SHORT_CODE_OF_5("20 02 00 84"),

		/** As 3.1.1 has it. */
		CODE_OF_311("20 02 00 01"),

		/** As if it had been asked in 3.1.1, without a look at the version. */
		ACCEPTED_IN_311("20 02 00 00"),

		/** Nothing. */
		CLOSE("");

		private final String answer;

		Refusal(String answer) {
			this.answer = answer;
		}

	}

	@ParameterizedTest
	@EnumSource
	void brokerThatDoesNotTake5IsAskedIn311AndThatIsRemembered(Refusal refusal) throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).build();
				CapturedLog log = new CapturedLog(this.name)) {
			CompletableFuture<Void> connected = client.connectAsync();
			Link newer = broker.accept();
			assertThat(newer.expect(ScriptedBroker.CONNECT).protocolLevel()).isEqualTo(5);
			newer.send(refusal.answer);
			newer.cut();
			Link older = broker.accept();
			assertThat(older.expect(ScriptedBroker.CONNECT).protocolLevel()).isEqualTo(4);
			older.send(ScriptedBroker.CONNACK_3);
			connected.get(10, TimeUnit.SECONDS);
			assertThat(client.status().version()).isEqualTo(MqttVersion.MQTT_3_1_1);
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> log.lines(Level.INFO).stream().anyMatch((line) -> line.contains("mqtt.version")));
			older.cut();
			Link again = broker.accept();
			assertThat(again.expect(ScriptedBroker.CONNECT).protocolLevel()).isEqualTo(4);
			again.send(ScriptedBroker.CONNACK_3);
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			assertThat(client.statistics().connectFailures()).isEmpty();
		}
	}

	/**
	 * A broker that is being started again, and what stands before it, close connections
	 * too. Who has spoken 5.0 before must not be on 3.1.1 for good by that.
	 */
	@Test
	void closeWithoutAnAnswerIsNoRefusalOfAVersionThatWasSpokenBefore() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker).build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			Link first = broker.accept(ScriptedBroker.CONNACK_5);
			connected.get(10, TimeUnit.SECONDS);
			first.cut();
			for (int i = 0; i < 3; i++) {
				Link link = broker.accept();
				assertThat(link.expect(ScriptedBroker.CONNECT).protocolLevel()).isEqualTo(5);
				link.cut();
			}
			broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			assertThat(client.status().version()).isEqualTo(MqttVersion.MQTT_5);
		}
	}

	@Test // [MQTT-4.13.1-1]
	void violationRightBehindConnAckIsNoRefusalOfTheVersion() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker).build()) {
			client.connectAsync();
			// QoS 3
			Link link = broker.accept(ScriptedBroker.CONNACK_5 + " 36 04 00 01 61 00");
			assertThat(link.readToEnd()).extracting(Packet::hex).containsExactly("E0 01 81");
			assertThat(broker.accept(ScriptedBroker.CONNACK_5)).isNotNull();
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			assertThat(client.status().version()).isEqualTo(MqttVersion.MQTT_5);
		}
	}

	@Test
	void pinned5IsNotGivenUp() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			broker.accept("20 03 00 84 00");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connected.get(10, TimeUnit.SECONDS))
				.havingCause()
				.isInstanceOf(MqttConnectException.class)
				.withMessageContaining("UNSUPPORTED_PROTOCOL_VERSION (0x84)")
				.withMessageContaining("mqtt.version")
				.satisfies((ex) -> assertThat(((MqttConnectException) ex).isRetryable()).isFalse());
			assertThat(client.statistics().connectFailures())
				.containsEntry(MqttReasonCode.UNSUPPORTED_PROTOCOL_VERSION.name(), 1L);
		}
	}

	@Test
	void pinned311IsSpokenAtOnce() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1).build()) {
			client.connectAsync();
			assertThat(broker.accept().expect(ScriptedBroker.CONNECT).protocolLevel()).isEqualTo(4);
		}
	}

	@Test
	void whenNeitherVersionIsTakenBothReasonsAreTold() {
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker).build()) {
			CompletableFuture<Void> connected = client.connectAsync();
			broker.accept("20 02 00 01").cut();
			broker.accept("20 02 00 02").cut();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> connected.get(10, TimeUnit.SECONDS))
				.havingCause()
				.withMessageContaining("CLIENT_IDENTIFIER_NOT_VALID")
				.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
					.asString()
					.contains("UNSUPPORTED_PROTOCOL_VERSION"));
		}
	}

	// ---- credentials

	@ParameterizedTest
	@EnumSource
	void userNameAndPasswordAreChecked(MqttVersion version) {
		try (MosquittoBroker broker = MosquittoBroker.runningWithUser("device", SECRET);
				CapturedLog log = new CapturedLog(this.name)) {
			try (MqttClient good = MqttClient.builder(broker.uri())
				.name(this.name)
				.version(version)
				.credentials("device", SECRET)
				.build()) {
				good.connect();
				assertThat(good.ping()).isPositive();
				assertThat(good.toString() + good.status()).doesNotContain(SECRET);
			}
			try (MqttClient bad = MqttClient.builder(broker.uri())
				.name(this.name)
				.version(version)
				.credentials("device", SECRET + "!")
				.build()) {
				assertThatExceptionOfType(MqttConnectException.class).isThrownBy(bad::connect)
					.withMessageContaining("check user name and password")
					.satisfies((ex) -> {
						assertThat(ex.isRetryable()).isFalse();
						assertThat(ex.reasonCode()).isIn(MqttReasonCode.NOT_AUTHORIZED,
								MqttReasonCode.BAD_USER_NAME_OR_PASSWORD);
						assertThat(ex.getMessage()).doesNotContain(SECRET);
					});
				assertThat(bad.status().toString()).doesNotContain(SECRET);
			}
			assertThat(log.all()).noneMatch((line) -> line.contains(SECRET));
		}
	}

	@Test
	void credentialsAreAskedForAtEachAttemptAndARefusalIsAnErrorOnce() {
		AtomicInteger asked = new AtomicInteger();
		try (MosquittoBroker broker = MosquittoBroker.runningWithUser("device", SECRET);
				CapturedLog log = new CapturedLog(this.name);
				MqttClient client = MqttClient.builder(broker.uri())
					.name(this.name)
					.credentials(() -> new MqttCredentials("device", (asked.incrementAndGet() < 4) ? "old" : SECRET))
					.reconnect(Target.soon().withRefusedDelay(Duration.ofMillis(50)))
					.build()) {
			client.start();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			assertThat(asked).hasValue(4);
			assertThat(log.lines(Level.ERROR)).hasSize(1);
		}
	}

	@Test
	void refusalIsTriedAgainAtTheSlowPace() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.reconnect(Target.soon().withRefusedDelay(Duration.ofHours(2)))
					.build()) {
			client.start();
			broker.accept("20 03 00 86 00");
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() == 1);
			assertThat(client.status().state()).isEqualTo(MqttClientState.RECONNECTING);
			assertThat(client.status().lastError()).contains("BAD_USER_NAME_OR_PASSWORD");
			assertThat(broker.acceptWithin(Duration.ofMillis(300))).isEmpty();
		}
	}

	@Test
	void credentialsThatCannotBeHadAreAFailedAttempt() {
		try (ScriptedBroker broker = new ScriptedBroker(); MqttClient client = client(broker).credentials(() -> {
			throw new IllegalStateException("the vault is sealed");
		}).build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageContaining("the vault is sealed");
		}
	}

	// ---- addresses

	@Test
	void addressesAreTriedInTurn() {
		String dead = "mqtt://127.0.0.1:" + FreePort.next();
		try (MosquittoBroker first = MosquittoBroker.running();
				MosquittoBroker second = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(dead, first.uri(), second.uri())
					.reconnect(Target.soon())
					.build()) {
			client.connect();
			assertThat(client.status().uri()).isEqualTo(first.uri());
			assertThat(client.statistics().connectFailures()).isEmpty();
			first.kill();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().uri().equals(second.uri()));
			Awaitility.await().atMost(LIMIT).until(() -> client.status().state() == MqttClientState.CONNECTED);
			second.kill();
			first.start();
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.status().state() == MqttClientState.CONNECTED
						&& client.status().uri().equals(first.uri()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "mqtt://my_broker:1884, mqtt://my_broker:1884", "TCP://host, mqtt://host:1883",
			"mqtt://[::1], mqtt://[::1]:1883", "mqtts://host, mqtts://host:8883", "ssl://host:1, mqtts://host:1",
			"ws://host, ws://host:80", "wss://host/a/b, wss://host:443/a/b", "unix:/run/m.sock, unix:/run/m.sock",
			"mqtt://host/, mqtt://host:1883", "wss://host?token=1, wss://host:443/" })
	void addressIsShownInFull(String uri, String shown) {
		assertThat(MqttAddress.parse(uri)).hasToString(shown);
		assertThat(MqttAddress.parse(uri).toUri().toString().replaceFirst("\\?.*", "")).isEqualTo(shown);
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1:1883, has to look like mqtt://host:1883", "localhost:1883, is not supported",
			"mqtt:///path, has no host", "mqtt://host:0, Port 0", "mqtt://host:65536, Port 65536",
			"mqtt://host:x, has no host", "mqtt://me:s3cr3t@my_broker, user info",
			"mqtt://host/path, which only ws:// and wss:// can have", "unix:relative, whole path",
			"unix://host/path, whole path", "' ', is not supported" })
	void addressThatIsNoneIsRefused(String uri, String told) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttClient.builder(uri))
			.withMessageContaining(told)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cr3t"));
	}

	// ---- again and again

	@Test
	void withoutReconnectTheClientStaysDisconnected() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			awaitState(client, MqttClientState.CONNECTED);
			link.cut();
			awaitState(client, MqttClientState.DISCONNECTED);
			assertThat(client.status().lastError()).contains("closed");
		}
	}

	@Test
	void clientGivesUpAfterMaxAttempts() {
		List<Integer> attempts = new ArrayList<>();
		try (MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.reconnect(Target.soon().withMaxAttempts(3))
			.listener(new MqttClientListener() {

				@Override
				public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
					attempts.add(attempt);
				}

			})
			.build()) {
			client.start();
			awaitState(client, MqttClientState.DISCONNECTED);
			Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(attempts).containsExactly(1, 2, 3));
			assertThat(client.status().lastError()).contains("Connection refused");
		}
	}

	@Test
	void withoutReconnectThereIsOneAttemptOfStartToo() {
		try (MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.reconnect(Target.soon().withEnabled(false))
			.build()) {
			client.start();
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> client.status().attempts() == 1
						&& client.status().state() == MqttClientState.DISCONNECTED);
			assertThat(client.statistics().connectFailures()).containsEntry("NETWORK", 1L);
		}
	}

	@Test
	void stateIsKeptSinceItBeganWhateverIsTriedMeanwhile() {
		try (MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.reconnect(Target.soon())
			.build()) {
			client.start();
			awaitState(client, MqttClientState.RECONNECTING);
			Instant since = client.status().since();
			int attempts = client.status().attempts();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() > attempts + 2);
			assertThat(client.status().since()).isEqualTo(since);
		}
	}

	@Test // MQTT 5.0 §3.2.2.3.14
	void brokersKeepAliveTakesThePlaceOfOurs() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).keepAlive(Duration.ofHours(1)).build()) {
			client.connectAsync();
			Link link = broker.accept("20 06 00 00 03 13 00 01"); // 1 s
			link.expect("C0 00");
			assertThat(client.status().server().keepAlive()).isEqualTo(Duration.ofSeconds(1));
		}
	}

	@Test // MQTT 5.0 §3.1.2.4
	void cleanStartIsForTheFirstConnectionOfASessionThatIsKept() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.session(new SessionOptions(true, Duration.ofHours(1)))
					.build()) {
			client.start();
			for (int flags : new int[] { 0x02, 0, 0 }) {
				Link link = broker.accept();
				Packet connect = link.expect(ScriptedBroker.CONNECT);
				assertThat(connect.body()[7]).isEqualTo((byte) flags);
				link.send((flags != 0) ? ScriptedBroker.CONNACK_5 : "20 03 01 00 00");
				link.cut();
			}
		}
	}

	@Test
	void randomAddressBeginsWithAnyOfThem() {
		String[] dead = { "mqtt://127.0.0.1:" + FreePort.next(), "mqtt://127.0.0.1:" + FreePort.next() };
		Set<String> ended = new HashSet<>(); // with the one that did not begin
		for (int i = 0; ended.size() < 2 && i < 100; i++) {
			try (MqttClient client = MqttClient.builder(dead)
				.randomAddress(true)
				.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
				.build()) {
				assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect);
				ended.add(client.status().uri());
			}
		}
		assertThat(ended).containsExactlyInAnyOrder(dead);
	}

	@Test
	void eachAddressIsTriedOnceInARoundWhereverItBegins() throws Exception {
		try (ScriptedBroker first = new ScriptedBroker();
				ScriptedBroker second = new ScriptedBroker();
				MqttClient client = MqttClient.builder(first.uri(), second.uri())
					.version(MqttVersion.MQTT_5)
					.reconnect(Target.soon())
					.shutdownTimeout(Duration.ZERO)
					.build()) {
			client.start();
			for (int round = 0; round < 3; round++) {
				first.accept().cut();
				second.accept().cut();
			}
			first.accept().cut();
			second.accept(ScriptedBroker.CONNACK_5).cut();
			second.accept().cut();
			first.accept().cut();
			second.accept().cut();
		}
	}

	@Test
	void pingOfAConnectionThatIsLostFailsAtOnce() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.connectTimeout(Duration.ofHours(1))
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			awaitState(client, MqttClientState.CONNECTED);
			CompletableFuture<Duration> ping = Background.supply(client::ping);
			link.expect("C0 00");
			link.cut();
			assertThat(ping).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withMessageContaining("has lost its connection while it waited for PINGRESP");
			Link next = broker.accept(ScriptedBroker.CONNACK_5);
			Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == 2);
			CompletableFuture<Duration> again = Background.supply(client::ping);
			next.expect("C0 00");
			assertThat(again).isNotDone();
			next.send("D0 00");
			assertThat(again).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test // a bare DISCONNECT says that all is well, and the will would not be published
	void on311AViolationEndsTheConnectionWithoutDisconnect() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_3_1_1).build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_3);
			awaitState(client, MqttClientState.CONNECTED);
			link.send("36 03 00 01 61"); // QoS 3
			assertThat(link.readToEnd()).isEmpty();
		}
	}

	@Test
	void clientThatGaveUpTriesAsOftenWhenItIsStartedAgain() {
		try (MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
			.reconnect(Target.soon().withMaxAttempts(3))
			.build()) {
			for (int start = 1; start <= 2; start++) {
				client.start();
				long failures = 3 * start;
				Awaitility.await()
					.atMost(LIMIT)
					.until(() -> client.status().state() == MqttClientState.DISCONNECTED
							&& client.statistics().connectFailures().getOrDefault("NETWORK", 0L) == failures);
			}
		}
	}

	@Test
	void moreOfTheSameIsToldLessAndLess() {
		try (CapturedLog log = new CapturedLog(this.name);
				MqttClient client = MqttClient.builder("mqtt://127.0.0.1:" + FreePort.next())
					.name(this.name)
					.reconnect(Target.soon().withMaxAttempts(20))
					.build()) {
			client.start();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() == 20);
			assertThat(log.lines(Level.WARN)).singleElement(STRING).contains("Connection refused (attempt 1)");
			assertThat(log.lines(Level.INFO)).extracting((line) -> line.replaceAll(".*attempt ([0-9]+).*", "$1"))
				.containsExactly("2", "4", "8", "16");
		}
	}

	@Test
	void longPauseAndLongAbsenceAreTold() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				CapturedLog log = new CapturedLog(this.name);
				MqttClient client = client(broker).name(this.name)
					.version(MqttVersion.MQTT_5)
					.reconnect(Target.soon().withRefusedDelay(Duration.ofHours(2)))
					.build()) {
			client.start();
			broker.accept("20 03 00 87 00");
			Awaitility.await()
				.atMost(LIMIT)
				.until(() -> log.lines(Level.INFO)
					.stream()
					.anyMatch((line) -> line.matches(".*tries again in [0-9]{4} s")));
			CompletableFuture<Void> connected = client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			connected.get(10, TimeUnit.SECONDS);
			assertThat(log.lines(Level.INFO)).last(STRING)
				.containsPattern("is connected with MQTT 5, session new, after 2 attempts in [0-9] s");
		}
	}

	@Test
	void connectionsThatAreClosedAgainAndAgainMakeOneThinkOfTheClientId() throws Exception {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			client.start();
			for (int i = 1; i <= 3; i++) {
				Link link = broker.accept(ScriptedBroker.CONNACK_5);
				int connects = i;
				Awaitility.await().atMost(LIMIT).until(() -> client.statistics().connects() == connects);
				link.cut();
				Awaitility.await().atMost(LIMIT).until(() -> client.status().lastError() != null);
				assertThat(client.status().lastError().endsWith("does another client use this client id?"))
					.isEqualTo(i == 3);
			}
		}
	}

	@Test
	void connectDuringADisconnectConnectsAgain() throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri()).reconnect(Target.soon()).build()) {
			client.connect();
			for (int i = 0; i < 100; i++) {
				CompletableFuture<Void> disconnect = Background.run(client::disconnect);
				client.connectAsync();
				disconnect.get(10, TimeUnit.SECONDS);
				client.connect();
				assertThat(client.ping()).isPositive();
			}
		}
	}

	@Test
	void connectDoesNotWaitForTheEndOfAPause() {
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = MqttClient.builder(broker.uri())
					.reconnect(ReconnectOptions.DEFAULTS.withDelays(Duration.ofHours(100), Duration.ofHours(100)))
					.build()) {
			broker.stop();
			client.start();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() == 1);
			broker.start();
			client.connect();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CONNECTED);
		}
	}

	// Mosquitto 2.0 just closes: there it is the growing delay that ends the fight
	@Test
	void clientWhoseSessionWasTakenOverDoesNotFightForIt() {
		String clientId = Target.uniqueName();
		String uri = HiveMqBroker.shared().uri();
		try (MqttClient first = MqttClient.builder(uri).clientId(clientId).reconnect(Target.soon()).build();
				MqttClient second = MqttClient.builder(uri).clientId(clientId).reconnect(Target.soon()).build()) {
			first.connect();
			second.connect();
			awaitState(first, MqttClientState.RECONNECTING);
			assertThat(first.status().lastError()).contains("SESSION_TAKEN_OVER").contains("mqtt.client-id");
			assertThat(second.ping()).isPositive();
			assertThat(second.status().state()).isEqualTo(MqttClientState.CONNECTED);
			assertThat(first.statistics().connects()).isEqualTo(1);
		}
	}

	// ---- what is told

	@Test
	void listenersAreToldInOrder() throws Exception {
		BlockingQueue<String> events = new LinkedBlockingQueue<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.clientId(Target.uniqueName())
					.listener(new Recorder(events))
					.subscribe("a", MqttQos.EXACTLY_ONCE, new Inbox())
					.build()) {
			client.start();
			broker.accept("20 03 00 88 00");
			assertThat(next(events)).isEqualTo("connectionFailed SERVER_UNAVAILABLE 1");
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			assertThat(next(events)).isEqualTo("connected false");
			Packet subscribe = link.expect(ScriptedBroker.SUBSCRIBE);
			link.send("90 04 %04X 00 01".formatted(subscribe.packetId()));
			assertThat(next(events)).isEqualTo("subscribed a AT_LEAST_ONCE");
			CompletableFuture<Subscription> refused = client
				.subscribeAsync(SubscribeOptions.of("b", MqttQos.AT_MOST_ONCE), new Inbox());
			subscribe = link.expect(ScriptedBroker.SUBSCRIBE);
			link.send("90 04 %04X 00 87".formatted(subscribe.packetId()));
			assertThat(next(events)).isEqualTo("subscriptionRefused b NOT_AUTHORIZED");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(MqttSubscribeException.class);
			Packet unsubscribe = link.expect(ScriptedBroker.UNSUBSCRIBE);
			link.send("B0 04 %04X 00 11".formatted(unsubscribe.packetId()));
			client.publish(MqttMessage.of("c", "x"));
			Packet publish = link.expect(ScriptedBroker.PUBLISH);
			link.send("40 03 %04X 97".formatted(publish.packetId()));
			assertThat(next(events)).isEqualTo("deliveryFailed c QUOTA_EXCEEDED");
			assertThat(client.statistics().failed()).isEqualTo(1);
			link.send("E0 02 8B 00");
			link.cut();
			assertThat(next(events)).startsWith("disconnected").contains("SERVER_SHUTTING_DOWN (0x8B)");
			broker.accept("20 03 01 00 00");
			assertThat(next(events)).isEqualTo("connected true");
			client.disconnect();
			assertThat(next(events)).isEqualTo("disconnected null");
			assertThat(events).isEmpty();
		}
	}

	@Test
	void listenerThatFailsDoesNotKeepOthersFromBeingTold() throws Exception {
		BlockingQueue<String> events = new LinkedBlockingQueue<>();
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).listener(new MqttClientListener() {

					@Override
					public void connected(MqttClient client, boolean sessionPresent) {
						throw new IllegalStateException("cannot");
					}

				}).listener(new Recorder(events)).build()) {
			client.connectAsync();
			broker.accept(ScriptedBroker.CONNACK_5);
			assertThat(next(events)).isEqualTo("connected false");
		}
	}

	@Test
	void bytesAreCountedAsTheyAre() {
		try (ScriptedBroker broker = new ScriptedBroker();
				MqttClient client = client(broker).version(MqttVersion.MQTT_5).build()) {
			client.connectAsync();
			Link link = broker.accept();
			Packet connect = link.expect(ScriptedBroker.CONNECT);
			link.send(ScriptedBroker.CONNACK_5);
			awaitState(client, MqttClientState.CONNECTED);
			client.publish(MqttMessage.builder("a").qos(MqttQos.AT_MOST_ONCE).build(), Wait.SENT);
			Packet publish = link.expect(ScriptedBroker.PUBLISH);
			assertThat(client.statistics().bytesIn()).isEqualTo(5);
			assertThat(client.statistics().bytesOut()).isEqualTo(connect.length() + publish.length());
		}
	}

	/**
	 * Mosquitto does it when its queue is long (eclipse-mosquitto/mosquitto #2301). To
	 * close the connection for it would lose what is in flight, and happen again.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void brokerThatSendsMoreThanReceiveMaximumIsToldOfAndServed(int qos) {
		Inbox inbox = new Inbox();
		try (ScriptedBroker broker = new ScriptedBroker();
				CapturedLog log = new CapturedLog(this.name);
				MqttClient client = client(broker).version(MqttVersion.MQTT_5)
					.inbound(InboundOptions.DEFAULTS.withReceiveMaximum(2))
					.subscribe("a", MqttQos.EXACTLY_ONCE, inbox)
					.build()) {
			client.connectAsync();
			Link link = broker.accept(ScriptedBroker.CONNACK_5);
			link.expect(ScriptedBroker.SUBSCRIBE);
			byte[] one = ScriptedBroker.publish(true, qos, 1, "a", "x");
			byte[] all = new byte[one.length * 10];
			for (int i = 0; i < 10; i++) {
				System.arraycopy(ScriptedBroker.publish(true, qos, i + 1, "a", "x"), 0, all, i * one.length,
						one.length);
			}
			link.send(all);
			for (int i = 1; i <= 10; i++) {
				link.expect(((qos == 1) ? "40 02 %04X" : "50 02 %04X").formatted(i));
			}
			assertThat(inbox.payloads()).hasSize(10);
			assertThat(log.lines(Level.WARN)).singleElement().asString().contains("Receive Maximum 2");
		}
	}

	@ParameterizedTest
	@MethodSource("io.mqttspring.client.testing.Target#all")
	void statusTellsTheTruthInEachPhaseOfALife(Target target) {
		try (TcpProxy line = new TcpProxy(target.broker().port());
				MqttClient client = target.client(line.uri()).clientId(Target.uniqueName()).build()) {
			assertThat(client.status().state()).isEqualTo(MqttClientState.DISCONNECTED);
			line.down();
			client.start();
			Awaitility.await().atMost(LIMIT).until(() -> client.status().attempts() > 0);
			assertThat(client.status().state()).isEqualTo(MqttClientState.RECONNECTING);
			assertThat(client.status().server()).isNull();
			assertThat(client.status().lastError()).isNotNull();
			Delivery delivery = client.publish(MqttMessage.of("phase", "x"));
			assertThat(client.status().queue()).isEqualTo(new MqttClientStatus.Queue(1, 6));
			line.up();
			delivery.awaitAcknowledged(LIMIT);
			MqttClientStatus connected = client.status();
			assertThat(connected.state()).isEqualTo(MqttClientState.CONNECTED);
			assertThat(connected.attempts()).isZero();
			assertThat(connected.lastError()).isNull();
			assertThat(connected.queue()).isEqualTo(new MqttClientStatus.Queue(0, 0));
			line.down();
			awaitState(client, MqttClientState.RECONNECTING);
			assertThat(client.status().since()).isAfterOrEqualTo(connected.since());
			assertThat(client.status().server()).isNull();
			assertThat(client.status().lastError()).isNotNull();
			line.up();
			awaitState(client, MqttClientState.CONNECTED);
			assertThat(client.status().sessionPresent()).isTrue();
			assertThat(client.statistics().connects()).isEqualTo(2);
			client.disconnect();
			assertThat(client.status().state()).isEqualTo(MqttClientState.DISCONNECTED);
			client.close();
			assertThat(client.status().state()).isEqualTo(MqttClientState.CLOSED);
			assertThat(client.status().lastError()).isNull();
		}
	}

	private MqttClientBuilder client(ScriptedBroker broker) {
		return MqttClient.builder(broker.uri()).name(this.name).reconnect(Target.soon()).shutdownTimeout(Duration.ZERO);
	}

	private static void awaitState(MqttClient client, MqttClientState state) {
		Awaitility.await()
			.atMost(LIMIT)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> client.status().state() == state);
	}

	private static String next(BlockingQueue<String> events) throws InterruptedException {
		return String.valueOf(events.poll(10, TimeUnit.SECONDS));
	}

	private static final class Recorder implements MqttClientListener {

		private final BlockingQueue<String> events;

		Recorder(BlockingQueue<String> events) {
			this.events = events;
		}

		@Override
		public void connected(MqttClient client, boolean sessionPresent) {
			this.events.add("connected " + sessionPresent);
		}

		@Override
		public void disconnected(MqttClient client, MqttException cause) {
			this.events.add("disconnected " + cause);
		}

		@Override
		public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
			this.events.add("connectionFailed " + cause.reasonCode() + " " + attempt);
		}

		@Override
		public void subscribed(MqttClient client, String filter, MqttQos granted) {
			this.events.add("subscribed " + filter + " " + granted);
		}

		@Override
		public void subscriptionRefused(MqttClient client, String filter, MqttReasonCode reason) {
			this.events.add("subscriptionRefused " + filter + " " + reason);
		}

		@Override
		public void deliveryFailed(MqttClient client, Delivery delivery) {
			this.events.add("deliveryFailed " + delivery.message().topic() + " " + delivery.reasonCode());
		}

		@Override
		public void dropped(MqttClient client, MqttMessage message, MqttDropCause cause) {
			this.events.add("dropped " + message.topic() + " " + cause);
		}

	}

}
