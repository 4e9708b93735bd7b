package io.mqttspring.listener;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageHandler;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.core.MqttHeaders;
import io.mqttspring.core.MqttPayloadConverter;
import io.mqttspring.core.MqttTopicTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class HandlerMethodsTests {

	private static final String READING = "{\"sensor\":\"engine\",\"value\":93.5}";

	private static final String FILTER = "fleet/{deviceId}/{sensor}/{path*}";

	private static final String TOPIC = "fleet/7/engine/temperature/inlet";

	private final Handlers handlers = new Handlers();

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					bytes             | [{"sensor":"engine","value":93.5}]
					text              | [{"sensor":"engine","value":93.5}]
					markedText        | [{"sensor":"engine","value":93.5}]
					json              | [Reading[sensor=engine, value=93.5]]
					jsonMap           | [{sensor=engine, value=93.5}]
					message           | [MqttMessage[topic=fleet/7/engine/temperature/inlet, qos=1, 32 bytes]]
					nothing           | []
					levels            | [Reading[sensor=engine, value=93.5], 7, engine, temperature/inlet]
					levelAndMessage   | [7, MqttMessage[topic=fleet/7/engine/temperature/inlet, qos=1, 32 bytes]]
					onlyLevels        | [7, engine]
					optionalLevel     | [Optional[7]]
					topicHeader       | [{"sensor":"engine","value":93.5}, fleet/7/engine/temperature/inlet]
					qosHeaders        | [1, AT_LEAST_ONCE, false, false]
					absentHeaders     | [fallback, Optional.empty, null]
					everything        | [Reading[sensor=engine, value=93.5], fleet/7/engine/temperature/inlet, 7, MqttMessage[topic=fleet/7/engine/temperature/inlet, qos=1, 32 bytes]]
					springMessage     | [Reading[sensor=engine, value=93.5], fleet/7/engine/temperature/inlet]
					springText        | [{"sensor":"engine","value":93.5}]
					springBytes       | [32]
					""")
	void methodGetsWhatItAsksFor(String method, String arguments) throws Exception {
		handler(method).handle(MqttMessage.of(TOPIC, READING));
		assertThat(this.handlers.calls).containsExactly(arguments);
	}

	@ParameterizedTest
	@ValueSource(strings = { "bytes", "text", "json", "jsonMap", "message", "nothing", "levels", "levelAndMessage",
			"onlyLevels" })
	void methodWithoutHeadersIsCalledDirectly(String method) {
		assertThat(handler(method).getClass().getName()).startsWith(DirectHandler.class.getName());
	}

	@Test
	void elementsOfAGenericPayloadAreOfTheirType() throws Exception {
		handler("readings").handle(MqttMessage.of(TOPIC, "[" + READING + "]"));
		assertThat(this.handlers.calls).containsExactly("[[Reading[sensor=engine, value=93.5]]]");
	}

	@Test
	void bytesAreNotCopied() throws Exception {
		MqttMessage message = MqttMessage.of(TOPIC, READING);
		handler("bytes").handle(message);
		assertThat(this.handlers.bytes).isSameAs(message.payload());
	}

	@Test
	void allHeadersAreThere() throws Exception {
		MqttMessageProperties properties = new MqttMessageProperties(true, Duration.ofSeconds(60), "application/json",
				"answers", new byte[1], List.of(new MqttUserProperty("traceparent", "00-1")), List.of());
		handler("headers").handle(MqttMessage.received(TOPIC, READING.getBytes(StandardCharsets.UTF_8),
				MqttQos.EXACTLY_ONCE, true, true, properties));
		assertThat(this.handlers.headers).containsEntry(MqttHeaders.RECEIVED_TOPIC, TOPIC)
			.containsEntry(MqttHeaders.RECEIVED_QOS, 2)
			.containsEntry(MqttHeaders.RECEIVED_RETAINED, true)
			.containsEntry(MqttHeaders.DUPLICATE, true)
			.containsEntry(MqttHeaders.RESPONSE_TOPIC, "answers")
			.containsEntry(MqttHeaders.MESSAGE_EXPIRY_INTERVAL, 60L)
			.containsEntry(MessageHeaders.CONTENT_TYPE, "application/json")
			.containsEntry("traceparent", "00-1");
	}

	@Test
	void emptyPayloadIsAPayloadForBytesAndText() throws Exception {
		MqttMessage empty = MqttMessage.of(TOPIC, "");
		handler("text").handle(empty);
		handler("topicHeader").handle(empty);
		handler("bytes").handle(empty);
		assertThat(this.handlers.calls).containsExactly("[]", "[, " + TOPIC + "]", "[]");
	}

	@Test
	void emptyPayloadIsNoObjectUnlessThatIsAllowed() throws Exception {
		MqttMessage empty = MqttMessage.of(TOPIC, "");
		assertThatExceptionOfType(MethodArgumentNotValidException.class).isThrownBy(() -> handler("json").handle(empty))
			.withMessageContaining("Payload value must not be empty");
		handler("jsonIfThere").handle(empty);
		assertThat(this.handlers.calls).containsExactly("[null]");
	}

	@Test
	void payloadThatCannotBeConvertedFailsTheMessage() {
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> handler("json").handle(MqttMessage.of(TOPIC, "no JSON")))
			.withMessageContaining("Could not read JSON");
	}

	@Test
	void contentTypeDecidesAboutTheConversion() {
		MqttMessage cbor = MqttMessage.builder(TOPIC).payload(READING).contentType("application/cbor").build();
		assertThatExceptionOfType(MessageConversionException.class).isThrownBy(() -> handler("json").handle(cbor))
			.withMessageContaining("Cannot convert from [[B] to [" + Reading.class.getName() + "]");
	}

	@Test
	void exceptionComesAsItWasThrown() {
		MqttMessage message = MqttMessage.of(TOPIC, READING);
		assertThatIOException().isThrownBy(() -> handler("failing").handle(message)).withMessage("checked");
		assertThatIllegalStateException().isThrownBy(() -> handler("failingWithHeader").handle(message))
			.withMessage("unchecked");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> handler("failingWithError").handle(message))
			.withMessage("error");
	}

	@Test
	void validPayloadIsHandedOverAndAnotherIsNot() throws Exception {
		HandlerMethods methods = methods(new PositiveValidator());
		MqttMessageHandler handler = methods.create(this.handlers, method("valid"), MqttTopicTemplate.parse(FILTER),
				"test");
		handler.handle(MqttMessage.of(TOPIC, READING));
		assertThat(this.handlers.calls).hasSize(1);
		MqttMessage negative = MqttMessage.of(TOPIC, "{\"sensor\":\"engine\",\"value\":-1}");
		assertThatExceptionOfType(MethodArgumentNotValidException.class).isThrownBy(() -> handler.handle(negative))
			.withMessageContaining("negative");
		assertThat(this.handlers.calls).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					returning        | returns String: what a handler returns is not sent anywhere, so it has to be void
					isStatic         | is static: a handler is a method of a bean
					twoPayloads      | has 2 parameters for the payload (Reading reading, String topic): one is enough; mark the others with @Header, @Headers or @DestinationVariable
					expression       | has @Payload("value"): expressions are not supported, take a part of the payload in the method
					valid            | wants a valid Reading reading, and there is no validator: add one such as spring-boot-starter-validation, or set it on the container factory
					unknownLevel     | wants the level {device} of topic filter 'fleet/{deviceId}/{sensor}/{path*}', which has none of that name
					""")
	void methodThatCannotBeServedIsRefused(String method, String why) {
		assertThatIllegalArgumentException().isThrownBy(() -> handler(method))
			.withMessage("@MqttSubscribe on Handlers." + method + ": the method " + why);
	}

	private MqttMessageHandler handler(String method) {
		return methods(null).create(this.handlers, method(method), MqttTopicTemplate.parse(FILTER),
				"@MqttSubscribe on Handlers." + method);
	}

	private static HandlerMethods methods(@Nullable Validator validator) {
		return new HandlerMethods(MqttPayloadConverter.json(), new DefaultFormattingConversionService(), validator,
				null);
	}

	private static Method method(String name) {
		return Arrays.stream(Handlers.class.getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	record Reading(String sensor, double value) {
	}

	@SuppressWarnings("unused") // called by reflection
	static class Handlers {

		private final List<String> calls = new ArrayList<>();

		private byte @Nullable [] bytes;

		private @Nullable Map<String, Object> headers;

		private void called(@Nullable Object... arguments) {
			this.calls.add(Arrays.toString(arguments));
		}

		void bytes(byte[] payload) {
			this.bytes = payload;
			called(new String(payload, StandardCharsets.UTF_8));
		}

		void text(String payload) {
			called(payload);
		}

		private void markedText(@Payload String payload) {
			called(payload);
		}

		void json(Reading reading) {
			called(reading);
		}

		void jsonMap(Map<String, Object> reading) {
			called(reading);
		}

		void readings(List<Reading> readings) {
			called(readings.stream().map(Reading::toString).toList());
		}

		void jsonIfThere(@Payload(required = false) @Nullable Reading reading) {
			called(reading);
		}

		void message(MqttMessage message) {
			called(message);
		}

		void nothing() {
			called();
		}

		void levels(Reading reading, @DestinationVariable int deviceId, @DestinationVariable("sensor") String name,
				@DestinationVariable String path) {
			called(reading, deviceId, name, path);
		}

		void levelAndMessage(@DestinationVariable long deviceId, MqttMessage message) {
			called(deviceId, message);
		}

		void onlyLevels(@DestinationVariable String deviceId, @DestinationVariable String sensor) {
			called(deviceId, sensor);
		}

		void optionalLevel(@DestinationVariable Optional<String> deviceId) {
			called(deviceId);
		}

		void topicHeader(String payload, @Header(MqttHeaders.RECEIVED_TOPIC) String topic) {
			called(payload, topic);
		}

		void qosHeaders(@Header(MqttHeaders.RECEIVED_QOS) int level, @Header(MqttHeaders.RECEIVED_QOS) MqttQos qos,
				@Header(MqttHeaders.RECEIVED_RETAINED) boolean retained,
				@Header(MqttHeaders.DUPLICATE) boolean duplicate) {
			called(level, qos, retained, duplicate);
		}

		void absentHeaders(@Header(name = "a", defaultValue = "fallback") String first,
				@Header("a") Optional<String> second, @Header(name = "a", required = false) @Nullable String third) {
			called(first, second, third);
		}

		void everything(@Payload Reading reading, @Header(MqttHeaders.RECEIVED_TOPIC) String topic,
				@DestinationVariable String deviceId, MqttMessage message) {
			called(reading, topic, deviceId, message);
		}

		void springMessage(Message<Reading> message) {
			called(message.getPayload(), message.getHeaders().get(MqttHeaders.RECEIVED_TOPIC));
		}

		void springText(Message<String> message) {
			called(message.getPayload());
		}

		void springBytes(Message<byte[]> message) {
			called(message.getPayload().length);
		}

		void headers(@Headers Map<String, Object> headers, byte[] payload) {
			this.headers = headers;
		}

		void failing(String payload) throws IOException {
			throw new IOException("checked");
		}

		void failingWithHeader(String payload, @Header(MqttHeaders.RECEIVED_TOPIC) String topic) {
			throw new IllegalStateException("unchecked");
		}

		void failingWithError(String payload, @DestinationVariable String deviceId) {
			throw new AssertionError("error");
		}

		void valid(@Valid Reading reading) {
			called(reading);
		}

		String returning(String payload) {
			return payload;
		}

		static void isStatic(String payload) {
		}

		void twoPayloads(Reading reading, String topic) {
		}

		void expression(@Payload("value") String value) {
		}

		void unknownLevel(@DestinationVariable String device) {
		}

	}

	private static final class PositiveValidator implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return type == Reading.class;
		}

		@Override
		public void validate(Object target, Errors errors) {
			if (((Reading) target).value() < 0) {
				errors.reject("negative", "negative");
			}
		}

	}

}
