package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.mqttspring.client.InboundOptions;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttCredentialsProvider;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttTopics;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.MqttWill;
import io.mqttspring.client.OutboundOptions;
import io.mqttspring.client.ProxyOptions;
import io.mqttspring.client.ReconnectOptions;
import io.mqttspring.client.SessionOptions;
import io.mqttspring.client.SocketOptions;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.client.TlsOptions;
import io.mqttspring.client.WebSocketOptions;
import io.mqttspring.core.MqttTemplate;
import io.mqttspring.listener.MqttListenerContainerFactory;

/**
 * Maps {@link MqttProperties} to the builder of a client. What the client refuses is told
 * with the name of the property.
 */
final class MqttPropertiesMapper {

	// Every broker takes a client id of this length; a longer one it may refuse
	// [MQTT-3.1.3-5].
	private static final int CLIENT_ID_LENGTH = 23;

	private static final int CLIENT_ID_NAME_LENGTH = 10;

	private final MqttProperties properties;

	private final @Nullable String applicationName;

	MqttPropertiesMapper(MqttProperties properties, @Nullable String applicationName) {
		this.properties = properties;
		this.applicationName = applicationName;
	}

	MqttClientBuilder builder(@Nullable MqttCredentialsProvider credentialsProvider, @Nullable SslBundles sslBundles) {
		MqttClientBuilder builder = MqttClient.builder(uris());
		identity(builder);
		set("mqtt.version", this.properties.getVersion(), (value) -> builder.version(version(value)));
		if (credentialsProvider != null) {
			builder.credentials(credentialsProvider);
		}
		else {
			credentials(builder);
		}
		set("mqtt.keep-alive", this.properties.getKeepAlive(), builder::keepAlive);
		set("mqtt.connect-timeout", this.properties.getConnectTimeout(), builder::connectTimeout);
		set("mqtt.subscribe.timeout", this.properties.getSubscribe().getTimeout(), builder::subscribeTimeout);
		set("mqtt.subscribe.batch-size", this.properties.getSubscribe().getBatchSize(), builder::subscribeBatchSize);
		builder.randomAddress(this.properties.getAddressOrder() == MqttProperties.AddressOrder.RANDOM);
		set("mqtt.shutdown.timeout", this.properties.getShutdown().getTimeout(), builder::shutdownTimeout);
		builder.reconnect(reconnect());
		builder.outbound(outbound());
		builder.inbound(inbound());
		builder.socket(socket());
		builder.tls(tls(sslBundles));
		builder.webSocket(webSocket());
		builder.proxy(proxy());
		builder.will(will());
		builder.userProperties(userProperties());
		return builder;
	}

	Duration startupTimeout() {
		return with(this, "mqtt.startup.timeout", this.properties.getStartup().getTimeout(), (mapper, timeout) -> {
			if (timeout.isNegative() || timeout.isZero()) {
				throw new IllegalArgumentException("it has to be more than zero");
			}
			return timeout;
		});
	}

	void configure(MqttListenerContainerFactory factory) {
		MqttProperties.Listener listener = this.properties.getListener();
		factory.setAutoStartup(listener.isAutoStartup());
		factory.setQos(listener.getQos());
		SubscribeOptions options = SubscribeOptions.of("#", listener.getQos());
		factory.setConcurrency(
				with(options, "mqtt.listener.concurrency", listener.getConcurrency(), SubscribeOptions::withConcurrency)
					.concurrency());
	}

	void configure(MqttTemplate template) {
		MqttProperties.Template defaults = this.properties.getTemplate();
		set("mqtt.template.default-topic", defaults.getDefaultTopic(), (topic) -> {
			template.setDefaultTopic(topic);
			return MqttTopics.checkName(topic);
		});
		template.setDefaultQos(defaults.getQos());
		template.setDefaultRetained(defaults.isRetained());
		template.setDefaultWait(defaults.getWait());
		set("mqtt.template.content-type", defaults.getContentType(), (contentType) -> {
			template.setDefaultContentType(contentType);
			return MimeTypeUtils.parseMimeType(contentType);
		});
	}

	private String[] uris() {
		String uri = this.properties.getUri();
		List<String> uris = this.properties.getUris();
		if (!uris.isEmpty()) {
			if (uri != null) {
				throw new InvalidMqttPropertyException("mqtt.uri", withoutSecrets(uri),
						"'mqtt.uris' is set, too, and only one of them can be", null);
			}
			for (int i = 0; i < uris.size(); i++) {
				checkUri("mqtt.uris[%d]".formatted(i), uris.get(i));
			}
			return uris.toArray(String[]::new);
		}
		if (uri == null) {
			return new String[] { MqttProperties.DEFAULT_URI };
		}
		checkUri("mqtt.uri", uri);
		return new String[] { uri };
	}

