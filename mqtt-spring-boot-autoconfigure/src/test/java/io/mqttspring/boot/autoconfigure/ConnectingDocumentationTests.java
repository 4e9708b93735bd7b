package io.mqttspring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

import io.mqttspring.client.MqttClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds that the examples in YAML bind to properties that there are, and make a client.
 */
class ConnectingDocumentationTests {

	private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

	static Stream<String> examples() throws IOException {
		return Stream.of("README.md", "docs/guide.md", "docs/connecting.md").flatMap((document) -> {
			try {
				return YAML.matcher(Files.readString(Path.of("..").resolve(document)))
					.results()
					.map((MatchResult result) -> result.group(1));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	@Test
	void thereAreExamples() throws IOException {
		assertThat(examples()).hasSizeGreaterThan(8);
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleMakesAClient(String yaml) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		String resolved = yaml.replaceAll("\\$\\{[A-Z_]+}", "secret");
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("example",
				new ByteArrayResource(resolved.getBytes(StandardCharsets.UTF_8)));
		sources.forEach(environment.getPropertySources()::addFirst);
		MqttProperties properties = Binder.get(environment)
			.bind("mqtt", Bindable.of(MqttProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
			.get();
		DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
		String bundle = properties.getSsl().getBundle();
		if (bundle != null) {
			assertThat(resolved).contains("        %s:\n".formatted(bundle));
			bundles.registerBundle(bundle, SslBundle.of(SslStoreBundle.NONE));
		}
		try (MqttClient client = new MqttPropertiesMapper(properties, "docs").builder(null, bundles).build()) {
			assertThat(client.status().uri()).isNotEmpty();
		}
	}

}
