package io.mqttspring.listener;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageHandler;
import io.mqttspring.core.MqttPayloadConverter;
import io.mqttspring.core.MqttTopicTemplate;

/**
 * Turns methods into handlers. A method that asks for nothing but the payload, the
 * message or levels of its topic is called without headers being made; all others go
 * through spring-messaging.
 */
final class HandlerMethods {

	private final PayloadArgumentResolver payloads;

	private final ConversionService conversionService;

	private final boolean validating;

	private final DefaultMessageHandlerMethodFactory messagingMethods;

	HandlerMethods(MqttPayloadConverter converter, ConversionService conversionService, @Nullable Validator validator,
			@Nullable BeanFactory beanFactory) {
		this.payloads = new PayloadArgumentResolver(converter, validator);
		this.conversionService = conversionService;
		this.validating = validator != null;
		this.messagingMethods = new DefaultMessageHandlerMethodFactory();
		this.messagingMethods.setConversionService(conversionService);
		this.messagingMethods.setMessageConverter(converter);
		this.messagingMethods
			.setCustomArgumentResolvers(List.of(new DestinationVariableMethodArgumentResolver(conversionService),
					new MqttMessageArgumentResolver(), this.payloads));
		if (beanFactory != null) {
			this.messagingMethods.setBeanFactory(beanFactory);
		}
		this.messagingMethods.afterPropertiesSet();
	}

	/**
	 * Create a handler for the messages of one topic filter.
	 * @throws InvalidMqttListenerException if the method asks for what it cannot get
	 */
	MqttMessageHandler create(Object bean, Method method, MqttTopicTemplate topic, String origin) {
		List<MethodParameter> parameters = IntStream.range(0, method.getParameterCount())
			.mapToObj((index) -> parameter(method, index))
			.toList();
		check(method, parameters, topic, origin);
		if (parameters.stream().allMatch(HandlerMethods::isDirect)) {
			List<DirectHandler.Argument> arguments = parameters.stream()
				.map((parameter) -> argument(parameter, topic))
				.toList();
			return DirectHandler.of(handle(bean, method), arguments);
		}
		InvocableHandlerMethod invocable = this.messagingMethods.createInvocableHandlerMethod(bean, method);
		return (message) -> invocable.invoke(ReceivedMessage.full(message, topic.values(message.topic())));
	}

	private static MethodParameter parameter(Method method, int index) {
		MethodParameter parameter = new SynthesizingMethodParameter(method, index);
		parameter.initParameterNameDiscovery(DefaultParameterNameDiscoverer.getSharedInstance());
		return parameter;
	}

	private static MethodHandle handle(Object bean, Method method) {
		ReflectionUtils.makeAccessible(method);
		try {
			return MethodHandles.lookup().unreflect(method).bindTo(bean);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("%s cannot be called: open its package to this one".formatted(method), ex);
		}
	}

	private void check(Method method, List<MethodParameter> parameters, MqttTopicTemplate topic, String origin) {
		if (Modifier.isStatic(method.getModifiers())) {
			throw refused(origin, "is static: a handler is a method of a bean");
		}
		if (method.getReturnType() != void.class && method.getReturnType() != Void.class) {
			throw refused(origin, "returns %s: what a handler returns is not sent anywhere, so it has to be void"
				.formatted(method.getReturnType().getSimpleName()));
		}
		List<MethodParameter> payloads = parameters.stream().filter((p) -> kind(p) == Kind.PAYLOAD).toList();
		if (payloads.size() > 1) {
			throw refused(origin,
					"has %d parameters for the payload (%s): one is enough; mark the others with @Header, @Headers or @DestinationVariable"
						.formatted(payloads.size(),
								String.join(", ", payloads.stream().map(HandlerMethods::describe).toList())));
		}
		payloads.forEach((parameter) -> checkPayload(parameter, origin));
		parameters.stream()
			.filter((parameter) -> kind(parameter) == Kind.TOPIC_LEVEL)
			.forEach((parameter) -> checkTopicLevel(parameter, topic, origin));
	}

