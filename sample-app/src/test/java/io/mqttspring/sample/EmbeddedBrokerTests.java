package io.mqttspring.sample;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EmbeddedBrokerTests {

	@Test
	void takesTheWantedPort() throws IOException {
		int wanted;
		try (ServerSocket socket = new ServerSocket(0)) {
			wanted = socket.getLocalPort();
		}
		assertThat(addressWith("sample.broker.port", String.valueOf(wanted)).getPort()).isEqualTo(wanted);
	}

	@Test
	void takesAnotherPortWhenTheWantedOneIsTaken() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			URI address = addressWith("sample.broker.port", String.valueOf(taken.getLocalPort()));
			assertThat(address).hasScheme("mqtt").hasHost("127.0.0.1");
			assertThat(address.getPort()).isPositive().isNotEqualTo(taken.getLocalPort());
		}
	}

	@Test
	void isNotThereWhenAnAddressIsGiven() {
		MockEnvironment environment = process(Map.of("mqtt.uri", "mqtt://broker.example:1883"));
		assertThat(environment.getProperty("mqtt.uri")).isEqualTo("mqtt://broker.example:1883");
		assertThat(environment.containsProperty(EmbeddedBrokerEnvironmentPostProcessor.PORT_IN_USE)).isFalse();
	}

	@Test
	void listensOnLoopbackAndLeavesNothingBehind() throws IOException {
		int port = addressWith("sample.broker.port", "0").getPort();
		Thread.UncaughtExceptionHandler uncaught = Thread.getDefaultUncaughtExceptionHandler();
		EmbeddedBroker broker = new EmbeddedBroker(port);
		broker.start();
		List<Path> folders = foldersOf(port);
		try {
			assertThat(broker.isRunning()).isTrue();
			assertThat(folders).hasSize(1);
			new Socket("127.0.0.1", port).close();
			assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(uncaught);
		}
		finally {
			broker.stop();
		}
		assertThat(broker.isRunning()).isFalse();
		assertThat(folders.get(0)).doesNotExist();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket("127.0.0.1", port).close());
	}

	private static URI addressWith(String name, String value) {
		return URI.create(process(Map.of(name, value)).getRequiredProperty("mqtt.uri"));
	}

	private static MockEnvironment process(Map<String, String> properties) {
		MockEnvironment environment = new MockEnvironment();
		properties.forEach(environment::setProperty);
		new EmbeddedBrokerEnvironmentPostProcessor().postProcessEnvironment(environment, new SpringApplication());
		return environment;
	}

	// Told apart by the port in their configuration: other brokers may be running.
	private static List<Path> foldersOf(int port) throws IOException {
		try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			return files.filter((file) -> file.getFileName().toString().startsWith("sample-broker-"))
				.filter((file) -> contains(file.resolve("config.xml"), "<port>" + port + "</port>"))
				.toList();
		}
	}

	private static boolean contains(Path file, String text) {
		try {
			return Files.readString(file).contains(text);
		}
		catch (IOException ex) {
			// Of another broker, which has just been stopped.
			return false;
		}
	}

}
