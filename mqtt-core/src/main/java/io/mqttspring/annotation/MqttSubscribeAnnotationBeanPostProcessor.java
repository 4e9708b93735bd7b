package io.mqttspring.annotation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

import io.mqttspring.listener.MqttListenerContainerFactory;
import io.mqttspring.listener.MqttListenerEndpoint;
import io.mqttspring.listener.MqttListenerEndpointRegistry;

/**
 * Finds the methods that are marked with {@link MqttSubscribe} and registers an endpoint
 * for each. It reads annotations: it starts nothing and converts nothing.
 */
class MqttSubscribeAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware, Ordered {

	private static final String DEFAULT_CONTAINER_FACTORY = "mqttListenerContainerFactory";

	private final Set<Class<?>> withoutHandlers = ConcurrentHashMap.newKeySet();

	// What is found before all singletons are there waits: expressions may name any of
	// them. Both guarded by the list.
	private final List<Handler> waiting = new ArrayList<>();

	private @Nullable MqttListenerEndpointRegistry registry;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	// After all others, so that it sees beans as they are called: with their proxies.
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AopInfrastructureBean) {
			return bean;
		}
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (this.withoutHandlers.contains(type)) {
			return bean;
		}
		Map<Method, Set<MqttSubscribe>> methods = methods(type);
		if (methods.isEmpty()) {
			this.withoutHandlers.add(type);
		}
		methods.forEach((method, annotations) -> {
			Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
			annotations.forEach((annotation) -> found(new Handler(bean, beanName, type, invocable, annotation)));
		});
		return bean;
	}

	private static Map<Method, Set<MqttSubscribe>> methods(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, MqttSubscribe.class)) {
			return Map.of();
		}
		return MethodIntrospector.selectMethods(type, (MetadataLookup<Set<MqttSubscribe>>) (method) -> {
			Set<MqttSubscribe> annotations = AnnotatedElementUtils.findMergedRepeatableAnnotations(method,
					MqttSubscribe.class, MqttSubscriptions.class);
			return annotations.isEmpty() ? null : annotations;
		});
	}

	private void found(Handler handler) {
		MqttListenerEndpointRegistry registry;
		synchronized (this.waiting) {
			registry = this.registry;
			if (registry == null) {
				this.waiting.add(handler);
				return;
			}
		}
		register(handler, registry);
	}

	@Override
	public void afterSingletonsInstantiated() {
		MqttListenerEndpointRegistry registry = beanFactory().getBean(MqttListenerEndpointRegistry.class);
		List<Handler> handlers;
		synchronized (this.waiting) {
			this.registry = registry;
			handlers = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		handlers.forEach((handler) -> register(handler, registry));
	}

	private void register(Handler handler, MqttListenerEndpointRegistry registry) {
		MqttSubscribe annotation = handler.annotation();
		AttributeResolver attributes = new AttributeResolver(beanFactory(), handler.toString());
		String id = attributes.string("id", annotation.id());
		MqttListenerEndpoint endpoint = MqttListenerEndpoint
			.ofMethod(id.isBlank() ? generatedId(handler, registry) : id,
					attributes.strings("topics", annotation.topics()), handler.bean(), handler.method())
			.withClient(attributes.string("client", annotation.client()))
			.withQos(attributes.atMostOne("qos", annotation.qos()))
			.withConcurrency(attributes.integer("concurrency", annotation.concurrency()))
			.withAutoStartup(attributes.bool("autoStartup", annotation.autoStartup()));
		registry.register(endpoint,
				containerFactory(handler, attributes.string("containerFactory", annotation.containerFactory())));
	}

	private static String generatedId(Handler handler, MqttListenerEndpointRegistry registry) {
		// A bean that is named by its class has the package in its name.
		String name = handler.beanName();
		String packageName = handler.type().getPackageName() + ".";
		String id = "%s.%s".formatted(name.startsWith(packageName) ? name.substring(packageName.length()) : name,
				handler.method().getName());
		String unique = id;
		for (int i = 2; registry.getListenerContainer(unique) != null; i++) {
			unique = "%s#%d".formatted(id, i);
		}
		return unique;
	}

	private MqttListenerContainerFactory containerFactory(Handler handler, String name) {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		if (name.isBlank() && !beanFactory.containsBean(DEFAULT_CONTAINER_FACTORY)) {
			MqttListenerContainerFactory factory = new MqttListenerContainerFactory();
			factory.setBeanFactory(beanFactory);
			return factory;
		}
		try {
			return beanFactory.getBean(name.isBlank() ? DEFAULT_CONTAINER_FACTORY : name,
					MqttListenerContainerFactory.class);
		}
		catch (NoSuchBeanDefinitionException ex) {
			throw new IllegalStateException(
					"No container factory '%s' (%s): define a bean of that name and of type MqttListenerContainerFactory"
						.formatted(name, handler),
					ex);
		}
	}

	private ConfigurableListableBeanFactory beanFactory() {
		if (this.beanFactory == null) {
			throw new IllegalStateException("No bean factory to find handlers in: @EnableMqtt sets it");
		}
		return this.beanFactory;
	}

	/**
	 * A method and one of its annotations.
	 *
	 * @param bean the bean, with its proxies
	 * @param beanName the bean's name
	 * @param type the class of the bean, without proxies
	 * @param method the method, as it is to be called on the bean
	 * @param annotation the annotation
	 */
	private record Handler(Object bean, String beanName, Class<?> type, Method method, MqttSubscribe annotation) {

		@Override
		public String toString() {
			return "@MqttSubscribe on %s.%s".formatted(this.type.getSimpleName(), this.method.getName());
		}

	}

}
