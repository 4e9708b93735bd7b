package io.mqttspring.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MqttPayloadConverterTests {

	private final MqttPayloadConverter converter = MqttPayloadConverter.json();

	@Test
	void bytesAreTakenAsTheyAre() {
		byte[] payload = { 1, 2, 3 };
		assertThat(this.converter.toMessage(payload, null).getPayload()).isSameAs(payload);
		assertThat(this.converter.fromMessage(new GenericMessage<>(payload), byte[].class)).isSameAs(payload);
	}

	@Test
	void textIsUtf8WhateverTheContentType() {
		MessageHeaders headers = new MessageHeaders(Map.of(MessageHeaders.CONTENT_TYPE, "application/json"));
		byte[] bytes = "grün".getBytes(StandardCharsets.UTF_8);
		assertThat(this.converter.toMessage("grün", headers).getPayload()).isEqualTo(bytes);
		assertThat(this.converter.fromMessage(new GenericMessage<>(bytes, headers), String.class)).isEqualTo("grün");
	}

	@Test
	void otherTypesAreJsonAndSaySo() {
		Message<?> message = this.converter.toMessage(new Reading("engine", 93.5), null);
		assertThat(new String((byte[]) message.getPayload(), StandardCharsets.UTF_8))
			.isEqualTo("{\"sensor\":\"engine\",\"value\":93.5}");
		assertThat(message.getHeaders().get(MessageHeaders.CONTENT_TYPE)).hasToString("application/json");
		assertThat(this.converter.fromMessage(message, Reading.class)).isEqualTo(new Reading("engine", 93.5));
	}

	@Test
	void typeThatNoConverterTakesIsRefusedByName() {
		MessageHeaders headers = new MessageHeaders(Map.of(MessageHeaders.CONTENT_TYPE, "application/cbor"));
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> this.converter.toMessage(new Reading("engine", 1), headers))
			.withMessageMatching(".*JacksonJsonMessageConverter.* does not convert "
					+ Reading.class.getName().replace("$", "\\$") + " to 'application/cbor'");
	}

	@Test
	void missingJacksonIsNamedWhenItIsNeeded() {
		MqttPayloadConverter withoutJackson = MqttPayloadConverter.json(new FilteredClassLoader("tools.jackson"));
		assertThat(withoutJackson.toMessage("text", null).getPayload()).isEqualTo("text".getBytes());
		String message = "Payloads of type %s are converted by Jackson 3, which is not on the class path: add tools.jackson.core:jackson-databind, use byte[] or String, or set another MessageConverter"
			.formatted(Reading.class.getName());
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> withoutJackson.toMessage(new Reading("engine", 1), null))
			.withMessage(message);
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> withoutJackson.fromMessage(new GenericMessage<>(new byte[1]), Reading.class))
			.withMessage(message);
	}

	@Test
	void converterOfOnesOwnMayWriteText() {
		MqttPayloadConverter own = MqttPayloadConverter.of(new FixedConverter("text"));
		assertThat(own.toMessage(7, null).getPayload()).isEqualTo("text".getBytes());
		assertThat(MqttPayloadConverter.of(own)).isSameAs(own);
	}

	@Test
	void converterThatWritesNeitherBytesNorTextIsRefused() {
		MqttPayloadConverter own = MqttPayloadConverter.of(new FixedConverter(42));
		assertThatExceptionOfType(MessageConversionException.class).isThrownBy(() -> own.toMessage(7, null))
			.withMessage("fixed converts java.lang.Integer to java.lang.Integer: it has to be byte[] or String");
	}

	record Reading(String sensor, double value) {
	}

	private record FixedConverter(Object payload) implements MessageConverter {

		@Override
		public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
			return null;
		}

		@Override
		public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return new GenericMessage<>(this.payload);
		}

		@Override
		public String toString() {
			return "fixed";
		}

	}

}