	private static void checkUri(String property, String uri) {
		set(property, uri, MqttClient::builder);
	}

	private void identity(MqttClientBuilder builder) {
		String clientId = this.properties.getClientId();
		boolean given = StringUtils.hasText(clientId);
		set("mqtt.client-id", given ? clientId : randomClientId(), builder::clientId);
		SessionOptions session = given ? SessionOptions.KEPT : SessionOptions.NOT_KEPT;
		Boolean cleanStart = this.properties.getCleanStart();
		if (cleanStart != null) {
			session = new SessionOptions(cleanStart, session.expiryInterval());
		}
		Duration expiryInterval = this.properties.getSessionExpiryInterval();
		if (expiryInterval != null) {
			session = with(session, "mqtt.session-expiry-interval", expiryInterval,
					(options, value) -> new SessionOptions(options.cleanStart(), value));
		}
		builder.session(session);
	}

	private static @Nullable MqttVersion version(String text) {
		if (text.equals("auto")) {
			return null;
		}
		return Arrays.stream(MqttVersion.values())
			.filter((version) -> version.toString().equals(text))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("it can be auto, 5 or 3.1.1"));
	}

	private String randomClientId() {
		String name = (this.applicationName != null) ? this.applicationName.replaceAll("[^A-Za-z0-9]", "") : "";
		if (name.isEmpty()) {
			name = "mqtt";
		}
		String random = UUID.randomUUID().toString().replace("-", "");
		return (name.substring(0, Math.min(name.length(), CLIENT_ID_NAME_LENGTH)) + random).substring(0,
				CLIENT_ID_LENGTH);
	}

	private void credentials(MqttClientBuilder builder) {
		String username = this.properties.getUsername();
		String password = this.properties.getPassword();
		set("mqtt.username", username, (value) -> builder.credentials(value, null));
		set("mqtt.password", password, (value) -> builder.credentials(username, value));
	}

	private ReconnectOptions reconnect() {
		MqttProperties.Reconnect reconnect = this.properties.getReconnect();
		ReconnectOptions options = ReconnectOptions.DEFAULTS.withEnabled(reconnect.isEnabled());
		// The longer of the two, so that this step refuses the first delay only.
		options = with(options, "mqtt.reconnect.initial-delay", reconnect.getInitialDelay(),
				(o, value) -> o.withDelays(value, (value.compareTo(o.maxDelay()) > 0) ? value : o.maxDelay()));
		options = with(options, "mqtt.reconnect.max-delay", reconnect.getMaxDelay(),
				(o, value) -> o.withDelays(o.initialDelay(), value));
		options = with(options, "mqtt.reconnect.multiplier", reconnect.getMultiplier(),
				ReconnectOptions::withMultiplier);
		options = with(options, "mqtt.reconnect.refused-delay", reconnect.getRefusedDelay(),
				ReconnectOptions::withRefusedDelay);
		return with(options, "mqtt.reconnect.max-attempts", reconnect.getMaxAttempts(),
				ReconnectOptions::withMaxAttempts);
	}

	private OutboundOptions outbound() {
		MqttProperties.Outbound outbound = this.properties.getOutbound();
		MqttProperties.Outbound.Queue queue = outbound.getQueue();
		OutboundOptions options = OutboundOptions.DEFAULTS.withWhenFull(queue.getWhenFull())
			.withOfflineQos0(queue.getOfflineQos0());
		options = with(options, "mqtt.outbound.timeout", outbound.getTimeout(), OutboundOptions::withTimeout);
		options = with(options, "mqtt.outbound.max-in-flight", outbound.getMaxInFlight(),
				OutboundOptions::withMaxInFlight);
		options = with(options, "mqtt.outbound.queue.max-messages", queue.getMaxMessages(),
				(o, value) -> o.withQueue(value, o.maxBytes()));
		options = with(options, "mqtt.outbound.queue.max-bytes", queue.getMaxBytes(),
				(o, value) -> o.withQueue(o.maxMessages(), value.toBytes()));
		Duration expiry = outbound.getMessageExpiry();
		return (expiry != null)
				? with(options, "mqtt.outbound.message-expiry", expiry, OutboundOptions::withMessageExpiry) : options;
	}

	private InboundOptions inbound() {
		InboundOptions options = InboundOptions.DEFAULTS.withUnmatched(this.properties.getListener().getUnmatched());
		options = with(options, "mqtt.listener.queue-capacity", this.properties.getListener().getQueueCapacity(),
				InboundOptions::withLaneCapacity);
		options = with(options, "mqtt.max-packet-size", this.properties.getMaxPacketSize(),
				(o, value) -> o.withMaximumPacketSize(intBytes(value)));
		options = with(options, "mqtt.topic-alias-maximum", this.properties.getTopicAliasMaximum(),
				InboundOptions::withTopicAliasMaximum);
		Integer receiveMaximum = this.properties.getReceiveMaximum();
		return (receiveMaximum != null)
				? with(options, "mqtt.receive-maximum", receiveMaximum, InboundOptions::withReceiveMaximum) : options;
	}

	private SocketOptions socket() {
		MqttProperties.Socket socket = this.properties.getSocket();
		SocketOptions options = SocketOptions.DEFAULTS.withTcpNoDelay(socket.isTcpNoDelay())
			.withKeepAlive(socket.isKeepAlive())
			.withBindAddress(socket.getBindAddress());
		options = with(options, "mqtt.socket.send-buffer", socket.getSendBuffer(),
				(o, value) -> o.withSendBuffer(intBytes(value)));
		return with(options, "mqtt.socket.receive-buffer", socket.getReceiveBuffer(),
				(o, value) -> o.withReceiveBuffer(intBytes(value)));
	}

	private TlsOptions tls(@Nullable SslBundles sslBundles) {
		MqttProperties.Ssl ssl = this.properties.getSsl();
		TlsOptions options = TlsOptions.DEFAULTS.withVerifyHostname(ssl.isVerifyHostname());
		String bundle = sslBundle();
		if (bundle != null) {
			options = with(options, "mqtt.ssl.bundle", bundle, (o, name) -> withBundle(o, name, sslBundles));
		}
		if (!ssl.getAlpn().isEmpty()) {
			refuseWithoutTls("mqtt.ssl.alpn", String.join(",", ssl.getAlpn()));
			options = with(options, "mqtt.ssl.alpn", ssl.getAlpn(), TlsOptions::withApplicationProtocols);
		}
		String serverName = ssl.getServerName();
		if (StringUtils.hasText(serverName)) {
			refuseWithoutTls("mqtt.ssl.server-name", serverName);
			options = with(options, "mqtt.ssl.server-name", serverName, TlsOptions::withServerName);
		}
		return options;
	}

	/**
	 * Return the name of the SSL bundle, if there is one.
	 */
	@Nullable String sslBundle() {
		String bundle = this.properties.getSsl().getBundle();
		if (!StringUtils.hasText(bundle)) {
			return null;
		}
		refuseWithoutTls("mqtt.ssl.bundle", bundle);
		return bundle;
	}

	// The bundle is asked for again at each attempt, since it may have been reloaded
	private static TlsOptions withBundle(TlsOptions options, String name, @Nullable SslBundles sslBundles) {
		if (sslBundles == null) {
			throw new IllegalArgumentException("there are no SSL bundles: Spring Boot's SSL auto-configuration is off");
		}
		try {
			SslOptions ssl = sslBundles.getBundle(name).getOptions();
			return options.withContext(() -> sslBundles.getBundle(name).createSslContext())
				.withProtocols(list(ssl.getEnabledProtocols()), list(ssl.getCiphers()));
		}
		catch (NoSuchSslBundleException ex) {
			throw new IllegalArgumentException("there is no SSL bundle of that name under 'spring.ssl.bundle'", ex);
		}
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	private void refuseWithoutTls(String property, String value) {
		if (Arrays.stream(uris()).noneMatch((uri) -> uri.trim().matches("(?i)(mqtts|ssl|wss):.*"))) {
			throw new InvalidMqttPropertyException(property, value,
					"no address has TLS: it has to begin with 'mqtts://' or 'wss://'", null);
		}
	}

	private WebSocketOptions webSocket() {
		MqttProperties.Websocket websocket = this.properties.getWebsocket();
		WebSocketOptions options = with(WebSocketOptions.DEFAULTS, "mqtt.websocket.path", websocket.getPath(),
				WebSocketOptions::withPath);
		options = with(options, "mqtt.websocket.subprotocol", websocket.getSubprotocol(),
				WebSocketOptions::withSubprotocol);
		for (String header : websocket.getHeaders().keySet()) {
			options = with(options, "mqtt.websocket.headers." + header, websocket.getHeaders().get(header),
					(o, value) -> o.withHeader(header, value));
		}
		return options;
	}

	private @Nullable ProxyOptions proxy() {
		MqttProperties.Proxy proxy = this.properties.getProxy();
		String host = proxy.getHost();
		if (!StringUtils.hasText(host)) {
			if (proxy.getPort() != null || proxy.getUsername() != null || proxy.getPassword() != null) {
				throw new InvalidMqttPropertyException("mqtt.proxy.host", null,
						"it is not set, and the other properties under 'mqtt.proxy' have no effect without it", null);
			}
			return null;
		}
		int port = (proxy.getType() == ProxyOptions.Type.HTTP) ? 3128 : 1080;
		ProxyOptions options = new ProxyOptions(proxy.getType(), host, port, null, null);
		if (proxy.getPort() != null) {
			options = with(options, "mqtt.proxy.port", proxy.getPort(), ProxyOptions::withPort);
		}
		String username = proxy.getUsername();
		if (username != null) {
			options = with(options, "mqtt.proxy.username", username, (o, value) -> o.withCredentials(value, null));
		}
		return (proxy.getPassword() != null) ? with(options, "mqtt.proxy.password", proxy.getPassword(),
				(o, value) -> o.withCredentials(username, value)) : options;
	}

	private @Nullable MqttWill will() {
		MqttProperties.Will will = this.properties.getWill();
		String topic = will.getTopic();
		if (!StringUtils.hasLength(topic)) {
			refuseWillWithoutTopic(will);
			return null;
		}
		MqttMessage.Builder message = MqttMessage.builder(topic).qos(will.getQos()).retained(will.isRetained());
		set("mqtt.will.topic", topic, (value) -> message.build());
		set("mqtt.will.content-type", will.getContentType(), (value) -> message.contentType(value).build());
		set("mqtt.will.expiry", will.getExpiry(), (value) -> message.messageExpiry(value).build());
		set("mqtt.will.payload", will.getPayload(), (value) -> new MqttWill(message.payload(value).build()));
		return with(new MqttWill(message.build()), "mqtt.will.delay", will.getDelay(),
				(plain, value) -> new MqttWill(plain.message(), value));
	}

	private static void refuseWillWithoutTopic(MqttProperties.Will will) {
		MqttProperties.Will unset = new MqttProperties.Will();
		boolean incomplete = will.getPayload() != null || will.getQos() != unset.getQos()
				|| will.isRetained() != unset.isRetained() || !will.getDelay().equals(unset.getDelay())
				|| will.getExpiry() != null || will.getContentType() != null;
		if (incomplete) {
			throw new InvalidMqttPropertyException("mqtt.will.topic", null,
					"it is not set, and the other properties under 'mqtt.will' have no effect without it", null);
		}
	}

	private List<MqttUserProperty> userProperties() {
		List<MqttUserProperty> userProperties = new ArrayList<>();
		this.properties.getUserProperties()
			.forEach((name, text) -> set("mqtt.user-properties." + name, text,
					(value) -> userProperties.add(new MqttUserProperty(name, value))));
		return userProperties;
	}

	private static int intBytes(DataSize size) {
		if (size.toBytes() < 0 || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("%s is out of range: it can be 0B to 2,147,483,647B".formatted(size));
		}
		return (int) size.toBytes();
	}

	private static <V> void set(String property, @Nullable V value, Function<V, ?> setter) {
		if (value != null) {
			with(setter, property, value, Function::apply);
		}
	}

	private static <O, V, R> R with(O options, String property, V value, BiFunction<O, V, R> setter) {
		try {
			return setter.apply(options, value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMqttPropertyException(property, shown(property, value),
					withoutSecrets(String.valueOf(ex.getMessage())), ex);
		}
	}

	private static @Nullable String shown(String property, Object value) {
		boolean secret = property.endsWith(".password") || property.equals("mqtt.will.payload")
				|| property.startsWith("mqtt.user-properties.") || property.startsWith("mqtt.websocket.headers.");
		return secret ? null : withoutSecrets(value.toString());
	}

	// To the last '@', because a password that was put there may have one of its own. A
	// query may be a signature or a token.
	private static String withoutSecrets(String text) {
		return text.replaceAll("(?s)//.*@", "//***@").replaceAll("\\?\\S+", "?***");
	}

}
