package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link MqttClient}. Not thread-safe. A value that is not allowed is refused
 * where it is set.
 */
public final class MqttClientBuilder {

	private List<MqttAddress> addresses;

	private String name = "default";

	private String clientId = "";

	private @Nullable MqttVersion version;

	private MqttCredentialsProvider credentials = () -> MqttCredentials.NONE;

	private Duration keepAlive = Duration.ofSeconds(60);

	private Duration connectTimeout = Duration.ofSeconds(10);

	private Duration subscribeTimeout = Duration.ofSeconds(30);

	private int subscribeBatchSize = Integer.MAX_VALUE;

	private boolean randomAddress;

	private Duration shutdownTimeout = Duration.ofSeconds(30);

	private @Nullable SessionOptions session;

	private ReconnectOptions reconnect = ReconnectOptions.DEFAULTS;

	private OutboundOptions outbound = OutboundOptions.DEFAULTS;

	private InboundOptions inbound = InboundOptions.DEFAULTS;

	private SocketOptions socket = SocketOptions.DEFAULTS;

	private TlsOptions tls = TlsOptions.DEFAULTS;

	private WebSocketOptions webSocket = WebSocketOptions.DEFAULTS;

	private @Nullable ProxyOptions proxy;

	private @Nullable TransportFactory transport;

	private Wait defaultWait = Wait.NONE;

	private @Nullable MqttWill will;

	private List<MqttUserProperty> userProperties = List.of();

	private @Nullable Executor executor;

	private final List<MqttClientListener> listeners = new ArrayList<>();

	private final List<Handler> handlers = new ArrayList<>();

	MqttClientBuilder(String... uris) {
		this.addresses = parse(uris);
	}

	private static List<MqttAddress> parse(String... uris) {
		if (uris.length == 0) {
			throw new IllegalArgumentException(
					"No address of a broker: give at least one, as in mqtt://localhost:1883");
		}
		return Arrays.stream(uris).map(MqttAddress::parse).toList();
	}

	/**
	 * Set the addresses, tried in turn.
	 * @param uris one or more of {@code mqtt://host:1883} ({@code tcp:}),
	 * {@code mqtts://host:8883} ({@code ssl:}), {@code ws://host:80/mqtt},
	 * {@code wss://host:443/mqtt}, {@code unix:/path}
	 * @return this builder
	 */
	public MqttClientBuilder uris(String... uris) {
		this.addresses = parse(uris);
		return this;
	}

	/**
	 * Set the name in logs, thread names and metrics.
	 * @param name the name (default: {@code default})
	 * @return this builder
	 */
	public MqttClientBuilder name(String name) {
		this.name = Objects.requireNonNull(name, "name");
		return this;
	}

	/**
	 * Set the client id (MQTT 5.0 §3.1.3.1). With one, the broker keeps the session for
	 * an hour unless {@link #session} says otherwise.
	 * @param clientId the id; blank for a random one and no kept session (default)
	 * @return this builder
	 */
	public MqttClientBuilder clientId(String clientId) {
		MqttTopics.utf8("Client id", clientId);
		this.clientId = clientId;
		return this;
	}

	/**
	 * Set the only version to speak.
	 * @param version the version, or {@code null} for 5.0, and 3.1.1 where the broker
	 * refuses it (default)
	 * @return this builder
	 */
	public MqttClientBuilder version(@Nullable MqttVersion version) {
		this.version = version;
		return this;
	}

	/**
	 * Set user name and password.
	 * @param username the user name, or {@code null}
	 * @param password the password, or {@code null}
	 * @return this builder
	 */
	public MqttClientBuilder credentials(@Nullable String username, @Nullable String password) {
		MqttCredentials fixed = new MqttCredentials(username, password);
		return credentials(() -> fixed);
	}

	/**
	 * Set whom to ask for user name and password, at each attempt to connect.
	 * @param provider asked on the client's thread
	 * @return this builder
	 */
	public MqttClientBuilder credentials(MqttCredentialsProvider provider) {
		this.credentials = Objects.requireNonNull(provider, "provider");
		return this;
	}

	/**
	 * Set the longest silence before PINGREQ (MQTT 5.0 §3.1.2.10). After one and a half
	 * times of it without a byte from the broker the connection counts as lost.
	 * @param keepAlive whole seconds up to 65,535; zero for none (default 60 s)
	 * @return this builder
	 */
	public MqttClientBuilder keepAlive(Duration keepAlive) {
		Require.wholeSeconds("keepAlive", keepAlive, 0, 65_535);
		this.keepAlive = keepAlive;
		return this;
	}

