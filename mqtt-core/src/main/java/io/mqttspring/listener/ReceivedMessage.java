package io.mqttspring.listener;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.support.DestinationVariableMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.core.MqttHeaderMapper;

/**
 * A message that has arrived, in the shape that spring-messaging knows.
 */
final class ReceivedMessage extends GenericMessage<byte[]> {

	private static final long serialVersionUID = 1L;

	private static final MessageHeaders NO_HEADERS = new PlainHeaders(null);

	private final transient MqttMessage source;

	private ReceivedMessage(MqttMessage source, MessageHeaders headers) {
		super(source.payload(), headers);
		this.source = source;
	}

	/**
	 * Create a message with all headers.
	 */
	static ReceivedMessage full(MqttMessage source, Map<String, String> topicVariables) {
		Map<String, Object> headers = MqttHeaderMapper.toHeaders(source);
		headers.put(DestinationVariableMethodArgumentResolver.DESTINATION_TEMPLATE_VARIABLES_HEADER, topicVariables);
		return new ReceivedMessage(source, new MessageHeaders(headers));
	}

	/**
	 * Create a message that has what its payload is converted by, and no more.
	 */
	static ReceivedMessage forConversion(MqttMessage source) {
		MqttMessageProperties properties = source.properties();
		return new ReceivedMessage(source, (properties.contentType() == null) ? NO_HEADERS
				: new PlainHeaders(Map.of(MessageHeaders.CONTENT_TYPE, properties.contentType())));
	}

	MqttMessage source() {
		return this.source;
	}

	/**
	 * Headers without id and timestamp, which take time to make.
	 */
	private static final class PlainHeaders extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		PlainHeaders(@Nullable Map<String, Object> headers) {
			super(headers, ID_VALUE_NONE, -1L);
		}

	}

}
