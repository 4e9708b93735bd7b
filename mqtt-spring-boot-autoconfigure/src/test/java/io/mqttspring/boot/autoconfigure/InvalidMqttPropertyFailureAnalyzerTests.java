package io.mqttspring.boot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InvalidMqttPropertyFailureAnalyzer}.
 */
class InvalidMqttPropertyFailureAnalyzerTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void tellsPropertyValueOriginAndWhatIsAllowed() {
		TestPropertyValues.of("mqtt.keep-alive=65536s").applyTo(this.environment);
		FailureAnalysis analysis = analyze(new InvalidMqttPropertyException("mqtt.keep-alive", "PT18H12M16S",
				"keepAlive is 65,536: it can be 0 to 65,535", null));
		assertThat(analysis.getDescription())
			.isEqualTo("Invalid value 'PT18H12M16S' for configuration property 'mqtt.keep-alive' (originating from "
					+ "'\"mqtt.keep-alive\" from property source \"test\"'): keepAlive is 65,536: it can be 0 to "
					+ "65,535.");
		assertThat(analysis.getAction()).isEqualTo("Correct 'mqtt.keep-alive'.");
	}

	@Test
	void doesNotShowSecret() {
		TestPropertyValues.of("mqtt.password=s3cr3t").applyTo(this.environment);
		FailureAnalysis analysis = analyze(new InvalidMqttPropertyException("mqtt.password", null, "too long", null));
		assertThat(analysis.getDescription()).startsWith("Invalid value for configuration property 'mqtt.password'")
			.doesNotContain("s3cr3t");
	}

	@Test
	void tellsWhatIsNotSet() {
		assertThat(analyze(new InvalidMqttPropertyException("mqtt.will.topic", null, "it is not set", null)))
			.extracting(FailureAnalysis::getDescription)
			.isEqualTo("Invalid value for configuration property 'mqtt.will.topic': it is not set.");
	}

	@Test
	void tellsHowToStartWithoutBroker() {
		FailureAnalysis analysis = analyze(new MqttStartupException("No connection", null));
		assertThat(analysis.getDescription()).isEqualTo("No connection");
		assertThat(analysis.getAction()).contains("mqtt.startup.policy", "'continue'");
	}

	// As SpringApplication does it, so that a missing entry in spring.factories is
	// noticed.
	private FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					ArgumentResolver.of(Environment.class, this.environment)
						.and(BeanFactory.class, new DefaultListableBeanFactory()))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getPackage() == MqttProperties.class.getPackage())
			.map((analyzer) -> analyzer.analyze(new IllegalStateException(failure)))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow();
	}

}
