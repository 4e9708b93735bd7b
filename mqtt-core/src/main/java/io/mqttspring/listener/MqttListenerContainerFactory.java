package io.mqttspring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.validation.Validator;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.core.MqttPayloadConverter;
import io.mqttspring.core.MqttTopicTemplate;

/**
 * Makes listener containers, and has the defaults for what their endpoints do not say. It
 * is set up before it is used, and is not changed after that.
 */
public class MqttListenerContainerFactory implements BeanFactoryAware {

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	private @Nullable MqttPayloadConverter converter;

	private @Nullable Validator validator;

	private @Nullable ConversionService conversionService;

	private MqttQos qos = MqttQos.AT_LEAST_ONCE;

	private int concurrency = 1;

	private boolean autoStartup = true;

	private @Nullable HandlerMethods handlerMethods; // made with the first container

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	/**
	 * Set what converts payloads to other types than {@code byte[]} and {@code String}.
	 * @param converter the converter (default: from JSON, by Jackson 3)
	 */
	public void setMessageConverter(MessageConverter converter) {
		this.converter = MqttPayloadConverter.of(converter);
	}

	/**
	 * Set what validates payloads that are marked to be valid.
	 * @param validator the validator, or {@code null}, with which such a mark is refused
	 * (default)
	 */
	public void setValidator(@Nullable Validator validator) {
		this.validator = validator;
	}

	/**
	 * Set what converts headers and levels of topics to the types of parameters.
	 * @param conversionService the service (default: a
	 * {@link DefaultFormattingConversionService})
	 */
	public void setConversionService(ConversionService conversionService) {
		this.conversionService = conversionService;
	}

	/**
	 * Set the maximum QoS asked for.
	 * @param qos the QoS (default: {@link MqttQos#AT_LEAST_ONCE})
	 */
	public void setQos(MqttQos qos) {
		this.qos = qos;
	}

	/**
	 * Set how many messages each handler may take at a time.
	 * @param concurrency 1 to 1,024 (default: 1)
	 */
	public void setConcurrency(int concurrency) {
		this.concurrency = concurrency;
	}

	/**
	 * Set whether containers start with the application.
	 * @param autoStartup whether they do (default: {@code true})
	 */
	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	/**
	 * Make a container for an endpoint.
	 * @param endpoint what to subscribe to, and what takes the messages
	 * @return the container, not started
	 * @throws InvalidMqttListenerException if something the endpoint asks for cannot be
	 * done
	 * @throws IllegalStateException if there is no such client
	 */
	public MqttListenerContainer createContainer(MqttListenerEndpoint endpoint) {
		HandlerMethods methods = handlerMethods();
		MqttQos qos = (endpoint.qos() != null) ? endpoint.qos() : this.qos;
		int concurrency = (endpoint.concurrency() != null) ? endpoint.concurrency() : this.concurrency;
		List<MqttListenerContainer.Handler> handlers = new ArrayList<>();
		for (String text : endpoint.topics()) {
			MqttTopicTemplate topic = parse(text, endpoint);
			handlers.add(new MqttListenerContainer.Handler(options(topic, qos, concurrency, endpoint),
					endpoint.handlerFor(topic, methods)));
		}
		boolean autoStartup = (endpoint.autoStartup() != null) ? endpoint.autoStartup() : this.autoStartup;
		return new MqttListenerContainer(endpoint.id(), client(endpoint), handlers, autoStartup);
	}

	private synchronized HandlerMethods handlerMethods() {
		if (this.handlerMethods == null) {
			this.handlerMethods = new HandlerMethods(
					(this.converter != null) ? this.converter : MqttPayloadConverter.json(),
					(this.conversionService != null) ? this.conversionService
							: new DefaultFormattingConversionService(),
					this.validator, this.beanFactory);
		}
		return this.handlerMethods;
	}

	private static SubscribeOptions options(MqttTopicTemplate topic, MqttQos qos, int concurrency,
			MqttListenerEndpoint endpoint) {
		try {
			return SubscribeOptions.of(topic.filter(), qos).withName(endpoint.id()).withConcurrency(concurrency);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMqttListenerException("%s (%s)".formatted(ex.getMessage(), endpoint), ex);
		}
	}

	private static MqttTopicTemplate parse(String text, MqttListenerEndpoint endpoint) {
		try {
			return MqttTopicTemplate.parse(text);
		}
		catch (IllegalArgumentException ex) {
			// The message begins with the filter as it is subscribed to; the developer
			// looks for it as it was written, and for the place.
			String reason = String.valueOf(ex.getMessage()).replaceFirst("^Topic filter '.*?'(?=: )", "");
			throw new InvalidMqttListenerException("Topic filter '%s' (%s)%s".formatted(text, endpoint,
					reason.startsWith(":") ? reason : ": " + reason), ex);
		}
	}

	private MqttClient client(MqttListenerEndpoint endpoint) {
		if (this.beanFactory == null) {
			throw new IllegalStateException(
					"%s has no bean factory to find clients in: make it a bean, or call setBeanFactory"
						.formatted(getClass().getSimpleName()));
		}
		if (endpoint.client().isBlank()) {
			return primaryClient(this.beanFactory, endpoint);
		}
		Map<String, MqttClient> clients = clients(this.beanFactory);
		MqttClient client = clients.get(endpoint.client());
		if (client == null) {
			throw new IllegalStateException("No MQTT client is named '%s' (%s): there %s".formatted(endpoint.client(),
					endpoint, known(clients)));
		}
		return client;
	}

	private static MqttClient primaryClient(ConfigurableListableBeanFactory beanFactory,
			MqttListenerEndpoint endpoint) {
		try {
			return beanFactory.getBean(MqttClient.class);
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new IllegalStateException(
					"More than one MQTT client and none is primary (%s): name one with 'client', there %s"
						.formatted(endpoint, known(clients(beanFactory))),
					ex);
		}
		catch (NoSuchBeanDefinitionException ex) {
			throw new IllegalStateException(
					"No MQTT client to subscribe with (%s): define a bean of type MqttClient".formatted(endpoint), ex);
		}
	}

	private static Map<String, MqttClient> clients(ConfigurableListableBeanFactory beanFactory) {
		Map<String, MqttClient> clients = new TreeMap<>();
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, MqttClient.class)
			.values()
			.forEach((client) -> clients.put(client.name(), client));
		return clients;
	}

	private static String known(Map<String, MqttClient> clients) {
		return clients.isEmpty() ? "is none at all"
				: "are " + clients.keySet().stream().map("'%s'"::formatted).collect(Collectors.joining(", "));
	}

}
