package io.mqttspring.sample;

import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.hivemq.embedded.EmbeddedHiveMQ;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * HiveMQ Community Edition in this JVM, so that the sample runs on its own. It is there
 * only when {@link EmbeddedBrokerEnvironmentPostProcessor} found no address of a broker.
 */
@Component
@ConditionalOnProperty(EmbeddedBrokerEnvironmentPostProcessor.PORT_IN_USE)
final class EmbeddedBroker implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(EmbeddedBroker.class);

	private static final String CONFIG = """
			<?xml version="1.0"?>
			<hivemq>
				<listeners>
					<tcp-listener>
						<port>%d</port>
						<bind-address>%s</bind-address>
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

	private final int port;

	private @Nullable Path folder;

	private @Nullable EmbeddedHiveMQ broker;

	EmbeddedBroker(@Value("${" + EmbeddedBrokerEnvironmentPostProcessor.PORT_IN_USE + "}") int port) {
		this.port = port;
	}

	@Override
	public int getPhase() {
		// Before all clients, and after them when it stops.
		return Integer.MIN_VALUE;
	}

	@Override
	public boolean isRunning() {
		return this.broker != null;
	}

	@Override
	public void start() {
		try {
			this.folder = Files.createTempDirectory("sample-broker-");
			Files.writeString(this.folder.resolve("config.xml"),
					CONFIG.formatted(this.port, EmbeddedBrokerEnvironmentPostProcessor.HOST));
			this.broker = EmbeddedHiveMQ.builder()
				.withConfigurationFolder(this.folder)
				.withDataFolder(this.folder)
				.withExtensionsFolder(Files.createDirectory(this.folder.resolve("extensions")))
				.withoutLoggingBootstrap()
				.build();
			// HiveMQ puts itself in charge of the uncaught exceptions of the whole JVM.
			UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
			// With a limit, else Spring takes this for stuck and does not clean up when
			// Ctrl-C comes meanwhile.
			this.broker.start().get(1, TimeUnit.MINUTES);
			Thread.setDefaultUncaughtExceptionHandler(handler);
			logger.info("Embedded broker started on " + EmbeddedBrokerEnvironmentPostProcessor.HOST + ":" + this.port);
		}
		catch (Exception ex) {
			stop();
			throw new IllegalStateException("The embedded broker does not start on port " + this.port
					+ ": give the address of another one as mqtt.uri", ex);
		}
	}

	@Override
	public void stop() {
		try {
			if (this.broker != null) {
				this.broker.close();
			}
		}
		catch (ExecutionException ex) {
			logger.warn("The embedded broker did not stop cleanly", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.folder != null) {
			FileSystemUtils.deleteRecursively(this.folder.toFile());
		}
		this.broker = null;
		this.folder = null;
	}

}