	/**
	 * Set the limit of an attempt at one address: name look-up, socket, proxy, TLS,
	 * WebSocket and CONNACK together.
	 * @param connectTimeout more than zero (default 10 s)
	 * @return this builder
	 */
	public MqttClientBuilder connectTimeout(Duration connectTimeout) {
		Require.positive("connectTimeout", connectTimeout);
		this.connectTimeout = connectTimeout;
		return this;
	}

	/**
	 * Set how long {@code subscribe} and {@code unsubscribe} wait for the broker.
	 * @param subscribeTimeout more than zero (default 30 s)
	 * @return this builder
	 */
	public MqttClientBuilder subscribeTimeout(Duration subscribeTimeout) {
		Require.positive("subscribeTimeout", subscribeTimeout);
		this.subscribeTimeout = subscribeTimeout;
		return this;
	}

	/**
	 * Set how many filters one SUBSCRIBE may have, for brokers that limit that; AWS IoT
	 * takes 8. Where the broker takes subscription identifiers each filter has a packet
	 * of its own anyway.
	 * @param subscribeBatchSize 1 or more (default: no limit)
	 * @return this builder
	 */
	public MqttClientBuilder subscribeBatchSize(int subscribeBatchSize) {
		Require.atLeast("subscribeBatchSize", subscribeBatchSize, 1);
		this.subscribeBatchSize = subscribeBatchSize;
		return this;
	}

	/**
	 * Set whether the first address of each round of attempts is chosen at random, so
	 * that many clients spread over several brokers. The others follow it in their order.
	 * @param randomAddress whether it is (default: {@code false}, which begins with the
	 * first one and goes on behind the last one that was tried)
	 * @return this builder
	 */
	public MqttClientBuilder randomAddress(boolean randomAddress) {
		this.randomAddress = randomAddress;
		return this;
	}

	/**
	 * Set the longest that {@code close} takes.
	 * @param shutdownTimeout zero or more (default 30 s)
	 * @return this builder
	 */
	public MqttClientBuilder shutdownTimeout(Duration shutdownTimeout) {
		Require.notNegative("shutdownTimeout", shutdownTimeout);
		this.shutdownTimeout = shutdownTimeout;
		return this;
	}

	/**
	 * Set what the broker keeps between connections.
	 * @param session the options (default: {@link SessionOptions#KEPT} with a client id,
	 * else {@link SessionOptions#NOT_KEPT})
	 * @return this builder
	 */
	public MqttClientBuilder session(SessionOptions session) {
		this.session = Objects.requireNonNull(session, "session");
		return this;
	}

	/**
	 * Set how a lost connection is made again.
	 * @param reconnect the options
	 * @return this builder
	 */
	public MqttClientBuilder reconnect(ReconnectOptions reconnect) {
		this.reconnect = Objects.requireNonNull(reconnect, "reconnect");
		return this;
	}

	/**
	 * Set how messages wait to be sent.
	 * @param outbound the options
	 * @return this builder
	 */
	public MqttClientBuilder outbound(OutboundOptions outbound) {
		this.outbound = Objects.requireNonNull(outbound, "outbound");
		return this;
	}

	/**
	 * Set how arriving messages are taken in.
	 * @param inbound the options
	 * @return this builder
	 */
	public MqttClientBuilder inbound(InboundOptions inbound) {
		this.inbound = Objects.requireNonNull(inbound, "inbound");
		return this;
	}

	/**
	 * Set the options of the TCP socket.
	 * @param socket the options
	 * @return this builder
	 */
	public MqttClientBuilder socket(SocketOptions socket) {
		this.socket = Objects.requireNonNull(socket, "socket");
		return this;
	}

	/**
	 * Set how TLS is spoken with the addresses {@code mqtts://} and {@code wss://}.
	 * @param tls the options
	 * @return this builder
	 */
	public MqttClientBuilder tls(TlsOptions tls) {
		this.tls = Objects.requireNonNull(tls, "tls");
		return this;
	}

	/**
	 * Set how WebSocket is spoken with the addresses {@code ws://} and {@code wss://}.
	 * @param webSocket the options
	 * @return this builder
	 */
	public MqttClientBuilder webSocket(WebSocketOptions webSocket) {
		this.webSocket = Objects.requireNonNull(webSocket, "webSocket");
		return this;
	}

