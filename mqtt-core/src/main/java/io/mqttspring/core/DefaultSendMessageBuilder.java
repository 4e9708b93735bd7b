package io.mqttspring.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttTimeoutException;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.Wait;
import io.mqttspring.core.MqttOperations.SendMessageBuilder;

/**
 * Builds a message for an {@link MqttTemplate}.
 */
final class DefaultSendMessageBuilder implements SendMessageBuilder {

	private static final Pattern VARIABLE = Pattern.compile("\\{[^{}/]+}");

	private final MqttTemplate template;

	private final Object payload;

	private @Nullable String topic;

	private @Nullable MqttQos qos;

	private @Nullable Boolean retained;

	private @Nullable String contentType;

	private @Nullable Duration expiry;

	private @Nullable String responseTopic;

	private byte @Nullable [] correlationData;

	private final List<MqttUserProperty> userProperties = new ArrayList<>();

	private @Nullable Wait wait;

	private @Nullable Duration timeout;

	DefaultSendMessageBuilder(MqttTemplate template, Object payload) {
		this.template = template;
		this.payload = payload;
	}

	@Override
	public SendMessageBuilder withTopic(String topic, Object... variables) {
		this.topic = (variables.length > 0) ? expand(topic, variables) : topic;
		return this;
	}

	private static String expand(String topic, Object... variables) {
		long names = VARIABLE.matcher(topic).results().count();
		if (names != variables.length) {
			throw new IllegalArgumentException("Topic '%s' has %d names in braces, and %d values were given for them"
				.formatted(topic, names, variables.length));
		}
		Matcher matcher = VARIABLE.matcher(topic);
		StringBuilder expanded = new StringBuilder();
		for (int i = 0; matcher.find(); i++) {
			String value = String.valueOf(variables[i]);
			// A value that brings levels of its own would address another topic.
			if (variables[i] == null || value.isEmpty() || value.indexOf('/') >= 0) {
				throw new IllegalArgumentException("Value '%s' for %s of topic '%s' is not one level of a topic"
					.formatted(value, matcher.group(), topic));
			}
			matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
		}
		return matcher.appendTail(expanded).toString();
	}

	@Override
	public SendMessageBuilder withQos(MqttQos qos) {
		this.qos = qos;
		return this;
	}

	@Override
	public SendMessageBuilder withRetained(boolean retained) {
		this.retained = retained;
		return this;
	}

	@Override
	public SendMessageBuilder withContentType(String contentType) {
		this.contentType = contentType;
		return this;
	}

	@Override
	public SendMessageBuilder withExpiry(Duration expiry) {
		this.expiry = expiry;
		return this;
	}

	@Override
	public SendMessageBuilder withResponseTopic(String responseTopic) {
		this.responseTopic = responseTopic;
		return this;
	}

	@Override
	public SendMessageBuilder withCorrelationData(byte[] correlationData) {
		this.correlationData = correlationData;
		return this;
	}

	@Override
	public SendMessageBuilder withUserProperty(String name, String value) {
		this.userProperties.add(new MqttUserProperty(name, value));
		return this;
	}

	@Override
	public SendMessageBuilder withWait(Wait wait) {
		this.wait = wait;
		return this;
	}

	@Override
	public SendMessageBuilder withTimeout(Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("timeout is %s: it has to be more than zero".formatted(timeout));
		}
		this.timeout = timeout;
		return this;
	}

	@Override
	public void send() {
		this.template.publish(message(), this.wait, this.timeout);
	}

	@Override
	public CompletableFuture<MqttSendResult> sendAsync() {
		if (this.wait != null) {
			throw new IllegalStateException(
					"withWait(%s) is for send(): the future of sendAsync() always tells of the acknowledgement"
						.formatted(this.wait));
		}
		MqttMessage message = message();
		CompletableFuture<MqttSendResult> result = this.template.publishAsync(message);
		if (this.timeout != null) {
			limit(result, message, this.timeout);
		}
		return result;
	}

	private static void limit(CompletableFuture<MqttSendResult> result, MqttMessage message, Duration timeout) {
		CompletableFuture<@Nullable Void> timer = new CompletableFuture<@Nullable Void>().completeOnTimeout(null,
				timeout.toNanos(), TimeUnit.NANOSECONDS);
		timer.thenRunAsync(() -> result.completeExceptionally(
				new MqttTimeoutException("The message to '%s' was not acknowledged within %s; it is not given up"
					.formatted(message.topic(), timeout))));
		result.whenComplete((done, failure) -> timer.cancel(false));
	}

	private MqttMessage message() {
		MqttMessage.Builder message = this.template.builder(this.template.topicOr(this.topic), this.payload,
				this.contentType);
		if (this.qos != null) {
			message.qos(this.qos);
		}
		if (this.retained != null) {
			message.retained(this.retained);
		}
		message.messageExpiry(this.expiry).responseTopic(this.responseTopic).correlationData(this.correlationData);
		this.userProperties.forEach((property) -> message.userProperty(property.name(), property.value()));
		return message.build();
	}

}
