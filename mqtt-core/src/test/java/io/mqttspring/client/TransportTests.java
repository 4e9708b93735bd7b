package io.mqttspring.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.mqttspring.client.testing.Authority;
import io.mqttspring.client.testing.Background;
import io.mqttspring.client.testing.FreePort;
import io.mqttspring.client.testing.HiveMqBroker;
import io.mqttspring.client.testing.MosquittoBroker;
import io.mqttspring.client.testing.ScriptedBroker;
import io.mqttspring.client.testing.Target;
import io.mqttspring.client.testing.TcpProxy;
import io.mqttspring.client.testing.TestProxy;
import io.mqttspring.client.testing.TlsFront;
import io.mqttspring.client.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every way to a broker: TLS, WebSocket, both, a Unix socket, through proxies, and one
 * that the user brings.
 */
@Timeout(60)
class TransportTests {

	private static Authority authority;

	private static Authority.Issued localhost;

	@TempDir
	private Path folder;

	private final String topic = "ways/" + Target.uniqueName();

	@BeforeAll
	static void makeAuthority() {
		authority = new Authority("Ways Test");
		localhost = authority.issue("localhost", "127.0.0.1");
	}

	private static MqttClientBuilder client(String uri) {
		return MqttClient.builder(uri)
			.name(Target.uniqueName())
			.reconnect(Target.soon())
			.connectTimeout(Duration.ofSeconds(5))
			.shutdownTimeout(Duration.ofSeconds(5));
	}

	private static MqttClientBuilder trusting(String uri) {
		return client(uri).tls(TlsOptions.DEFAULTS.withContext(authority.trusted()));
	}

	/**
	 * Show that messages of every size come through in both directions, also after the
	 * connection was lost.
	 */
	private void assertWorks(MqttClientBuilder builder, Runnable cut) throws Exception {
		assertWorks(builder, cut, 0, 100, 300, 20_000, 70_000, 1_000_000, 1);
	}

	private void assertWorks(MqttClientBuilder builder, Runnable cut, int... sizes) throws Exception {
		List<byte[]> sent = Arrays.stream(sizes).mapToObj(byte[]::new).toList();
		for (int i = 0; i < sent.size(); i++) {
			Arrays.fill(sent.get(i), (byte) ('a' + i));
		}
		List<byte[]> received = new CopyOnWriteArrayList<>();
		try (MqttClient client = builder.clientId(Target.uniqueName())
			.subscribe(this.topic, MqttQos.EXACTLY_ONCE, (message) -> received.add(message.payload()))
			.build()) {
			client.connect();
			for (int round = 1; round <= 2; round++) {
				int connects = round;
				Awaitility.await()
					.until(() -> client.statistics().connects() == connects
							&& client.status().subscriptions().get(0).grantedQos() != null);
				received.clear();
				for (byte[] payload : sent) {
					client.publish(MqttMessage.builder(this.topic).payload(payload).qos(MqttQos.EXACTLY_ONCE).build(),
							Wait.ACKNOWLEDGED);
				}
				Awaitility.await().until(() -> received.size() == sent.size());
				assertThat(received).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
				if (round == 1) {
					cut.run();
				}
			}
		}
	}

	// ---- TLS