	/**
	 * Set the proxy to go through. Without effect on Unix sockets.
	 * @param proxy the proxy, or {@code null} for none (default)
	 * @return this builder
	 */
	public MqttClientBuilder proxy(@Nullable ProxyOptions proxy) {
		this.proxy = proxy;
		return this;
	}

	/**
	 * Set who connects to the broker, in place of socket, proxy, TLS and WebSocket.
	 * @param transport asked at each attempt, or {@code null} for the client itself
	 * (default)
	 * @return this builder
	 */
	public MqttClientBuilder transport(@Nullable TransportFactory transport) {
		this.transport = transport;
		return this;
	}

	/**
	 * Set what {@link MqttClient#publish(MqttMessage)} waits for.
	 * @param defaultWait what to wait for (default {@link Wait#NONE})
	 * @return this builder
	 */
	public MqttClientBuilder defaultWait(Wait defaultWait) {
		this.defaultWait = Objects.requireNonNull(defaultWait, "defaultWait");
		return this;
	}

	/**
	 * Set what the broker publishes when this client goes without a DISCONNECT.
	 * @param will the will, or {@code null} for none (default)
	 * @return this builder
	 */
	public MqttClientBuilder will(@Nullable MqttWill will) {
		this.will = will;
		return this;
	}

	/**
	 * Set the user properties of CONNECT (MQTT 5.0 §3.1.2.11.8).
	 * @param userProperties in the order in which they are sent (default: none)
	 * @return this builder
	 */
	public MqttClientBuilder userProperties(List<MqttUserProperty> userProperties) {
		this.userProperties = List.copyOf(userProperties);
		return this;
	}

	/**
	 * Set where handlers, callbacks and listeners run. It has to run each task that it is
	 * given without waiting for another one.
	 * @param executor the executor (default: a virtual thread each on Java 21 and later,
	 * a pool of daemon threads before)
	 * @return this builder
	 */
	public MqttClientBuilder executor(Executor executor) {
		this.executor = Objects.requireNonNull(executor, "executor");
		return this;
	}

	/**
	 * Add a listener.
	 * @param listener told of all that happens
	 * @return this builder
	 */
	public MqttClientBuilder listener(MqttClientListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	/**
	 * Add a handler that exists before CONNECT goes out, so that what a kept session
	 * delivers first finds it.
	 * @param filter the topic filter
	 * @param qos the maximum QoS
	 * @param handler takes the messages
	 * @return this builder
	 */
	public MqttClientBuilder subscribe(String filter, MqttQos qos, MqttMessageHandler handler) {
		return subscribe(SubscribeOptions.of(filter, qos), handler);
	}

	/**
	 * Add a handler that exists before CONNECT goes out.
	 * @param options what to subscribe to, and how
	 * @param handler takes the messages
	 * @return this builder
	 */
	public MqttClientBuilder subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		this.handlers.add(new Handler(options, handler));
		return this;
	}

	/**
	 * Build the client. It does nothing before {@link MqttClient#connect()} or
	 * {@link MqttClient#start()}.
	 * @return the client
	 */
	public MqttClient build() {
		boolean named = !this.clientId.isBlank();
		SessionOptions kept = (this.session != null) ? this.session
				: named ? SessionOptions.KEPT : SessionOptions.NOT_KEPT;
		MqttClientOptions options = new MqttClientOptions(this.name, this.addresses, this.randomAddress,
				named ? this.clientId : randomClientId(), this.version, this.credentials, this.keepAlive,
				this.connectTimeout, this.subscribeTimeout, this.subscribeBatchSize, this.shutdownTimeout, kept,
				this.reconnect, this.outbound, this.inbound, this.socket, this.tls, this.webSocket, this.proxy,
				this.transport, this.defaultWait, this.will, this.userProperties, this.executor);
		DefaultMqttClient client = new DefaultMqttClient(options);
		this.listeners.forEach(client::addListener);
		this.handlers.forEach((handler) -> client.register(handler.options(), handler.handler()));
		return client;
	}

	// Letters and digits, at most 23: what every broker has to take [MQTT-3.1.3-5].
	private static String randomClientId() {
		return "mqtt" + UUID.randomUUID().toString().replace("-", "").substring(0, 19);
	}

	private record Handler(SubscribeOptions options, MqttMessageHandler handler) {
	}

}
