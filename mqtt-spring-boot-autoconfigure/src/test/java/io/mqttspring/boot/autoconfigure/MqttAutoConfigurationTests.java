package io.mqttspring.boot.autoconfigure;

import java.time.Instant;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.validation.Validator;

import io.mqttspring.annotation.EnableMqtt;
import io.mqttspring.annotation.MqttSubscribe;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttCredentialsProvider;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.client.Subscription;
import io.mqttspring.client.Wait;
import io.mqttspring.core.MqttOperations;
import io.mqttspring.core.MqttPayloadConverter;
import io.mqttspring.core.MqttTemplate;
import io.mqttspring.event.MqttConnectionFailedEvent;
import io.mqttspring.event.MqttEventPublisher;
import io.mqttspring.listener.MqttListenerContainerFactory;
import io.mqttspring.listener.MqttListenerEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
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
					"org.springframework.boot.health", "io.micrometer", "org.springframework.boot.micrometer",
					"tools.jackson", "com.fasterxml.jackson"))
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
	class Template {

		@Test
		void hasTheDefaultsOfTheLibrary() {
			contextRunner().run((context) -> assertThat(context.getBean(MqttTemplate.class)).usingRecursiveComparison()
				.ignoringFields("client", "converter")
				.isEqualTo(new MqttTemplate(context.getBean(MqttClient.class))));
		}

		@Test
		void isConfiguredFromProperties() {
			contextRunner().withPropertyValues("mqtt.template.default-topic=plant/events", "mqtt.template.qos=0",
					"mqtt.template.retained=true", "mqtt.template.wait=sent", "mqtt.template.content-type=text/plain")
				.run((context) -> assertThat(context.getBean(MqttTemplate.class))
					.hasFieldOrPropertyWithValue("defaultTopic", "plant/events")
					.hasFieldOrPropertyWithValue("defaultQos", MqttQos.AT_MOST_ONCE)
					.hasFieldOrPropertyWithValue("defaultRetained", true)
					.hasFieldOrPropertyWithValue("defaultWait", Wait.SENT)
					.hasFieldOrPropertyWithValue("defaultContentType", "text/plain"));
		}

		@Test
		void badDefaultTopicIsRefused() {
			contextRunner().withPropertyValues("mqtt.template.default-topic=plant/#")
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("mqtt.template.default-topic: ")
					.hasStackTraceContaining("'#' is a wildcard"));
		}

		@Test
		void badContentTypeIsRefused() {
			contextRunner().withPropertyValues("mqtt.template.content-type=text")
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("mqtt.template.content-type: "));
		}

		@Test
		void writesJsonAsTheApplicationDoes() {
			MqttClient client = client("default");
			contextRunner().withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
				.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
				.withBean("client", MqttClient.class, () -> client)
				.run((context) -> {
					context.getBean(MqttTemplate.class).send("plant/7/state", new State(7));
					ArgumentCaptor<MqttMessage> message = ArgumentCaptor.captor();
					then(client).should().publish(message.capture(), any(Wait.class));
					assertThat(message.getValue().payload()).asString().isEqualTo("{\"plant_id\":7}");
				});
		}

		@Test
		void converterOfTheUserWins() {
			MqttPayloadConverter own = MqttPayloadConverter.of(new StringMessageConverter());
			contextRunner().withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
				.withBean("own", MqttPayloadConverter.class, () -> own)
				.run((context) -> {
					assertThat(context.getBean(MqttTemplate.class)).hasFieldOrPropertyWithValue("converter", own);
					assertThat(context.getBean(MqttListenerContainerFactory.class))
						.hasFieldOrPropertyWithValue("converter", own);
				});
		}

		@Test
		void backsOffToTheUsersOwn() {
			MqttOperations own = mock();
			contextRunner().withBean("own", MqttOperations.class, () -> own)
				.run((context) -> assertThat(context).getBean(MqttOperations.class).isSameAs(own));
		}

		@Test
		void isNotThereForSeveralClientsWithoutPrimaryOne() {
			contextRunner().withBean("one", MqttClient.class, () -> client("one"))
				.withBean("two", MqttClient.class, () -> client("two"))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MqttTemplate.class));
		}

	}

	@Nested
	class ContainerFactory {

		@Test
		void hasTheDefaultsOfTheLibrary() {
			contextRunner().run((context) -> assertThat(context.getBean(MqttListenerContainerFactory.class))
				.usingRecursiveComparison()
				.ignoringFields("beanFactory", "converter")
				.isEqualTo(new MqttListenerContainerFactory()));
		}

		@Test
		void isConfiguredFromProperties() {
			contextRunner()
				.withPropertyValues("mqtt.listener.auto-startup=false", "mqtt.listener.concurrency=4",
						"mqtt.listener.qos=exactly-once")
				.run((context) -> assertThat(context.getBean("mqttListenerContainerFactory"))
					.hasFieldOrPropertyWithValue("autoStartup", false)
					.hasFieldOrPropertyWithValue("concurrency", 4)
					.hasFieldOrPropertyWithValue("qos", MqttQos.EXACTLY_ONCE));
		}

		@Test
		void badConcurrencyIsRefused() {
			contextRunner().withPropertyValues("mqtt.listener.concurrency=1025")
				.run((context) -> assertThat(context).getFailure()
					.hasStackTraceContaining("mqtt.listener.concurrency: ")
					.hasStackTraceContaining("it can be 1 to 1,024"));
		}

		@Test
		void validatesWithTheApplicationsValidator() {
			Validator validator = mock();
			contextRunner().withBean("validator", Validator.class, () -> validator)
				.run((context) -> assertThat(context.getBean(MqttListenerContainerFactory.class))
					.hasFieldOrPropertyWithValue("validator", validator));
		}

		@Test
		void backsOffToTheUsersOwn() {
			MqttListenerContainerFactory own = new MqttListenerContainerFactory();
			contextRunner().withBean("mqttListenerContainerFactory", MqttListenerContainerFactory.class, () -> own)
				.run((context) -> assertThat(context).getBean(MqttListenerContainerFactory.class).isSameAs(own));
		}

	}

	@Nested
	class Subscribe {

		@Test
		void handlersAreRegisteredBeforeTheClientStarts() {
			MqttClient client = client("default");
			given(client.register(any(), any())).willReturn(mock());
			contextRunner().withBean("client", MqttClient.class, () -> client)
				.withUserConfiguration(Handlers.class)
				.run((context) -> {
					InOrder order = inOrder(client);
					ArgumentCaptor<SubscribeOptions> options = ArgumentCaptor.captor();
					then(client).should(order).register(options.capture(), any());
					then(client).should(order).start();
					assertThat(options.getValue().filter()).isEqualTo("plant/+/state");
				});
		}

		@Test
		void endOfTheContextDoesNotUnsubscribe() {
			MqttClient client = client("default");
			Subscription subscription = mock();
			given(client.register(any(), any())).willReturn(subscription);
			contextRunner().withBean("client", MqttClient.class, () -> client)
				.withUserConfiguration(Handlers.class)
				.run((context) -> assertThat(context).hasNotFailed());
			then(subscription).shouldHaveNoInteractions();
			then(client).should(never()).unsubscribeAsync(any());
		}

		@Test
		void worksBesideTheUsersOwnAnnotation() {
			contextRunner().withUserConfiguration(OwnEnableMqtt.class)
				.run((context) -> assertThat(context).hasSingleBean(MqttListenerEndpointRegistry.class));
		}

	}

	@Nested
	class Events {

		@Test
		void arePublished() {
			contextRunner().withBean(EventRecorder.class).run((context) -> {
				EventRecorder recorder = context.getBean(EventRecorder.class);
				await().until(() -> recorder.failure != null);
				assertThat(recorder.failure.getClient()).isSameAs(context.getBean(MqttClient.class));
			});
		}

		@Test
		void backOffToTheUsersOwn() {
			MqttEventPublisher own = new MqttEventPublisher((event) -> {
			});
			contextRunner().withBean("own", MqttEventPublisher.class, () -> own)
				.run((context) -> assertThat(context).getBean(MqttEventPublisher.class).isSameAs(own));
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
			MqttEndpointAutoConfiguration.class, MqttMetricsAutoConfiguration.class })
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

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@MqttSubscribe("plant/{id}/state")
		void state(byte[] state) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMqtt
	static class OwnEnableMqtt {

	}

	static class EventRecorder {

		private volatile MqttConnectionFailedEvent failure;

		@EventListener
		void failed(MqttConnectionFailedEvent event) {
			this.failure = event;
		}

	}

	record State(int plantId) {
	}

}
