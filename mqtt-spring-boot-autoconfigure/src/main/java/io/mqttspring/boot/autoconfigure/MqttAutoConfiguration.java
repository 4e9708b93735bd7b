package io.mqttspring.boot.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.validation.Validator;
import tools.jackson.databind.json.JsonMapper;

import io.mqttspring.annotation.EnableMqtt;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttCredentialsProvider;
import io.mqttspring.core.MqttOperations;
import io.mqttspring.core.MqttPayloadConverter;
import io.mqttspring.core.MqttTemplate;
import io.mqttspring.event.MqttEventPublisher;
import io.mqttspring.listener.MqttListenerContainerFactory;
import io.mqttspring.listener.MqttListenerEndpointRegistry;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for MQTT.
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(MqttClient.class)
@ConditionalOnBooleanProperty(name = "mqtt.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MqttProperties.class)
public final class MqttAutoConfiguration {

	private final MqttProperties properties;

	private final MqttPropertiesMapper mapper;

	MqttAutoConfiguration(MqttProperties properties, Environment environment) {
		this.properties = properties;
		this.mapper = new MqttPropertiesMapper(properties, environment.getProperty("spring.application.name"));
	}

	@Bean
	@ConfigurationPropertiesBinding
	static MqttQosConverter mqttQosConverter() {
		return new MqttQosConverter();
	}

	// Closed when destroyed, for a context that fails before the lifecycle is there;
	// after the lifecycle, closing again does nothing.
	@Bean
	@ConditionalOnMissingBean
	MqttClient mqttClient(ObjectProvider<MqttCredentialsProvider> credentialsProvider,
			ObjectProvider<MqttClientBuilderCustomizer> customizers, ObjectProvider<SslBundles> sslBundles) {
		SslBundles bundles = sslBundles.getIfAvailable();
		MqttClientBuilder builder = this.mapper.builder(credentialsProvider.getIfAvailable(), bundles);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		MqttClient client = builder.build();
		String bundle = this.mapper.sslBundle();
		if (bundle != null && bundles != null && this.properties.getSsl().isReload()) {
			bundles.addBundleUpdateHandler(bundle, (updated) -> SslBundleReload.reconnect(client, bundle));
		}
		return client;
	}

	@Bean
	@ConditionalOnMissingBean
	MqttEventPublisher mqttEventPublisher(ApplicationEventPublisher publisher) {
		return new MqttEventPublisher(publisher);
	}

	// Not given to the builder, so that a listener may itself use the client.
	@Bean
	SmartInitializingSingleton mqttClientListenerRegistrar(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MqttClientListener> listeners) {
		return () -> {
			for (MqttClient client : MqttClients.byName(beanFactory).values()) {
				listeners.orderedStream().forEach(client::addListener);
			}
		};
	}

	@Bean
	MqttClientLifecycle mqttClientLifecycle(ApplicationContext context, ConfigurableListableBeanFactory beanFactory) {
		return new MqttClientLifecycle(context, MqttClients.byName(beanFactory).values(),
				this.properties.getStartup().getPolicy(), this.mapper.startupTimeout());
	}

	@Bean
	@ConditionalOnMissingBean(MqttOperations.class)
	@ConditionalOnSingleCandidate(MqttClient.class)
	MqttTemplate mqttTemplate(MqttClient client, ObjectProvider<MqttPayloadConverter> converter) {
		MqttTemplate template = new MqttTemplate(client, converter.getIfAvailable(MqttPayloadConverter::json));
		this.mapper.configure(template);
		return template;
	}

	@Bean
	@ConditionalOnMissingBean(name = "mqttListenerContainerFactory")
	MqttListenerContainerFactory mqttListenerContainerFactory(ObjectProvider<MqttPayloadConverter> converter,
			ObjectProvider<Validator> validator) {
		MqttListenerContainerFactory factory = new MqttListenerContainerFactory();
		factory.setMessageConverter(converter.getIfAvailable(MqttPayloadConverter::json));
		validator.ifUnique(factory::setValidator);
		this.mapper.configure(factory);
		return factory;
	}

	/**
	 * JSON as the application's own mapper writes it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	@ConditionalOnSingleCandidate(JsonMapper.class)
	static class JacksonConfiguration {

		@Bean
		@ConditionalOnMissingBean
		MqttPayloadConverter mqttPayloadConverter(JsonMapper jsonMapper) {
			return MqttPayloadConverter.of(new JacksonJsonMessageConverter(jsonMapper));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMqtt
	@ConditionalOnMissingBean(MqttListenerEndpointRegistry.class)
	static class EnableMqttConfiguration {

	}

}
