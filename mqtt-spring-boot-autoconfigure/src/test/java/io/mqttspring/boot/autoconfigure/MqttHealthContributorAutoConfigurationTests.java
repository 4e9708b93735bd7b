package io.mqttspring.boot.autoconfigure;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttHealthContributorAutoConfiguration}.
 */
class MqttHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttHealthContributorAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class));

	@Test
	void oneClientIsAnIndicatorOfTheNameMqtt() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class).run((context) -> {
			assertThat(context).getBean("mqttHealthContributor").isInstanceOf(MqttHealthIndicator.class);
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("mqtt").getStatus())
				.isEqualTo(MqttHealthIndicator.RECONNECTING);
		});
	}

	@Test
	void reconnectingLeavesTheHealthOfTheApplicationAsItIs() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).health().getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void gracePeriodIsAProperty() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.withPropertyValues("management.health.mqtt.grace-period=0s")
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).health().getStatus())
				.isEqualTo(Status.DOWN));
	}

	@Test
	void negativeGracePeriodIsRefused() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.withPropertyValues("management.health.mqtt.grace-period=-1s")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("'management.health.mqtt'")
				.hasStackTraceContaining("grace-period")
				.hasStackTraceContaining("must not be negative"));
	}

	@Test
	void severalClientsAreAContributorEach() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class, PlantConfiguration.class)
			.run((context) -> assertThat((CompositeHealthContributor) context.getBean("mqttHealthContributor"))
				.extracting(HealthContributors.Entry::name)
				.containsExactly("default", "plant"));
	}

	@Test
	void canBeDisabled() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.withPropertyValues("management.health.mqtt.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("mqttHealthContributor"));
	}

	@Test
	void backsOffToTheUsersOwn() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.withBean("mqttHealthIndicator", HealthIndicator.class, () -> mock(HealthIndicator.class))
			.run((context) -> assertThat(context).doesNotHaveBean("mqttHealthContributor"));
	}

	@Test
	void isNotThereWithoutClient() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean("mqttHealthContributor"));
	}

	@Test
	void isNotThereWithoutHealth() {
		this.contextRunner.withUserConfiguration(ClientConfiguration.class)
			.withClassLoader(new FilteredClassLoader(HealthContributor.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttHealthContributor"));
	}

	private static MqttClient reconnecting(String name) {
		MqttClient client = mock();
		given(client.name()).willReturn(name);
		given(client.status()).willReturn(TestStatus.of(MqttClientState.RECONNECTING, Instant.now()));
		return client;
	}

	@Configuration(proxyBeanMethods = false)
	static class ClientConfiguration {

		@Bean
		MqttClient mqttClient() {
			return reconnecting("default");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PlantConfiguration {

		@Bean(defaultCandidate = false)
		MqttClient plantMqttClient() {
			return reconnecting("plant");
		}

	}

}
