package io.mqttspring.core;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.ClassUtils;

/**
 * Turns payloads into bytes, and back: {@code byte[]} as they are, {@code String} as
 * UTF-8, and all other types by another converter. Thread-safe if that one is.
 */
public final class MqttPayloadConverter implements SmartMessageConverter {

	private final MessageConverter delegate;

	private MqttPayloadConverter(MessageConverter delegate) {
		this.delegate = delegate;
	}

	/**
	 * Create a converter that writes and reads JSON, by Jackson 3. Where that is not on
	 * the class path, payloads that need it are refused with a message that says so.
	 * @return the converter
	 */
	public static MqttPayloadConverter json() {
		return json(MqttPayloadConverter.class.getClassLoader());
	}

	static MqttPayloadConverter json(@Nullable ClassLoader classLoader) {
		boolean jackson = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", classLoader);
		return new MqttPayloadConverter(jackson ? Json.converter() : new MissingJson());
	}

	/**
	 * Create a converter that leaves all types but {@code byte[]} and {@code String} to
	 * another one.
	 * @param converter converts to and from {@code byte[]}
	 * @return the converter; the same if it is one of this kind already
	 */
	public static MqttPayloadConverter of(MessageConverter converter) {
		return (converter instanceof MqttPayloadConverter payloadConverter) ? payloadConverter
				: new MqttPayloadConverter(converter);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		return fromMessage(message, targetClass, null);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
		Object payload = message.getPayload();
		if (targetClass.isInstance(payload)) {
			return payload;
		}
		if (targetClass == String.class && payload instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		return (this.delegate instanceof SmartMessageConverter smart)
				? smart.fromMessage(message, targetClass, conversionHint)
				: this.delegate.fromMessage(message, targetClass);
	}

	@Override
	public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
		return toMessage(payload, headers, null);
	}

	@Override
	public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers, @Nullable Object conversionHint) {
		if (payload instanceof byte[] bytes) {
			return message(bytes, headers);
		}
		if (payload instanceof String text) {
			return message(text.getBytes(StandardCharsets.UTF_8), headers);
		}
		Message<?> converted = (this.delegate instanceof SmartMessageConverter smart)
				? smart.toMessage(payload, headers, conversionHint) : this.delegate.toMessage(payload, headers);
		if (converted == null) {
			Object contentType = (headers != null) ? headers.get(MessageHeaders.CONTENT_TYPE) : null;
			throw new MessageConversionException("%s does not convert %s%s".formatted(this.delegate,
					payload.getClass().getName(), (contentType != null) ? " to '%s'".formatted(contentType) : ""));
		}
		if (converted.getPayload() instanceof byte[]) {
			return converted;
		}
		if (converted.getPayload() instanceof String text) {
			return message(text.getBytes(StandardCharsets.UTF_8), converted.getHeaders());
		}
		throw new MessageConversionException("%s converts %s to %s: it has to be byte[] or String"
			.formatted(this.delegate, payload.getClass().getName(), converted.getPayload().getClass().getName()));
	}

	private static Message<byte[]> message(byte[] payload, @Nullable MessageHeaders headers) {
		return MessageBuilder.createMessage(payload, (headers != null) ? headers : new MessageHeaders(null));
	}

	/**
	 * Apart, so that Jackson's classes are not looked for where there are none.
	 */
	private static final class Json {

		private Json() {
		}

		static MessageConverter converter() {
			return new JacksonJsonMessageConverter();
		}

	}

	/**
	 * Stands in for Jackson, and says what is missing.
	 */
	private static final class MissingJson implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			throw missing(targetClass);
		}

		@Override
		public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			throw missing(payload.getClass());
		}

		private static MessageConversionException missing(Class<?> type) {
			return new MessageConversionException(
					"Payloads of type %s are converted by Jackson 3, which is not on the class path: add tools.jackson.core:jackson-databind, use byte[] or String, or set another MessageConverter"
						.formatted(type.getName()));
		}

	}

}
