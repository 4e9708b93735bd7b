package io.mqttspring.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.transport.Deadline;
import io.mqttspring.client.transport.Proxies;
import io.mqttspring.client.transport.TcpTransport;
import io.mqttspring.client.transport.TlsTransport;
import io.mqttspring.client.transport.Transport;
import io.mqttspring.client.transport.UnixTransport;
import io.mqttspring.client.transport.WebSocketTransport;

/**
 * Makes the way to a broker: a socket, through a proxy, encrypted, as a WebSocket, each
 * where it is asked for. Thread-safe: nothing here changes.
 */
final class Dialer {

	private final MqttClientOptions options;

	private final Executor background;

	Dialer(MqttClientOptions options) {
		this.options = options;
		this.background = (task) -> Threads.start("mqtt-%s-transport".formatted(options.name()), task);
	}

	/**
	 * Connect.
	 * @param opening given what is being connected: who closes it calls off the attempt
	 */
	Transport connect(MqttAddress address, Duration timeout, Consumer<Closeable> opening) throws IOException {
		TransportFactory own = this.options.transport();
		if (own != null) {
			Transport transport = own.connect(address.toUri(), timeout);
			opening.accept(transport);
			return transport;
		}
		if (address.scheme() == MqttAddress.Scheme.UNIX) {
			return UnixTransport.connect(address.path(), timeout, opening);
		}
		Deadline deadline = Deadline.in(timeout, "mqtt.connect-timeout is over");
		Transport transport = reach(address, deadline, opening);
		try {
			if (address.scheme().tls) {
				transport = TlsTransport.handshake(transport, engine(address), deadline, this.background);
			}
			if (address.scheme().webSocket) {
				WebSocketOptions webSocket = this.options.webSocket();
				transport = WebSocketTransport.handshake(transport, address.authority(),
						address.path().isEmpty() ? webSocket.path() : address.path(), webSocket, deadline,
						this.background);
			}
			return transport;
		}
		catch (Throwable ex) {
			transport.close();
			throw ex;
		}
	}

	private Transport reach(MqttAddress address, Deadline deadline, Consumer<Closeable> opening) throws IOException {
		ProxyOptions proxy = this.options.proxy();
		if (proxy == null) {
			return TcpTransport.connect(address.host(), address.port(), this.options.socket(), deadline, opening);
		}
		Transport transport = TcpTransport.connect(proxy.host(), proxy.port(), this.options.socket(), deadline,
				opening);
		try {
			Proxies.connect(transport, proxy, address.host(), address.port(), deadline);
			return transport;
		}
		catch (Throwable ex) {
			transport.close();
			throw ex;
		}
	}

	private SSLEngine engine(MqttAddress address) {
		TlsOptions tls = this.options.tls();
		String name = (tls.serverName() != null) ? tls.serverName() : address.host();
		SSLEngine engine = tls.context().get().createSSLEngine(name, address.port());
		engine.setUseClientMode(true);
		SSLParameters parameters = engine.getSSLParameters();
		if (tls.verifyHostname()) {
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		SNIHostName sni = sni(name);
		if (sni != null) {
			parameters.setServerNames(List.of(sni));
		}
		if (!tls.protocols().isEmpty()) {
			parameters.setProtocols(tls.protocols().toArray(String[]::new));
		}
		if (!tls.ciphers().isEmpty()) {
			parameters.setCipherSuites(tls.ciphers().toArray(String[]::new));
		}
		parameters.setApplicationProtocols(tls.applicationProtocols().toArray(String[]::new));
		engine.setSSLParameters(parameters);
		return engine;
	}

	// An address is no name, and a name has no dot at its end: RFC 6066 §3
	private static @Nullable SNIHostName sni(String name) {
		String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		if (bare.indexOf(':') >= 0 || bare.matches("[0-9.]+")) {
			return null;
		}
		try {
			return new SNIHostName(bare);
		}
		catch (IllegalArgumentException ex) { // such as one with '_': none that TLS knows
			return null;
		}
	}

}
