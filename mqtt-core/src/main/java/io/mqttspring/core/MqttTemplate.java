package io.mqttspring.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.Wait;

/**
 * Sends messages by an {@link MqttClient}. Thread-safe once its defaults are set.
 * <p>
 * A {@code byte[]} or {@code String} is sent without a detour through headers and
 * converters.
 */
public class MqttTemplate implements MqttOperations {

	private final MqttClient client;

	private final MqttPayloadConverter converter;

	private @Nullable String defaultTopic;

	private MqttQos defaultQos = MqttQos.AT_LEAST_ONCE;

	private boolean defaultRetained;

	private Wait defaultWait = Wait.ACKNOWLEDGED;

	private @Nullable String defaultContentType;

	/**
	 * Create a template that converts to JSON.
	 * @param client sends the messages
	 */
	public MqttTemplate(MqttClient client) {
		this(client, MqttPayloadConverter.json());
	}

	/**
	 * Create a template.
	 * @param client sends the messages
	 * @param converter converts payloads other than {@code byte[]} and {@code String}
	 */
	public MqttTemplate(MqttClient client, MessageConverter converter) {
		this.client = client;
		this.converter = MqttPayloadConverter.of(converter);
	}

	/**
	 * Set the topic of messages that are sent without one.
	 * @param defaultTopic a topic name, or {@code null} (default)
	 */
	public void setDefaultTopic(@Nullable String defaultTopic) {
		this.defaultTopic = defaultTopic;
	}

	/**
	 * Set the QoS of messages that do not say so themselves.
	 * @param defaultQos the QoS (default: {@link MqttQos#AT_LEAST_ONCE})
	 */
	public void setDefaultQos(MqttQos defaultQos) {
		this.defaultQos = defaultQos;
	}

	/**
	 * Set whether the broker keeps messages that do not say so themselves.
	 * @param defaultRetained whether to keep them (default: {@code false})
	 */
	public void setDefaultRetained(boolean defaultRetained) {
		this.defaultRetained = defaultRetained;
	}

	/**
	 * Set what {@code send} waits for.
	 * @param defaultWait what to wait for (default: {@link Wait#ACKNOWLEDGED})
	 */
	public void setDefaultWait(Wait defaultWait) {
		this.defaultWait = defaultWait;
	}

	/**
	 * Set the content type of messages that do not say so themselves.
	 * @param defaultContentType a MIME type, or {@code null} for what the converter says
	 * (default)
	 */
	public void setDefaultContentType(@Nullable String defaultContentType) {
		this.defaultContentType = defaultContentType;
	}

	@Override
	public MqttClient getClient() {
		return this.client;
	}

	@Override
	public void send(String topic, Object payload) {
		send(topic, payload, this.defaultQos, this.defaultRetained);
	}

	@Override
	public void send(String topic, Object payload, MqttQos qos) {
		send(topic, payload, qos, this.defaultRetained);
	}

	@Override
	public void send(String topic, Object payload, MqttQos qos, boolean retained) {
		this.client.publish(message(topic, payload, qos, retained), this.defaultWait);
	}

	@Override
	public void send(Object payload) {
		// Declared as an Object by the caller
		if (payload instanceof Message<?> message) {
			send(message);
		}
		else {
			send(topicOr(null), payload);
		}
	}

