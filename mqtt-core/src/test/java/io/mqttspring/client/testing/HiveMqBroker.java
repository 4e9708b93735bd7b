package io.mqttspring.client.testing;

import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import com.hivemq.embedded.EmbeddedHiveMQ;

/**
 * HiveMQ Community Edition in this JVM. It starts slowly and minds nobody, so that there
 * is one for all tests.
 */
public final class HiveMqBroker implements TestBroker {

	private static final String CONFIG = """
			<?xml version="1.0"?>
			<hivemq>
				<listeners>
					<tcp-listener>
						<port>%d</port>
						<bind-address>127.0.0.1</bind-address>
					</tcp-listener>
					<websocket-listener>
						<port>%d</port>
						<bind-address>127.0.0.1</bind-address>
						<path>/mqtt</path>
						<subprotocols>
							<subprotocol>mqtt</subprotocol>
						</subprotocols>
						<allow-extensions>true</allow-extensions>
					</websocket-listener>
				</listeners>
				<mqtt>
					<queued-messages>
						<max-queue-size>100000</max-queue-size>
					</queued-messages>
				</mqtt>
				<persistence>
					<mode>in-memory</mode>
				</persistence>
				<anonymous-usage-statistics>
					<enabled>false</enabled>
				</anonymous-usage-statistics>
			</hivemq>
			""";

	private final int port = FreePort.next();

	private final int webSocketPort = FreePort.next();

	private HiveMqBroker() {
		try {
			start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The embedded HiveMQ does not start", ex);
		}
	}

	/**
	 * Return the one of this JVM, started by the first call.
	 */
	public static HiveMqBroker shared() {
		return Shared.INSTANCE;
	}

	private void start() throws Exception {
		Path folder = Files.createTempDirectory("hivemq-");
		Files.writeString(folder.resolve("config.xml"), CONFIG.formatted(this.port, this.webSocketPort));
		Files.createDirectory(folder.resolve("extensions"));
		// Its own logging set-up would take over that of all tests
		EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
			.withConfigurationFolder(folder)
			.withDataFolder(folder.resolve("data"))
			.withExtensionsFolder(folder.resolve("extensions"))
			.withoutLoggingBootstrap()
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> end(broker, folder)));
		// It puts itself in charge of the uncaught exceptions of the whole JVM
		UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
		broker.start().join();
		Thread.setDefaultUncaughtExceptionHandler(handler);
	}

	private static void end(EmbeddedHiveMQ broker, Path folder) {
		broker.stop().exceptionally((ex) -> null).join();
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			System.err.println("The folder of the embedded HiveMQ is left behind: " + ex);
		}
	}

	@Override
	public int port() {
		return this.port;
	}

	/**
	 * Return the port on which it speaks WebSocket.
	 */
	public int webSocketPort() {
		return this.webSocketPort;
	}

	@Override
	public String toString() {
		return "HiveMQ";
	}

	private static final class Shared {

		static final HiveMqBroker INSTANCE = new HiveMqBroker();

	}

}
