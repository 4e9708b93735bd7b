package io.mqttspring.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Gives a handler the payload. For {@code byte[]} and {@code String} an empty one is a
 * payload like any other: with it, MQTT clears what the broker keeps.
 */
final class PayloadArgumentResolver extends PayloadMethodArgumentResolver {

	PayloadArgumentResolver(MessageConverter converter, @Nullable Validator validator) {
		super(converter, validator);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
		if (message.getPayload() instanceof byte[] bytes && bytes.length == 0) {
			if (parameter.getParameterType() == byte[].class) {
				return bytes;
			}
			if (parameter.getParameterType() == String.class) {
				return "";
			}
		}
		return super.resolveArgument(parameter, message);
	}

}