	@Override
	public void send(Message<?> message) {
		this.client.publish(message(message), this.defaultWait);
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload) {
		return sendAsync(topic, payload, this.defaultQos, this.defaultRetained);
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload, MqttQos qos) {
		return sendAsync(topic, payload, qos, this.defaultRetained);
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload, MqttQos qos, boolean retained) {
		return publishAsync(message(topic, payload, qos, retained));
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync(Object payload) {
		return (payload instanceof Message<?> message) ? sendAsync(message) : sendAsync(topicOr(null), payload);
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync(Message<?> message) {
		return publishAsync(message(message));
	}

	@Override
	public SendMessageBuilder newMessage(Object payload) {
		return new DefaultSendMessageBuilder(this, payload);
	}

	@Override
	public void clearRetained(String topic) {
		this.client.publish(MqttMessage.builder(topic).qos(this.defaultQos).retained(true).build(), this.defaultWait);
	}

	private MqttMessage message(String topic, Object payload, MqttQos qos, boolean retained) {
		if (this.defaultContentType == null) {
			if (payload instanceof byte[] bytes) {
				return plainMessage(topic, bytes, qos, retained);
			}
			if (payload instanceof String text) {
				return plainMessage(topic, text.getBytes(StandardCharsets.UTF_8), qos, retained);
			}
		}
		return builder(topic, payload, null).qos(qos).retained(retained).build();
	}

	private static MqttMessage plainMessage(String topic, byte[] payload, MqttQos qos, boolean retained) {
		if (qos == MqttQos.AT_LEAST_ONCE && !retained) {
			return MqttMessage.of(topic, payload);
		}
		return MqttMessage.builder(topic).payload(payload).qos(qos).retained(retained).build();
	}

	private MqttMessage message(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		String topic = topicOr(MqttHeaderMapper.string(headers, MqttHeaders.TOPIC));
		if (this.defaultContentType != null && !headers.containsKey(MessageHeaders.CONTENT_TYPE)) {
			headers = contentTypeOnly(this.defaultContentType, headers);
		}
		Message<?> converted = this.converter.toMessage(payload(message.getPayload()), headers);
		MqttMessage.Builder builder = builder(topic, (byte[]) converted.getPayload());
		MqttHeaderMapper.fromHeaders(converted.getHeaders(), builder);
		return builder.build();
	}

	/**
	 * Start a message with converted payload and content type, and the defaults.
	 */
	MqttMessage.Builder builder(String topic, Object payload, @Nullable String contentType) {
		String type = (contentType != null) ? contentType : this.defaultContentType;
		MessageHeaders headers = (type != null) ? contentTypeOnly(type, Map.of()) : null;
		Message<?> converted = this.converter.toMessage(payload(payload), headers);
		Object convertedType = converted.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		return builder(topic, (byte[]) converted.getPayload())
			.contentType((convertedType != null) ? convertedType.toString() : null);
	}

	private MqttMessage.Builder builder(String topic, byte[] payload) {
		return MqttMessage.builder(topic).payload(payload).qos(this.defaultQos).retained(this.defaultRetained);
	}

	private static MessageHeaders contentTypeOnly(String contentType, Map<String, Object> others) {
		Map<String, Object> headers = new HashMap<>(others);
		headers.put(MessageHeaders.CONTENT_TYPE, contentType);
		return new MessageHeaders(headers);
	}

	private static Object payload(Object payload) {
		if (payload instanceof MqttMessage || payload instanceof Message<?>) {
			throw new IllegalArgumentException(
					"A payload cannot be a %s, which has a topic of its own: send a Message by send(Message), and a MqttMessage by getClient().publish(MqttMessage)"
						.formatted(payload.getClass().getSimpleName()));
		}
		return payload;
	}

	String topicOr(@Nullable String topic) {
		if (topic != null) {
			return topic;
		}
		if (this.defaultTopic == null) {
			throw new IllegalStateException(
					"No topic to send to: name one, by the header '%s' of a Message, or set a default (mqtt.template.default-topic)"
						.formatted(MqttHeaders.TOPIC));
		}
		return this.defaultTopic;
	}

	void publish(MqttMessage message, @Nullable Wait wait, @Nullable Duration timeout) {
		Wait effective = (wait != null) ? wait : this.defaultWait;
		if (timeout == null) {
			this.client.publish(message, effective);
			return;
		}
		switch (effective) {
			case NONE -> throw new IllegalStateException(
					"A timeout of %s and nothing to wait for: set withWait to SENT or ACKNOWLEDGED, or leave out withTimeout"
						.formatted(timeout));
			case SENT -> this.client.publish(message, Wait.NONE).awaitSent(timeout);
			case ACKNOWLEDGED -> this.client.publish(message, Wait.NONE).awaitAcknowledged(timeout);
		}
	}

	CompletableFuture<MqttSendResult> publishAsync(MqttMessage message) {
		long start = System.nanoTime();
		CompletableFuture<MqttSendResult> result = new CompletableFuture<>();
		try {
			this.client.publish(message, (delivery) -> {
				MqttException failure = delivery.failure();
				if (failure != null) {
					result.completeExceptionally(failure);
				}
				else {
					result.complete(new MqttSendResult(message, delivery.reasonCode(),
							Duration.ofNanos(System.nanoTime() - start)));
				}
			});
		}
		catch (MqttException ex) {
			result.completeExceptionally(ex);
		}
		return result;
	}

}
