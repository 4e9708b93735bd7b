package io.mqttspring.annotation;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

import io.mqttspring.listener.MqttListenerEndpointRegistry;

/**
 * Registers the post-processor and the registry, once.
 */
class MqttBootstrapConfiguration implements ImportBeanDefinitionRegistrar {

	private static final String POST_PROCESSOR = "io.mqttspring.annotation.internalMqttSubscribeAnnotationProcessor";

	private static final String REGISTRY = "io.mqttspring.annotation.internalMqttListenerEndpointRegistry";

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		register(POST_PROCESSOR, MqttSubscribeAnnotationBeanPostProcessor.class, registry);
		register(REGISTRY, MqttListenerEndpointRegistry.class, registry);
	}

	private static void register(String name, Class<?> type, BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(name)) {
			RootBeanDefinition definition = new RootBeanDefinition(type);
			definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
			registry.registerBeanDefinition(name, definition);
		}
	}

}
