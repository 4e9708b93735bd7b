package io.mqttspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * What a client was built with; {@link MqttClientBuilder} tells the meaning of each.
 */
record MqttClientOptions(String name, List<MqttAddress> addresses, boolean randomAddress, String clientId,
		@Nullable MqttVersion version, MqttCredentialsProvider credentials, Duration keepAlive, Duration connectTimeout,
		Duration subscribeTimeout, int subscribeBatchSize, Duration shutdownTimeout, SessionOptions session,
		ReconnectOptions reconnect, OutboundOptions outbound, InboundOptions inbound, SocketOptions socket,
		TlsOptions tls, WebSocketOptions webSocket, @Nullable ProxyOptions proxy, @Nullable TransportFactory transport,
		Wait defaultWait, @Nullable MqttWill will, List<MqttUserProperty> userProperties, @Nullable Executor executor) {
}
