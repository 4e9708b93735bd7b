package io.mqttspring.boot.autoconfigure;

import java.time.Instant;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.test.util.ReflectionTestUtils;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttCredentialsProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link MqttAutoConfiguration}.
 */
class MqttAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MqttAutoConfiguration.class))
		// Nobody is there.
		.withPropertyValues("mqtt.uri=mqtt://localhost:1");

	@Test
	void canBeDisabled() {
		this.contextRunner.withPropertyValues("mqtt.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MqttClient.class)
				.doesNotHaveBean(MqttProperties.class));
	}

	@Test
	void needsNoOptionalModule() {
		new ApplicationContextRunner().withUserConfiguration(AllConfiguration.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate",
					"org.springframework.boot.health", "io.micrometer", "tools.jackson", "com.fasterxml.jackson"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MqttClient.class));
	}

	@Test
	void badPropertyFailsTheStart() {
		this.contextRunner.withPropertyValues("mqtt.keep-alive=65536s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("keepAlive is 65,536: it can be 0 to 65,535"));
		this.contextRunner.withPropertyValues("mqtt.startup.timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("mqtt.startup.timeout: it has to be more than zero"));
	}

	@Test
	void qosOfPropertiesIsANumber() {
		this.contextRunner.withPropertyValues("mqtt.template.qos=2")
			.run((context) -> assertThat(context.getBean(MqttProperties.class).getTemplate().getQos().level())
				.isEqualTo(2));
	}

	private static MqttClient client(String name) {
		MqttClient client = mock();
		given(client.name()).willReturn(name);
		given(client.status()).willReturn(TestStatus.of(MqttClientState.CONNECTED, Instant.EPOCH));
		return client;
	}

	private ApplicationContextRunner contextRunner() {
		return this.contextRunner;
	}

	@Nested
	class Client {

		@Test
		void isConfiguredFromProperties() {
			contextRunner().withPropertyValues("mqtt.uri=mqtt://broker.example:1884", "spring.application.name=fleet")
				.run((context) -> {
					MqttClient client = context.getBean(MqttClient.class);
					assertThat(client.name()).isEqualTo("default");
					assertThat(client.status().uri()).isEqualTo("mqtt://broker.example:1884");
					assertThat(client.status().clientId()).matches("fleet[0-9a-f]{18}");
				});
		}

		@Test
		void backsOffToTheUsersOwn() {
			MqttClient own = client("own");
			contextRunner().withBean("own", MqttClient.class, () -> own).run((context) -> {
				assertThat(context).getBean(MqttClient.class).isSameAs(own);
				then(own).should().start();
			});
			then(own).should(never()).disconnect();
		}

		@Test
		void customizersAreCalledInOrderAfterTheProperties() {
			contextRunner().withUserConfiguration(CustomizerConfiguration.class)
				.withPropertyValues("mqtt.client-id=property")
				.run((context) -> assertThat(context.getBean(MqttClient.class).status().clientId())
					.isEqualTo("second"));
		}

		@Test
		void credentialsComeFromProperties() throws Exception {
			contextRunner().withPropertyValues("mqtt.username=user", "mqtt.password=secret")
				.run((context) -> assertThat(credentials(context.getBean(MqttClient.class)))
					.isEqualTo(new MqttCredentials("user", "secret")));
		}

		@Test
		void credentialsProviderWins() {
			MqttCredentials credentials = new MqttCredentials("user", "token");
			contextRunner().withBean("credentialsProvider", MqttCredentialsProvider.class, () -> () -> credentials)
				.withPropertyValues("mqtt.username=other", "mqtt.password=secret")
				.run((context) -> assertThat(credentials(context.getBean(MqttClient.class))).isSameAs(credentials));
		}

		private static MqttCredentials credentials(MqttClient client) throws Exception {
			Object options = ReflectionTestUtils.getField(client, "options");
			MqttCredentialsProvider provider = ReflectionTestUtils.invokeMethod(options, "credentials");
			return provider.credentials();
		}

	}

	@Nested
	class Listeners {

		@Test
		void areAddedBeforeTheStart() {
			MqttClient client = client("default");
			MqttClientListener listener = mock();
			contextRunner().withBean("client", MqttClient.class, () -> client)
				.withBean("listener", MqttClientListener.class, () -> listener)
				.run((context) -> {
					InOrder order = inOrder(client);
					then(client).should(order).addListener(listener);
					then(client).should(order).start();
				});
		}

		@Test
		void mayUseTheClient() {
			contextRunner().withUserConfiguration(ListenerWithClient.class)
				.run((context) -> assertThat(context).hasNotFailed());
		}

	}

	@Nested
	class Lifecycle {

		@Test
		void connectsOnStartAndClosesWithTheContext() {
			MqttClient client = client("default");
			contextRunner().withBean("client", MqttClient.class, () -> client).run((context) -> {
				then(client).should().start();
				context.stop();
				then(client).should().disconnect();
				context.start();
				then(client).should(never()).close();
			});
			InOrder order = inOrder(client);
			then(client).should(order).disconnect();
			then(client).should(order).start();
			// By the lifecycle, and once more when the bean is destroyed.
			then(client).should(order, times(2)).close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, MqttHealthContributorAutoConfiguration.class,
			MqttEndpointAutoConfiguration.class })
	static class AllConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerConfiguration {

		@Bean
		@Order(2)
		MqttClientBuilderCustomizer second() {
			return (builder) -> builder.clientId("second");
		}

		@Bean
		@Order(1)
		MqttClientBuilderCustomizer first() {
			return (builder) -> builder.clientId("first");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerWithClient {

		@Bean
		MqttClientListener listener(MqttClient client) {
			return new MqttClientListener() {

			};
		}

	}

}
