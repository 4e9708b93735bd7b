package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import io.mqttspring.client.InboundOptions.Unmatched;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.OutboundOptions.OfflineQos0;
import io.mqttspring.client.OutboundOptions.WhenFull;
import io.mqttspring.client.ProxyOptions;
import io.mqttspring.client.Wait;

/**
 * Configuration properties for MQTT.
 */
@ConfigurationProperties("mqtt")
public class MqttProperties {

	static final String DEFAULT_URI = "mqtt://localhost:1883";

	/**
	 * Address of the broker, such as 'mqtt://host:1883'. Mutually exclusive with
	 * 'mqtt.uris'. Default is 'mqtt://localhost:1883' when neither is set.
	 */
	private @Nullable String uri;

	/**
	 * Addresses of the broker, tried in turn. Mutually exclusive with 'mqtt.uri'.
	 */
	private List<String> uris = new ArrayList<>();

	/**
	 * Address that is tried first: 'in-order' for that behind the last one, or 'random'.
	 */
	private AddressOrder addressOrder = AddressOrder.IN_ORDER;

	/**
	 * Client id. When blank, a random one with the application's name in it is used, and
	 * the broker keeps no session.
	 */
	private @Nullable String clientId;

	/**
	 * Protocol version to speak: '5', '3.1.1', or 'auto' for 5 and then 3.1.1 where the
	 * broker refuses it.
	 */
	private String version = "auto";

	/**
	 * User name to authenticate with. Not used when there is an MqttCredentialsProvider
	 * bean.
	 */
	private @Nullable String username;

	/**
	 * Password to authenticate with. Not used when there is an MqttCredentialsProvider
	 * bean.
	 */
	private @Nullable String password;

	/**
	 * Longest silence before the broker is asked whether it is still there, in whole
	 * seconds up to 65,535s; 0 for never. The connection counts as lost after one and a
	 * half times of it.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration keepAlive = Duration.ofSeconds(60);

	/**
	 * Limit of an attempt at one address: socket, proxy, TLS, WebSocket and the broker's
	 * answer together, and the name look-up as far as the system lets it be cut short.
	 */
	private Duration connectTimeout = Duration.ofSeconds(10);

	/**
	 * Whether the first connection begins with an empty session. Default is true without
	 * a client id, false with one.
	 */
	private @Nullable Boolean cleanStart;

	/**
	 * How long the broker keeps the session after the connection is gone. Default is 0s
	 * without a client id, 1h with one. Without effect on 3.1.1.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private @Nullable Duration sessionExpiryInterval;

	/**
	 * Messages of QoS 1 and 2 that the broker may send ahead of our acknowledgements, 1
	 * to 65,535. Default is 'mqtt.listener.queue-capacity'. Without effect on 3.1.1.
	 */
	private @Nullable Integer receiveMaximum;

	/**
	 * Size of the largest packet taken, 1KB to 256MB. The broker is told; a larger one
	 * closes the connection.
	 */
	private DataSize maxPacketSize = DataSize.ofMegabytes(16);

	/**
	 * Topic aliases that the broker may use, 0 to 65,535. Without effect on 3.1.1.
	 */
	private int topicAliasMaximum = 32;

	/**
	 * User properties that are sent to the broker with each connection. Without effect on
	 * 3.1.1.
	 */
	private Map<String, String> userProperties = new LinkedHashMap<>();

	private final Socket socket = new Socket();

	private final Ssl ssl = new Ssl();

	private final Websocket websocket = new Websocket();

	private final Proxy proxy = new Proxy();

	private final Will will = new Will();

	private final Startup startup = new Startup();

	private final Reconnect reconnect = new Reconnect();

	private final Subscribe subscribe = new Subscribe();

	private final Outbound outbound = new Outbound();

	private final Listener listener = new Listener();

	private final Template template = new Template();

	private final Shutdown shutdown = new Shutdown();

	public @Nullable String getUri() {
		return this.uri;
	}

	public void setUri(@Nullable String uri) {
		this.uri = uri;
	}

	public AddressOrder getAddressOrder() {
		return this.addressOrder;
	}

	public void setAddressOrder(AddressOrder addressOrder) {
		this.addressOrder = addressOrder;
	}

	public List<String> getUris() {
		return this.uris;
	}

	public void setUris(List<String> uris) {
		this.uris = uris;
	}

	public @Nullable String getClientId() {
		return this.clientId;
	}

