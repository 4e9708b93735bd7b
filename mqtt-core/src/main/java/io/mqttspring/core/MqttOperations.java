package io.mqttspring.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.springframework.messaging.Message;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.Wait;

/**
 * Sends messages whose payloads are Java objects: {@code byte[]} as they are,
 * {@code String} as UTF-8, all others by a converter.
 * <p>
 * {@code send} waits as configured, unless set otherwise until the broker has the
 * message, and throws what
 * {@link MqttClient#publish(io.mqttspring.client.MqttMessage, Wait)} throws.
 * {@code sendAsync} waits for nothing but room in the outgoing queue; its future ends
 * when the broker has the message, or with the {@link io.mqttspring.client.MqttException}
 * that tells why it will not. What is wrong with the call itself, such as a topic that is
 * none or a payload that cannot be converted, is thrown by both.
 */
public interface MqttOperations {

	/**
	 * Send a message.
	 * @param topic the topic name
	 * @param payload the payload
	 */
	void send(String topic, Object payload);

	/**
	 * Send a message.
	 * @param topic the topic name
	 * @param payload the payload
	 * @param qos the QoS
	 */
	void send(String topic, Object payload, MqttQos qos);

	/**
	 * Send a message.
	 * @param topic the topic name
	 * @param payload the payload
	 * @param qos the QoS
	 * @param retained whether the broker keeps it for later subscribers
	 */
	void send(String topic, Object payload, MqttQos qos, boolean retained);

	/**
	 * Send a message to the default topic.
	 * @param payload the payload
	 * @throws IllegalStateException if there is no default topic
	 */
	void send(Object payload);

	/**
	 * Send a message as its headers say: {@link MqttHeaders#TOPIC},
	 * {@link MqttHeaders#QOS}, {@link MqttHeaders#RETAINED},
	 * {@link MqttHeaders#RESPONSE_TOPIC}, {@link MqttHeaders#CORRELATION_DATA},
	 * {@link MqttHeaders#MESSAGE_EXPIRY_INTERVAL} and the content type. Other headers are
	 * not sent.
	 * @param message the message
	 * @throws IllegalStateException if no header names a topic and there is no default
	 * topic
	 */
	void send(Message<?> message);

	/**
	 * Send a message as {@link #send(String, Object)} does, without waiting.
	 * @param topic the topic name
	 * @param payload the payload
	 * @return a future of the acknowledgement
	 */
	CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload);

	/**
	 * Send a message as {@link #send(String, Object, MqttQos)} does, without waiting.
	 * @param topic the topic name
	 * @param payload the payload
	 * @param qos the QoS
	 * @return a future of the acknowledgement
	 */
	CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload, MqttQos qos);

	/**
	 * Send a message as {@link #send(String, Object, MqttQos, boolean)} does, without
	 * waiting.
	 * @param topic the topic name
	 * @param payload the payload
	 * @param qos the QoS
	 * @param retained whether the broker keeps it for later subscribers
	 * @return a future of the acknowledgement
	 */
	CompletableFuture<MqttSendResult> sendAsync(String topic, Object payload, MqttQos qos, boolean retained);

	/**
	 * Send a message as {@link #send(Object)} does, without waiting.
	 * @param payload the payload
	 * @return a future of the acknowledgement
	 * @throws IllegalStateException if there is no default topic
	 */
	CompletableFuture<MqttSendResult> sendAsync(Object payload);

	/**
	 * Send a message as {@link #send(Message)} does, without waiting.
	 * @param message the message
	 * @return a future of the acknowledgement
	 * @throws IllegalStateException if no header names a topic and there is no default
	 * topic
	 */
	CompletableFuture<MqttSendResult> sendAsync(Message<?> message);

	/**
	 * Start a message that says more than topic, QoS and payload.
	 * @param payload the payload
	 * @return a builder that begins with the defaults
	 */
	SendMessageBuilder newMessage(Object payload);

	/**
	 * Make the broker forget the message it keeps for a topic: send a retained one of
	 * zero bytes (MQTT 5.0 §3.3.1.3), and wait as {@code send} does.
	 * @param topic the topic name
	 */
	void clearRetained(String topic);

	/**
	 * Return the client behind this.
	 * @return the client
	 */
	MqttClient getClient();

	/**
	 * Builds and sends a message. Not thread-safe.
	 */
	interface SendMessageBuilder {

		/**
		 * Set the topic.
		 * @param topic the topic name, with a {@code {name}} for each variable; without
		 * variables it is taken as it is (default: the default topic)
		 * @param variables what to put in place of the names, in their order; not empty,
		 * and without {@code /}
		 * @return this builder
		 * @throws IllegalArgumentException if there are more or less of them than names
		 */
		SendMessageBuilder withTopic(String topic, Object... variables);

		/**
		 * Set the QoS.
		 * @param qos the QoS
		 * @return this builder
		 */
		SendMessageBuilder withQos(MqttQos qos);

		/**
		 * Set whether the broker keeps the message for later subscribers.
		 * @param retained whether to keep it
		 * @return this builder
		 */
		SendMessageBuilder withRetained(boolean retained);

		/**
		 * Set what the payload is, for its conversion and, on MQTT 5.0, for the receiver.
		 * @param contentType a MIME type (default: what the converter says)
		 * @return this builder
		 */
		SendMessageBuilder withContentType(String contentType);

		/**
		 * Set for how long the message is worth delivering; it limits the time in the
		 * outgoing queue, too.
		 * @param expiry whole seconds (default: what the client says)
		 * @return this builder
		 */
		SendMessageBuilder withExpiry(Duration expiry);

		/**
		 * Set where an answer is awaited.
		 * @param responseTopic a topic name
		 * @return this builder
		 */
		SendMessageBuilder withResponseTopic(String responseTopic);

		/**
		 * Set what an answer has to carry.
		 * @param correlationData at most 65,535 bytes, not copied
		 * @return this builder
		 */
		SendMessageBuilder withCorrelationData(byte[] correlationData);

		/**
		 * Add a user property.
		 * @param name its name
		 * @param value its value
		 * @return this builder
		 */
		SendMessageBuilder withUserProperty(String name, String value);

		/**
		 * Set what {@link #send} waits for.
		 * @param wait what to wait for
		 * @return this builder
		 */
		SendMessageBuilder withWait(Wait wait);

		/**
		 * Set the longest wait of {@link #send}, or the longest time to the end of the
		 * future of {@link #sendAsync}. Waiting for room in the outgoing queue has the
		 * client's own limit.
		 * @param timeout more than zero (default: for {@code send} what the client says,
		 * for {@code sendAsync} none)
		 * @return this builder
		 */
		SendMessageBuilder withTimeout(Duration timeout);

		/**
		 * Send the message and wait.
		 * @throws IllegalStateException if there is no topic, or a timeout and nothing to
		 * wait for
		 */
		void send();

		/**
		 * Send the message without waiting.
		 * @return a future of the acknowledgement
		 * @throws IllegalStateException if there is no topic, or {@link #withWait} was
		 * called
		 */
		CompletableFuture<MqttSendResult> sendAsync();

	}

}
