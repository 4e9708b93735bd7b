package io.mqttspring.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Sets {@code mqtt.uri} to the {@link EmbeddedBroker} when no broker is configured:
 * before the beans are made, so that all of them find it where they would look for a real
 * one.
 */
final class EmbeddedBrokerEnvironmentPostProcessor implements EnvironmentPostProcessor {

	static final String HOST = "127.0.0.1";

	static final String PORT_IN_USE = "sample.broker.port-in-use";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (environment.containsProperty("mqtt.uri") || environment.containsProperty("mqtt.uris")
				|| environment.containsProperty("mqtt.uris[0]")) {
			return;
		}
		int port = freePort(environment.getProperty("sample.broker.port", Integer.class, 1883));
		environment.getPropertySources()
			.addLast(new MapPropertySource("embeddedBroker",
					Map.of("mqtt.uri", "mqtt://" + HOST + ":" + port, PORT_IN_USE, port)));
	}

	private static int freePort(int wanted) {
		try {
			return bind(wanted);
		}
		catch (IOException taken) {
			try {
				return bind(0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException("No free port for the embedded broker", ex);
			}
		}
	}

	private static int bind(int port) throws IOException {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
			return socket.getLocalPort();
		}
	}

}