	public void setClientId(@Nullable String clientId) {
		this.clientId = clientId;
	}

	public String getVersion() {
		return this.version;
	}

	public void setVersion(String version) {
		this.version = version;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public Duration getKeepAlive() {
		return this.keepAlive;
	}

	public void setKeepAlive(Duration keepAlive) {
		this.keepAlive = keepAlive;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public @Nullable Boolean getCleanStart() {
		return this.cleanStart;
	}

	public void setCleanStart(@Nullable Boolean cleanStart) {
		this.cleanStart = cleanStart;
	}

	public @Nullable Duration getSessionExpiryInterval() {
		return this.sessionExpiryInterval;
	}

	public void setSessionExpiryInterval(@Nullable Duration sessionExpiryInterval) {
		this.sessionExpiryInterval = sessionExpiryInterval;
	}

	public @Nullable Integer getReceiveMaximum() {
		return this.receiveMaximum;
	}

	public void setReceiveMaximum(@Nullable Integer receiveMaximum) {
		this.receiveMaximum = receiveMaximum;
	}

	public DataSize getMaxPacketSize() {
		return this.maxPacketSize;
	}

	public void setMaxPacketSize(DataSize maxPacketSize) {
		this.maxPacketSize = maxPacketSize;
	}

	public int getTopicAliasMaximum() {
		return this.topicAliasMaximum;
	}

	public void setTopicAliasMaximum(int topicAliasMaximum) {
		this.topicAliasMaximum = topicAliasMaximum;
	}

	public Map<String, String> getUserProperties() {
		return this.userProperties;
	}

	public void setUserProperties(Map<String, String> userProperties) {
		this.userProperties = userProperties;
	}

	public Socket getSocket() {
		return this.socket;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Websocket getWebsocket() {
		return this.websocket;
	}

	public Proxy getProxy() {
		return this.proxy;
	}

	public Will getWill() {
		return this.will;
	}

	public Startup getStartup() {
		return this.startup;
	}

	public Reconnect getReconnect() {
		return this.reconnect;
	}

	public Subscribe getSubscribe() {
		return this.subscribe;
	}

	public Outbound getOutbound() {
		return this.outbound;
	}

	public Listener getListener() {
		return this.listener;
	}

	public Template getTemplate() {
		return this.template;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	/**
	 * Options of the TCP socket.
	 */
	public static class Socket {

		/**
		 * Whether small writes go out at once.
		 */
		private boolean tcpNoDelay = true;

		/**
		 * Whether TCP probes an idle connection, beside MQTT's own keep-alive.
		 */
		private boolean keepAlive;

		/**
		 * Size of the system's send buffer, 0 for its default.
		 */
		private DataSize sendBuffer = DataSize.ofBytes(0);

		/**
		 * Size of the system's receive buffer, 0 for its default.
		 */
		private DataSize receiveBuffer = DataSize.ofBytes(0);

		/**
		 * Name or address of this machine to connect from. Default is any.
		 */
		private @Nullable String bindAddress;

		public boolean isTcpNoDelay() {
			return this.tcpNoDelay;
		}

		public void setTcpNoDelay(boolean tcpNoDelay) {
			this.tcpNoDelay = tcpNoDelay;
		}

		public boolean isKeepAlive() {
			return this.keepAlive;
		}

		public void setKeepAlive(boolean keepAlive) {
			this.keepAlive = keepAlive;
		}

		public DataSize getSendBuffer() {
			return this.sendBuffer;
		}

		public void setSendBuffer(DataSize sendBuffer) {
			this.sendBuffer = sendBuffer;
		}

		public DataSize getReceiveBuffer() {
			return this.receiveBuffer;
		}

		public void setReceiveBuffer(DataSize receiveBuffer) {
			this.receiveBuffer = receiveBuffer;
		}

		public @Nullable String getBindAddress() {
			return this.bindAddress;
		}

		public void setBindAddress(@Nullable String bindAddress) {
			this.bindAddress = bindAddress;
		}

	}

	/**
	 * TLS, for the addresses mqtts:// and wss://.
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle with whom to trust and what to be known by. Default is
		 * the JDK's trust.
		 */
		private @Nullable String bundle;

		/**
		 * Application protocols to offer by ALPN, the best first, such as
		 * 'x-amzn-mqtt-ca'. A server that chooses none of them is refused.
		 */
		private List<String> alpn = new ArrayList<>();

		/**
		 * Name to ask for by SNI, and to expect the certificate to be of. Default is the
		 * host of the address.
		 */
		private @Nullable String serverName;

		/**
		 * Whether the certificate has to be of the host.
		 */
		private boolean verifyHostname = true;

		/**
		 * Whether to connect again when the bundle is reloaded. Else the next connection
		 * uses it.
		 */
		private boolean reload = true;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

		public List<String> getAlpn() {
			return this.alpn;
		}

		public void setAlpn(List<String> alpn) {
			this.alpn = alpn;
		}

		public @Nullable String getServerName() {
			return this.serverName;
		}

		public void setServerName(@Nullable String serverName) {
			this.serverName = serverName;
		}

		public boolean isVerifyHostname() {
			return this.verifyHostname;
		}

		public void setVerifyHostname(boolean verifyHostname) {
			this.verifyHostname = verifyHostname;
		}

		public boolean isReload() {
			return this.reload;
		}

		public void setReload(boolean reload) {
			this.reload = reload;
		}

	}

	/**
	 * WebSocket, for the addresses ws:// and wss://.
	 */
	public static class Websocket {

		/**
		 * Path to ask for, with its query, where the address names none.
		 */
		private String path = "/mqtt";

		/**
		 * Further headers of the request.
		 */
		private Map<String, String> headers = new LinkedHashMap<>();

		/**
		 * Sub-protocol to ask for and insist on.
		 */
		private String subprotocol = "mqtt";

		public String getPath() {
			return this.path;
		}

		public void setPath(String path) {
			this.path = path;
		}

		public Map<String, String> getHeaders() {
			return this.headers;
		}

		public void setHeaders(Map<String, String> headers) {
			this.headers = headers;
		}

		public String getSubprotocol() {
			return this.subprotocol;
		}

		public void setSubprotocol(String subprotocol) {
			this.subprotocol = subprotocol;
		}

	}

	/**
	 * A proxy between the client and the broker.
	 */
	public static class Proxy {

		/**
		 * Kind of the proxy: 'http' for CONNECT, or 'socks5'.
		 */
		private ProxyOptions.Type type = ProxyOptions.Type.HTTP;

		/**
		 * Name or address of the proxy. Without one there is no proxy.
		 */
		private @Nullable String host;

		/**
		 * Port of the proxy. Default is 3128 for HTTP, 1080 for SOCKS 5.
		 */
		private @Nullable Integer port;

		/**
		 * User name for the proxy.
		 */
		private @Nullable String username;

		/**
		 * Password for the proxy.
		 */
		private @Nullable String password;

		public ProxyOptions.Type getType() {
			return this.type;
		}

		public void setType(ProxyOptions.Type type) {
			this.type = type;
		}

		public @Nullable String getHost() {
			return this.host;
		}

		public void setHost(@Nullable String host) {
			this.host = host;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

	}

	/**
	 * What the broker publishes when the client goes without saying so.
	 */
	public static class Will {

		/**
		 * Topic of the will. Without one there is no will.
		 */
		private @Nullable String topic;

		/**
		 * Payload of the will, sent as UTF-8.
		 */
		private @Nullable String payload;

		/**
		 * QoS of the will: 0, 1, 2, or its name.
		 */
		private MqttQos qos = MqttQos.AT_LEAST_ONCE;

		/**
		 * Whether the broker keeps the will for later subscribers.
		 */
		private boolean retained;

		/**
		 * How long the broker waits, and does nothing if the client is back by then.
		 * Without effect on 3.1.1.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration delay = Duration.ofSeconds(0);

		/**
		 * For how long the published will is worth delivering. Default is for ever.
		 * Without effect on 3.1.1.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private @Nullable Duration expiry;

		/**
		 * Content type of the will. Without effect on 3.1.1.
		 */
		private @Nullable String contentType;

		public @Nullable String getTopic() {
			return this.topic;
		}

		public void setTopic(@Nullable String topic) {
			this.topic = topic;
		}

		public @Nullable String getPayload() {
			return this.payload;
		}

		public void setPayload(@Nullable String payload) {
			this.payload = payload;
		}

		public MqttQos getQos() {
			return this.qos;
		}

		public void setQos(MqttQos qos) {
			this.qos = qos;
		}

		public boolean isRetained() {
			return this.retained;
		}

		public void setRetained(boolean retained) {
			this.retained = retained;
		}

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public @Nullable Duration getExpiry() {
			return this.expiry;
		}

		public void setExpiry(@Nullable Duration expiry) {
			this.expiry = expiry;
		}

		public @Nullable String getContentType() {
			return this.contentType;
		}

		public void setContentType(@Nullable String contentType) {
			this.contentType = contentType;
		}

	}

	/**
	 * How the application starts.
	 */
	public static class Startup {

		/**
		 * What the start of the application does about a broker that is not there:
		 * 'continue' without it, 'wait' for it up to the timeout and then go on, or
		 * 'fail' after the timeout.
		 */
		private StartupPolicy policy = StartupPolicy.CONTINUE;

		/**
		 * How long the policies 'wait' and 'fail' wait for the connection.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		public StartupPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(StartupPolicy policy) {
			this.policy = policy;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * What the start of the application does about a broker that is not there.
	 */
	public enum StartupPolicy {

		/**
		 * Goes on at once; the connection is made when the broker comes.
		 */
		CONTINUE,

		/**
		 * Waits for the connection up to the timeout, then goes on with a warning.
		 */
		WAIT,

		/**
		 * Waits for the connection up to the timeout, then fails.
		 */
		FAIL

	}

	/**
	 * How a lost connection is made again.
	 */
	public static class Reconnect {

		/**
		 * Whether a lost connection is made again at all.
		 */
		private boolean enabled = true;

		/**
		 * Bound of the random wait before the second attempt.
		 */
		private Duration initialDelay = Duration.ofSeconds(1);

		/**
		 * Bound of all later waits, at least 'initial-delay'.
		 */
		private Duration maxDelay = Duration.ofMinutes(2);

		/**
		 * Growth of the bound per attempt, 1.0 or more.
		 */
		private double multiplier = 2.0;

		/**
		 * Bound of the wait after what does not get better by itself, such as bad
		 * credentials, not authorized, or a session taken over.
		 */
		private Duration refusedDelay = Duration.ofMinutes(5);

		/**
		 * Attempts in a row before giving up, 0 for no limit.
		 */
		private int maxAttempts;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getInitialDelay() {
			return this.initialDelay;
		}

		public void setInitialDelay(Duration initialDelay) {
			this.initialDelay = initialDelay;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getRefusedDelay() {
			return this.refusedDelay;
		}

		public void setRefusedDelay(Duration refusedDelay) {
			this.refusedDelay = refusedDelay;
		}

		public int getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(int maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

	}

	/**
	 * How subscriptions are made.
	 */
	public static class Subscribe {

		/**
		 * How long calls that subscribe wait for the broker's answer. Listeners do not
		 * wait.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		/**
		 * Filters that one SUBSCRIBE may have, 1 or more. Default is no limit; AWS IoT
		 * takes 8.
		 */
		private @Nullable Integer batchSize;

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public @Nullable Integer getBatchSize() {
			return this.batchSize;
		}

		public void setBatchSize(@Nullable Integer batchSize) {
			this.batchSize = batchSize;
		}

	}

	/**
	 * How messages wait to be sent.
	 */
	public static class Outbound {

		/**
		 * Longest wait of one publish, for room and for the broker together.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		/**
		 * Messages of QoS 1 and 2 sent and not yet acknowledged, 1 to 65,535. The
		 * broker's own limit holds beside it.
		 */
		private int maxInFlight = 65_535;

		/**
		 * For how long messages that do not say so themselves are worth sending. Default
		 * is for ever.
		 */
		private @Nullable Duration messageExpiry;

		private final Queue queue = new Queue();

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		public int getMaxInFlight() {
			return this.maxInFlight;
		}

		public void setMaxInFlight(int maxInFlight) {
			this.maxInFlight = maxInFlight;
		}

		public @Nullable Duration getMessageExpiry() {
			return this.messageExpiry;
		}

		public void setMessageExpiry(@Nullable Duration messageExpiry) {
			this.messageExpiry = messageExpiry;
		}

		public Queue getQueue() {
			return this.queue;
		}

		/**
		 * The outgoing queue.
		 */
		public static class Queue {

			/**
			 * Messages that wait to be sent.
			 */
			private int maxMessages = 10_000;

			/**
			 * Size of topics and payloads that wait to be sent. As much again may be in
			 * flight.
			 */
			private DataSize maxBytes = DataSize.ofMegabytes(64);

			/**
			 * What happens to a message when the queue is full: 'wait' for room, 'fail',
			 * 'drop-oldest-qos0' or 'drop-newest-qos0'.
			 */
			private WhenFull whenFull = WhenFull.WAIT;

			/**
			 * What happens to QoS 0 messages while there is no connection: 'queue',
			 * 'fail' or 'drop' them.
			 */
			private OfflineQos0 offlineQos0 = OfflineQos0.QUEUE;

			public int getMaxMessages() {
				return this.maxMessages;
			}

			public void setMaxMessages(int maxMessages) {
				this.maxMessages = maxMessages;
			}

			public DataSize getMaxBytes() {
				return this.maxBytes;
			}

			public void setMaxBytes(DataSize maxBytes) {
				this.maxBytes = maxBytes;
			}

			public WhenFull getWhenFull() {
				return this.whenFull;
			}

			public void setWhenFull(WhenFull whenFull) {
				this.whenFull = whenFull;
			}

			public OfflineQos0 getOfflineQos0() {
				return this.offlineQos0;
			}

			public void setOfflineQos0(OfflineQos0 offlineQos0) {
				this.offlineQos0 = offlineQos0;
			}

		}

	}

	/**
	 * Defaults of the listener containers, and how their messages are taken in.
	 */
	public static class Listener {

		/**
		 * Whether to start the listener containers with the application.
		 */
		private boolean autoStartup = true;

		/**
		 * Messages that a listener may handle at a time, 1 to 1,024. Messages of one
		 * topic are always handled one after the other.
		 */
		private int concurrency = 1;

		/**
		 * Maximum QoS of listeners that do not say so themselves: 0, 1, 2, or its name.
		 */
		private MqttQos qos = MqttQos.AT_LEAST_ONCE;

		/**
		 * Messages that may wait for each of a listener's threads before the client stops
		 * reading.
		 */
		private int queueCapacity = 256;

		/**
		 * What is done with a message that no listener is for: 'warn' in the log, 'fail'
		 * it where the broker speaks 5, or 'ignore' it.
		 */
		private Unmatched unmatched = Unmatched.WARN;

		public boolean isAutoStartup() {
			return this.autoStartup;
		}

		public void setAutoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public MqttQos getQos() {
			return this.qos;
		}

		public void setQos(MqttQos qos) {
			this.qos = qos;
		}

		public int getQueueCapacity() {
			return this.queueCapacity;
		}

		public void setQueueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
		}

		public Unmatched getUnmatched() {
			return this.unmatched;
		}

		public void setUnmatched(Unmatched unmatched) {
			this.unmatched = unmatched;
		}

	}

	/**
	 * Defaults of the template.
	 */
	public static class Template {

		/**
		 * Topic of messages that are sent without one.
		 */
		private @Nullable String defaultTopic;

		/**
		 * QoS of messages: 0, 1, 2, or its name.
		 */
		private MqttQos qos = MqttQos.AT_LEAST_ONCE;

		/**
		 * Whether the broker keeps messages for later subscribers.
		 */
		private boolean retained;

		/**
		 * What sending waits for before it returns: 'none', 'sent' to the broker, or
		 * 'acknowledged' by it.
		 */
		private Wait wait = Wait.ACKNOWLEDGED;

		/**
		 * Content type of messages. Default is what the message converter says.
		 */
		private @Nullable String contentType;

		public @Nullable String getDefaultTopic() {
			return this.defaultTopic;
		}

		public void setDefaultTopic(@Nullable String defaultTopic) {
			this.defaultTopic = defaultTopic;
		}

		public MqttQos getQos() {
			return this.qos;
		}

		public void setQos(MqttQos qos) {
			this.qos = qos;
		}

		public boolean isRetained() {
			return this.retained;
		}

		public void setRetained(boolean retained) {
			this.retained = retained;
		}

		public Wait getWait() {
			return this.wait;
		}

		public void setWait(Wait wait) {
			this.wait = wait;
		}

		public @Nullable String getContentType() {
			return this.contentType;
		}

		public void setContentType(@Nullable String contentType) {
			this.contentType = contentType;
		}

	}

	/**
	 * How the application stops.
	 */
	public static class Shutdown {

		/**
		 * How long listeners and publishes have to come to an end.
		 */
		private Duration timeout = Duration.ofSeconds(30);

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

	}

	/**
	 * Which of several addresses is tried first.
	 */
	public enum AddressOrder {

		/**
		 * The one behind the last one that was tried.
		 */
		IN_ORDER,

		/**
		 * Any, so that many clients spread over several brokers.
		 */
		RANDOM

	}

}
