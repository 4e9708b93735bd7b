package io.mqttspring.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS by SSL bundles.
 */
class MqttSslTests {

	private static final String PASSWORD = "changeit";

	@TempDir
	private static Path folder;

	private static Path first;

	private static Path second;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("mqtt.ssl.bundle=broker", "mqtt.reconnect.initial-delay=10ms",
				"mqtt.reconnect.max-delay=50ms", "spring.ssl.bundle.jks.broker.truststore.password=" + PASSWORD,
				"spring.ssl.bundle.jks.broker.reload-on-update=true",
				"spring.ssl.bundle.watch.file.quiet-period=100ms");

	@BeforeAll
	static void makeCertificates() throws Exception {
		first = keyStore("first");
		second = keyStore("second");
	}

	private static Path keyStore(String name) throws Exception {
		Path file = folder.resolve(name + ".p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:localhost",
				"-validity", "2", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes());
		assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(keytool.exitValue()).as(said).isZero();
		return file;
	}

	// A self-signed certificate is its own authority
	private static SSLContext server(Path keyStore) {
		SslStoreBundle stores = new JksSslStoreBundle(
				new JksSslStoreDetails("PKCS12", null, keyStore.toString(), PASSWORD), null);
		return SslBundle.of(stores).createSslContext();
	}

	private static void awaitConnects(MqttClient client, int connects) {
		Awaitility.await()
			.until(() -> client.status().state() == MqttClientState.CONNECTED
					&& client.statistics().connects() == connects);
	}

	@Test
	void bundleIsTrustedAndItsReloadConnectsAgain() throws Exception {
		Path trusted = Files.copy(first, folder.resolve("trusted.p12"));
		try (TestBroker broker = TestBroker.startTls(server(first))) {
			this.contextRunner
				.withPropertyValues("mqtt.uri=mqtts://localhost:" + broker.port(),
						"spring.ssl.bundle.jks.broker.truststore.location=file:" + trusted)
				.run((context) -> {
					MqttClient client = context.getBean(MqttClient.class);
					awaitConnects(client, 1);
					Files.copy(second, trusted, StandardCopyOption.REPLACE_EXISTING);
					Awaitility.await()
						.until(() -> String.valueOf(client.status().lastError())
							.contains("the broker's certificate is of no authority that is trusted"));
					Files.copy(first, trusted, StandardCopyOption.REPLACE_EXISTING);
					awaitConnects(client, 2);
					assertThat(broker.received()).contains("DISCONNECT");
				});
		}
	}

	@Test
	void reloadedBundleIsOnlyUsedAtTheNextConnectWhenToldSo() throws Exception {
		Path trusted = Files.copy(first, folder.resolve("trusted-later.p12"));
		try (TestBroker broker = TestBroker.startTls(server(first))) {
			this.contextRunner
				.withPropertyValues("mqtt.uri=mqtts://localhost:" + broker.port(), "mqtt.ssl.reload=false",
						"spring.ssl.bundle.jks.broker.truststore.location=file:" + trusted)
				.run((context) -> {
					MqttClient client = context.getBean(MqttClient.class);
					awaitConnects(client, 1);
					SslBundles bundles = context.getBean(SslBundles.class);
					SslBundle before = bundles.getBundle("broker");
					Files.copy(second, trusted, StandardCopyOption.REPLACE_EXISTING);
					Awaitility.await().until(() -> bundles.getBundle("broker") != before);
					broker.cut();
					Awaitility.await()
						.until(() -> String.valueOf(client.status().lastError())
							.contains("the broker's certificate is of no authority that is trusted"));
					assertThat(broker.received()).doesNotContain("DISCONNECT");
				});
		}
	}

	@Test
	void bundleThatIsNotThereIsRefusedWithTheNameOfTheProperty() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues("mqtt.uri=mqtts://localhost", "mqtt.ssl.bundle=broker")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasRootCauseInstanceOf(NoSuchSslBundleException.class)
				.hasStackTraceContaining(
						"mqtt.ssl.bundle: there is no SSL bundle of that name under 'spring.ssl.bundle'"));
	}

}