	@ParameterizedTest
	@CsvSource({ "TLSv1.3, MQTT_5", "TLSv1.2, MQTT_5", "TLSv1.3, MQTT_3_1_1" })
	void tls(String protocol, MqttVersion version) throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.running(localhost.mosquitto(this.folder))) {
			assertWorks(trusting("mqtts://localhost:" + broker.port()).version(version)
				.tls(TlsOptions.DEFAULTS.withContext(authority.trusted()).withProtocols(List.of(protocol), List.of())),
					() -> {
						broker.kill();
						broker.start();
					});
		}
	}

	@Test
	void tlsWithAClientCertificate() throws Exception {
		Path ca = Authority.pem(this.folder.resolve("ca.crt"), authority.certificate());
		try (MosquittoBroker broker = MosquittoBroker.running(localhost.mosquitto(this.folder), "cafile " + ca,
				"require_certificate true")) {
			String uri = "mqtts://localhost:" + broker.port();
			assertWorks(
					client(uri).tls(TlsOptions.DEFAULTS.withContext(authority.trustedBy(authority.issue("adapter-1")))),
					() -> {
						broker.kill();
						broker.start();
					});
			try (MqttClient unknown = trusting(uri).build()) {
				assertThatExceptionOfType(MqttConnectException.class).isThrownBy(unknown::connect)
					.withMessageContaining("certificate");
			}
		}
	}

	@Test
	void tlsWithAlpn() throws Exception {
		AtomicReference<String> offered = new AtomicReference<>();
		try (MosquittoBroker broker = MosquittoBroker.running();
				TlsFront front = new TlsFront(broker.port(), authority.context(localhost), (protocols) -> {
					offered.set(protocols);
					return "mqtt";
				})) {
			TlsOptions tls = TlsOptions.DEFAULTS.withContext(authority.trusted())
				.withApplicationProtocols(List.of("x-amzn-mqtt-ca", "mqtt"));
			assertWorks(client("mqtts://localhost:" + front.port()).tls(tls), front::cut);
			assertThat(offered).hasValue("x-amzn-mqtt-ca,mqtt");
		}
	}

	@Test
	void serverThatChoosesNoApplicationProtocolIsRefused() {
		try (MosquittoBroker broker = MosquittoBroker.running();
				TlsFront front = new TlsFront(broker.port(), authority.context(localhost), (protocols) -> "");
				MqttClient client = client("mqtts://localhost:" + front.port())
					.tls(TlsOptions.DEFAULTS.withContext(authority.trusted())
						.withApplicationProtocols(List.of("x-amzn-mqtt-ca")))
					.build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageContaining(
						"the server has chosen none of the application protocols 'x-amzn-mqtt-ca' (mqtt.ssl.alpn)");
		}
	}

	@Test
	void replacedCertificatesAreUsedAtTheNextConnect() throws Exception {
		Authority next = new Authority("Next");
		AtomicReference<Supplier<SSLContext>> context = new AtomicReference<>(authority.trusted());
		try (MosquittoBroker broker = MosquittoBroker.running(localhost.mosquitto(this.folder));
				MqttClient client = client("mqtts://localhost:" + broker.port())
					.tls(TlsOptions.DEFAULTS.withContext(() -> context.get().get()))
					.build()) {
			client.connect();
			broker.kill();
			next.issue("localhost").mosquitto(this.folder);
			broker.start();
			Awaitility.await().until(() -> String.valueOf(client.status().lastError()).contains("certificate"));
			context.set(next.trusted());
			Awaitility.await().until(() -> client.statistics().connects() == 2);
		}
	}

	/**
	 * What is wrong with a certificate, and what is said.
	 */
	enum Wrong {

		EXPIRED("has expired"), NOT_YET_VALID("is not valid yet"), OTHER_HOST("is not of the host 'localhost'"),
		SELF_SIGNED("is of no authority that is trusted"), UNKNOWN_AUTHORITY("is of no authority that is trusted"),
		UNTRUSTED_BY_JDK("is of no authority that is trusted");

		private final String told;

		Wrong(String told) {
			this.told = told;
		}

		Authority.Issued certificate() {
			return switch (this) {
				case EXPIRED -> authority.issueExpired("localhost");
				case NOT_YET_VALID -> authority.issueForLater("localhost");
				case OTHER_HOST -> authority.issue("elsewhere.example");
				case SELF_SIGNED -> new Authority("localhost").own();
				case UNKNOWN_AUTHORITY -> new Authority("Another").issue("localhost");
				case UNTRUSTED_BY_JDK -> localhost;
			};
		}

	}

	@ParameterizedTest
	@EnumSource
	void serverThatIsNotToBeTrustedIsRefusedOnEachWay(Wrong wrong) {
		TlsOptions tls = (wrong == Wrong.UNTRUSTED_BY_JDK) ? TlsOptions.DEFAULTS
				: TlsOptions.DEFAULTS.withContext(authority.trusted());
		try (ScriptedBroker broker = new ScriptedBroker();
				TlsFront front = new TlsFront(broker.port(), authority.context(wrong.certificate()), (protocols) -> "");
				TestProxy http = new TestProxy(ProxyOptions.Type.HTTP, null);
				TestProxy socks = new TestProxy(ProxyOptions.Type.SOCKS5, null)) {
			for (String scheme : List.of("mqtts", "wss")) {
				for (ProxyOptions proxy : Arrays.asList(null, http.options(null, null), socks.options(null, null))) {
					try (MqttClient client = client("%s://localhost:%d".formatted(scheme, front.port())).tls(tls)
						.proxy(proxy)
						.build()) {
						assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
							.withMessageContaining("the broker's certificate " + wrong.told);
					}
				}
			}
		}
	}

	@Test
	void hostNameIsNotVerifiedWhenToldSo() throws Exception {
		try (MosquittoBroker broker = MosquittoBroker.running(authority.issue("elsewhere").mosquitto(this.folder));
				MqttClient unverified = client("mqtts://localhost:" + broker.port())
					.tls(TlsOptions.DEFAULTS.withContext(authority.trusted()).withVerifyHostname(false))
					.build();
				MqttClient named = client("mqtts://127.0.0.1:" + broker.port())
					.tls(TlsOptions.DEFAULTS.withContext(authority.trusted()).withServerName("elsewhere"))
					.build()) {
			unverified.connect();
			named.connect();
		}
	}

	// ---- WebSocket

	@ParameterizedTest
	@EnumSource
	void webSocketToHiveMq(MqttVersion version) throws Exception {
		try (TcpProxy line = new TcpProxy(HiveMqBroker.shared().webSocketPort())) {
			assertWorks(client("ws://127.0.0.1:%d/mqtt".formatted(line.port())).version(version), line::cut);
		}
	}

	@Test
	void webSocketOverTlsToHiveMq() throws Exception {
		try (TlsFront front = new TlsFront(HiveMqBroker.shared().webSocketPort(), authority.context(localhost),
				(protocols) -> "")) {
			assertWorks(trusting("wss://localhost:%d/mqtt".formatted(front.port())), front::cut);
		}
	}

	// Of small messages: it takes seconds for each 100,000 bytes that come so
	@ParameterizedTest
	@CsvSource({ "ws, MQTT_5", "wss, MQTT_5", "ws, MQTT_3_1_1" })
	void webSocketToMosquitto(String scheme, MqttVersion version) throws Exception {
		int port = FreePort.next();
		String tls = scheme.equals("wss") ? localhost.mosquitto(this.folder) : "";
		try (MosquittoBroker broker = MosquittoBroker.running(webSocketListener(port), tls).awaitListening(port)) {
			assertWorks(trusting("%s://localhost:%d/mqtt".formatted(scheme, port)).version(version), () -> {
				broker.kill();
				broker.start();
			}, 0, 125, 126, 1000);
		}
	}

	// Mosquitto 2.0.11 does not start with nothing but this
	private static String webSocketListener(int port) {
		return "listener %d\nprotocol websockets".formatted(port);
	}

	@Test
	void brokerThatSpeaksNoWebSocketIsTold() {
		try (MosquittoBroker broker = MosquittoBroker.running();
				MqttClient client = client("ws://localhost:" + broker.port()).build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageMatching("(?s).*(the WebSocket server closed the connection|Connection reset).*");
		}
	}

	// ---- Unix socket, proxies, one's own

	@ParameterizedTest
	@EnumSource
	void unixSocket(MqttVersion version) throws Exception {
		Path socket = this.folder.resolve("broker.sock");
		try (MosquittoBroker broker = MosquittoBroker.running("listener 0 " + socket)) {
			assertWorks(client("unix:" + socket).version(version), () -> {
				broker.kill();
				broker.start();
			});
		}
	}

	@Test
	void unixSocketThatIsNotThereIsToldWithItsPath() {
		try (MqttClient client = client("unix:" + this.folder.resolve("none.sock")).build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageContaining(this.folder.resolve("none.sock").toString());
		}
	}

	@ParameterizedTest
	@CsvSource({ "HTTP, mqtts", "HTTP, ws", "SOCKS5, mqtts", "SOCKS5, mqtt" })
	void proxy(ProxyOptions.Type type, String scheme) throws Exception {
		int wsPort = FreePort.next();
		String config = switch (scheme) {
			case "mqtts" -> localhost.mosquitto(this.folder);
			case "ws" -> webSocketListener(wsPort);
			default -> "";
		};
		try (MosquittoBroker broker = MosquittoBroker.running(config);
				TestProxy proxy = new TestProxy(type, "me:secret")) {
			int port = scheme.equals("ws") ? wsPort : broker.port();
			broker.awaitListening(port);
			String uri = "%s://localhost:%d".formatted(scheme, port);
			assertWorks(trusting(uri).proxy(proxy.options("me", "secret")), () -> {
				broker.kill();
				broker.start();
			}, 0, 100, 1000);
			assertThat(proxy.requests()).hasSizeGreaterThanOrEqualTo(2).containsOnly("localhost:" + port);
		}
	}

	@ParameterizedTest
	@EnumSource
	void proxyThatRefusesIsTold(ProxyOptions.Type type) {
		try (TestProxy proxy = new TestProxy(type, "me:secret")) {
			assertRefused(proxy.options("me", "wrong-secret"), "mqtt://localhost:1883",
					"its user name and password (mqtt.proxy.username, mqtt.proxy.password)",
					"user name and password (mqtt.proxy.username, mqtt.proxy.password)");
			assertRefused(proxy.options(null, null), "mqtt://localhost:1883", "mqtt.proxy.username");
			assertRefused(proxy.options("me", "secret"), "mqtt://broker.example:1", "Forbidden by policy",
					"not allowed by the proxy's rules");
		}
	}

	private static void assertRefused(ProxyOptions proxy, String uri, String... oneOf) {
		try (MqttClient client = client(uri).proxy(proxy).build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect).satisfies((ex) -> {
				assertThat(oneOf).anyMatch((text) -> String.valueOf(ex.getMessage()).contains(text));
				assertThat(ex.getMessage()).contains(proxy.address()).doesNotContain("secret");
			});
		}
	}

	@Test
	void socketOfTheUsersOwn() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		try (MosquittoBroker broker = MosquittoBroker.running()) {
			assertWorks(client("mqtt://anywhere.example:1").transport((address, timeout) -> {
				asked.incrementAndGet();
				assertThat(address).hasToString("mqtt://anywhere.example:1");
				assertThat(timeout).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
				return Transport.over(new Socket("127.0.0.1", broker.port()));
			}), () -> {
				broker.kill();
				broker.start();
			});
		}
		assertThat(asked).hasValueGreaterThanOrEqualTo(2);
	}

	// ---- bounds

	@ParameterizedTest
	@CsvSource({ "mqtts", "wss", "ws", "mqtt" })
	void peerThatSaysNothingOrLittleIsGivenUpInTime(String scheme) throws Exception {
		for (boolean dribbles : new boolean[] { false, true }) {
			try (ServerSocket server = new ServerSocket(0);
					MqttClient client = trusting("%s://localhost:%d".formatted(scheme, server.getLocalPort()))
						.connectTimeout(Duration.ofMillis(700))
						.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
						.version(MqttVersion.MQTT_5)
						.build()) {
				CompletableFuture<Void> peer = Background.run(() -> speak(server, dribbles, beginOf(scheme)));
				long begin = System.nanoTime();
				assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
					.withMessageContaining("no answer in time");
				assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
				client.close();
				server.close();
				peer.get(10, TimeUnit.SECONDS);
			}
		}
	}

	private static byte[] beginOf(String scheme) {
		return switch (scheme) {
			case "ws" -> "HTTP/1.1 101 Switching".getBytes();
			case "mqtt" -> new byte[] { 0x20, 0x7F, 0, 0, 0x7C };
			default -> new byte[] { 0x16, 3, 3, 0x20, 0, 2, 0, 0x10, 0, 0, 3, 3 };
		};
	}

	// Byte by byte
	private static void speak(ServerSocket server, boolean dribbles, byte[] begin) {
		try (Socket socket = server.accept()) {
			for (int i = 0; dribbles && i < 1000; i++) {
				socket.getOutputStream().write((i < begin.length) ? begin[i] : 0);
				socket.setSoTimeout(100);
				try {
					if (socket.getInputStream().read(new byte[4096]) < 0) {
						return;
					}
				}
				catch (SocketTimeoutException ex) {
					// Only a pace
				}
			}
			socket.setSoTimeout(0);
			socket.getInputStream().readAllBytes();
		}
		catch (IOException ex) {
			// The client has gone, as it should
		}
	}

	@Test
	void whatIsAskedForByAnAddressIsItsPathAndQuery() throws Exception {
		for (String[] one : new String[][] { { "ws://localhost:%d?a=1", "/?a=1" },
				{ "ws://localhost:%d/?a=1", "/?a=1" }, { "ws://localhost:%d/x?token=s3cr3t", "/x?token=s3cr3t" },
				{ "ws://localhost:%d", "/mqtt" } }) {
			try (ServerSocket server = new ServerSocket(0);
					MqttClient client = client(one[0].formatted(server.getLocalPort())).version(MqttVersion.MQTT_5)
						.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
						.build()) {
				CompletableFuture<Void> connected = client.connectAsync();
				try (Socket socket = server.accept()) {
					byte[] begin = socket.getInputStream().readNBytes(one[1].length() + 14);
					assertThat(new String(begin)).isEqualTo("GET " + one[1] + " HTTP/1.1\r");
					socket.getOutputStream().write("HTTP/1.1 403 No\r\n\r\n".getBytes());
				}
				assertThat(connected).failsWithin(Duration.ofSeconds(10))
					.withThrowableThat()
					.withMessageContaining("403 No")
					.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cr3t"));
				assertThat(client.status().lastError()).doesNotContain("s3cr3t");
			}
		}
	}

	@Test
	void answerThatIsNoHttpIsTold() throws Exception {
		for (String answer : List.of("\r\n\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 101 x\r\nno header\r\n\r\n")) {
			try (ServerSocket server = new ServerSocket(0);
					MqttClient client = client("ws://localhost:" + server.getLocalPort()).version(MqttVersion.MQTT_5)
						.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
						.build()) {
				CompletableFuture<Void> connected = client.connectAsync();
				try (Socket socket = server.accept()) {
					socket.getInputStream().read();
					socket.getOutputStream().write(answer.getBytes());
					assertThat(connected).failsWithin(Duration.ofSeconds(10))
						.withThrowableThat()
						.withMessageMatching("(?s).*(does not speak HTTP|HTTP header that is none).*");
				}
			}
		}
	}

	@Test
	void errorOfWhatIsAskedWhileConnectingIsAFailedAttempt() {
		AtomicInteger asked = new AtomicInteger();
		try (MqttClient client = client("mqtt://localhost").transport((address, timeout) -> {
			asked.incrementAndGet();
			throw new NoClassDefFoundError("of the test");
		}).build()) {
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageContaining("NoClassDefFoundError: of the test");
			assertThat(asked).hasValueLessThan(5);
		}
	}

	// What a handshake does after the first one: TLS 1.2 alone, as web servers do to ask
	// for
	// a certificate
	@Test
	void renegotiationWithAClientCertificate() throws Exception {
		SSLContext context = authority.context(localhost);
		try (SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			TlsOptions tls = TlsOptions.DEFAULTS.withContext(authority.trustedBy(authority.issue("adapter-1")))
				.withProtocols(List.of("TLSv1.2"), List.of());
			try (MqttClient client = client("mqtts://localhost:" + server.getLocalPort()).version(MqttVersion.MQTT_5)
				.tls(tls)
				.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
				.shutdownTimeout(Duration.ZERO)
				.build()) {
				CompletableFuture<Void> connected = client.connectAsync();
				try (SSLSocket socket = (SSLSocket) server.accept()) {
					assertThat(socket.getInputStream().read()).isEqualTo(ScriptedBroker.CONNECT);
					CompletableFuture<Void> again = new CompletableFuture<>();
					socket.addHandshakeCompletedListener((event) -> again.complete(null));
					socket.setNeedClientAuth(true);
					socket.startHandshake();
					Background.run(() -> readAll(socket));
					assertThat(again).succeedsWithin(Duration.ofSeconds(3));
					socket.getOutputStream().write(new byte[] { 0x20, 3, 0, 0, 0 });
					assertThat(connected).succeedsWithin(Duration.ofSeconds(5));
				}
			}
		}
	}

	private static void readAll(Socket socket) {
		try {
			socket.getInputStream().readAllBytes();
		}
		catch (IOException ex) {
			// The client has gone
		}
	}

	@Test
	void unixSocketOfABrokerThatHangsIsGivenUpInTime() throws Exception {
		Path path = this.folder.resolve("hangs.sock");
		List<SocketChannel> backlog = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(path), 1);
				MqttClient client = client("unix:" + path).version(MqttVersion.MQTT_5)
					.connectTimeout(Duration.ofMillis(300))
					.reconnect(ReconnectOptions.DEFAULTS.withEnabled(false))
					.build()) {
			for (int i = 0; i < 2; i++) { // as many as Linux takes with a backlog of 1
				backlog.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
			}
			// On a virtual thread the system does not wait at all
			assertThatExceptionOfType(MqttConnectException.class).isThrownBy(client::connect)
				.withMessageMatching("(?s).*(mqtt.connect-timeout is over|Resource temporarily unavailable).*");
		}
		finally {
			for (SocketChannel one : backlog) {
				one.close();
			}
		}
	}

	@Test
	void secretsAreNotShown() {
		assertThat(new ProxyOptions(ProxyOptions.Type.HTTP, "proxy", 3128, "me", "secret")).asString()
			.doesNotContain("secret");
		assertThat(new WebSocketOptions("/mqtt?token=secret", Map.of("Authorization", "secret"), "mqtt")).asString()
			.doesNotContain("secret");
		assertThat(MqttAddress.parse("wss://host/mqtt?token=secret")).asString().isEqualTo("wss://host:443/mqtt");
	}

}
