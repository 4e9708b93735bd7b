package io.mqttspring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

import com.hivemq.embedded.EmbeddedHiveMQ;
import org.springframework.util.FileSystemUtils;

/**
 * HiveMQ Community Edition in this JVM, on a free port.
 */
final class HiveMq implements AutoCloseable {

	private static final String CONFIG = """
			<hivemq>
				<listeners>
					<tcp-listener>
						<port>%d</port>
						<bind-address>127.0.0.1</bind-address>
					</tcp-listener>
				</listeners>
				<persistence>
					<mode>in-memory</mode>
				</persistence>
				<anonymous-usage-statistics>
					<enabled>false</enabled>
				</anonymous-usage-statistics>
			</hivemq>
			""";

	private final int port = TestBroker.freePort();

	private final Path folder;

	private final EmbeddedHiveMQ broker;

	HiveMq() {
		try {
			this.folder = Files.createTempDirectory("hivemq-");
			Files.writeString(this.folder.resolve("config.xml"), CONFIG.formatted(this.port));
			this.broker = EmbeddedHiveMQ.builder()
				.withConfigurationFolder(this.folder)
				.withDataFolder(this.folder)
				.withExtensionsFolder(Files.createDirectory(this.folder.resolve("extensions")))
				.withoutLoggingBootstrap()
				.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		// HiveMQ puts itself in charge of the uncaught exceptions of the whole JVM.
		UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
		this.broker.start().join();
		Thread.setDefaultUncaughtExceptionHandler(handler);
	}

	String uri() {
		return TestBroker.uri(this.port);
	}

	@Override
	public void close() throws IOException, ExecutionException, InterruptedException {
		this.broker.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