	private void checkPayload(MethodParameter parameter, String origin) {
		Payload payload = parameter.getParameterAnnotation(Payload.class);
		if (payload != null && !payload.expression().isEmpty()) {
			throw refused(origin,
					"has @Payload(\"%s\"): expressions are not supported, take a part of the payload in the method"
						.formatted(payload.expression()));
		}
		if (isValidated(parameter) && !this.validating) {
			throw refused(origin,
					"wants a valid %s, and there is no validator: add one such as spring-boot-starter-validation, or set it on the container factory"
						.formatted(describe(parameter)));
		}
	}

	private static void checkTopicLevel(MethodParameter parameter, MqttTopicTemplate topic, String origin) {
		if (!topic.hasVariable(topicLevel(parameter))) {
			throw refused(origin, "wants the level {%s} of topic filter '%s', which has none of that name"
				.formatted(topicLevel(parameter), topic));
		}
	}

	private static IllegalArgumentException refused(String origin, String why) {
		return new InvalidMqttListenerException("%s: the method %s".formatted(origin, why), null);
	}

	private static String describe(MethodParameter parameter) {
		String name = parameter.getParameterName();
		return parameter.getParameterType().getSimpleName() + ((name != null) ? " " + name : "");
	}

	private static boolean isValidated(MethodParameter parameter) {
		for (var annotation : parameter.getParameterAnnotations()) {
			if (ValidationAnnotationUtils.determineValidationHints(annotation) != null) {
				return true;
			}
		}
		return false;
	}

	private static boolean isDirect(MethodParameter parameter) {
		return switch (kind(parameter)) {
			case HEADERS -> false;
			case TOPIC_LEVEL -> parameter.getParameterType() != Optional.class;
			case MESSAGE, PAYLOAD -> true;
		};
	}

	private DirectHandler.Argument argument(MethodParameter parameter, MqttTopicTemplate topic) {
		Class<?> type = parameter.getParameterType();
		return switch (kind(parameter)) {
			case MESSAGE -> (message) -> message;
			case TOPIC_LEVEL -> topicLevelArgument(parameter, topic);
			case PAYLOAD -> {
				if (type == byte[].class && !isValidated(parameter)) {
					yield MqttMessage::payload;
				}
				if (type == String.class && !isValidated(parameter)) {
					yield MqttMessage::payloadAsString;
				}
				yield (message) -> this.payloads.resolveArgument(parameter, ReceivedMessage.forConversion(message));
			}
			case HEADERS -> throw new IllegalStateException("Headers are not made for " + parameter);
		};
	}

	private DirectHandler.Argument topicLevelArgument(MethodParameter parameter, MqttTopicTemplate topic) {
		String name = topicLevel(parameter);
		if (parameter.getParameterType() == String.class) {
			return (message) -> topic.value(name, message.topic());
		}
		TypeDescriptor type = new TypeDescriptor(parameter);
		return (message) -> this.conversionService.convert(topic.value(name, message.topic()), type);
	}

	private static String topicLevel(MethodParameter parameter) {
		DestinationVariable annotation = parameter.getParameterAnnotation(DestinationVariable.class);
		String name = (annotation != null) ? annotation.value() : "";
		if (name.isEmpty()) {
			name = parameter.getParameterName();
		}
		if (name == null) {
			throw new InvalidMqttListenerException(
					"@DestinationVariable of %s has no name: give it one, or compile with '-parameters'"
						.formatted(parameter),
					null);
		}
		return name;
	}

	private static Kind kind(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (parameter.hasParameterAnnotation(DestinationVariable.class)) {
			return Kind.TOPIC_LEVEL;
		}
		if (parameter.hasParameterAnnotation(Header.class) || parameter.hasParameterAnnotation(Headers.class)
				|| type == MessageHeaders.class || MessageHeaderAccessor.class.isAssignableFrom(type)
				|| Message.class.isAssignableFrom(type)) {
			return Kind.HEADERS;
		}
		return (type == MqttMessage.class) ? Kind.MESSAGE : Kind.PAYLOAD;
	}

	/**
	 * What a parameter is given.
	 */
	private enum Kind {

		/**
		 * Headers, or a message that has them.
		 */
		HEADERS,

		/**
		 * The message as the client has it.
		 */
		MESSAGE,

		/**
		 * The payload.
		 */
		PAYLOAD,

		/**
		 * A named level of the topic.
		 */
		TOPIC_LEVEL

	}

}
