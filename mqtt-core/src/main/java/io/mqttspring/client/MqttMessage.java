package io.mqttspring.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An application message: to publish, or as it arrived (MQTT 5.0 §3.3). Immutable but for
 * the payload, which is not copied: who changes the array changes the message.
 */
public final class MqttMessage {

	private static final byte[] EMPTY = new byte[0];

	private final String topic;

	private final byte[] payload;

	private final MqttQos qos;

	private final MqttMessageProperties properties;

	private final boolean retained;

	private final boolean duplicate;

	// 0 = not counted yet. A race counts twice and ends the same.
	private int topicLength;

	private MqttMessage(String topic, int topicLength, byte[] payload, MqttQos qos, boolean retained, boolean duplicate,
			MqttMessageProperties properties) {
		this.topic = topic;
		this.topicLength = topicLength;
		this.payload = payload;
		this.qos = qos;
		this.retained = retained;
		this.duplicate = duplicate;
		this.properties = properties;
	}

	/**
	 * Create a message of QoS 1, not retained.
	 * @param topic the topic name
	 * @param payload the payload, as UTF-8
	 * @return the message
	 * @throws IllegalArgumentException if the topic name is none
	 */
	public static MqttMessage of(String topic, String payload) {
		return of(topic, payload.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Create a message of QoS 1, not retained.
	 * @param topic the topic name
	 * @param payload the payload; not copied
	 * @return the message
	 * @throws IllegalArgumentException if the topic name is none
	 */
	public static MqttMessage of(String topic, byte[] payload) {
		return new MqttMessage(topic, MqttTopics.checkName(topic), payload, MqttQos.AT_LEAST_ONCE, false, false,
				MqttMessageProperties.NONE);
	}

	/**
	 * Start a message that says more than topic and payload.
	 * @param topic the topic name
	 * @return a builder of a message of QoS 1, not retained, with an empty payload
	 */
	public static Builder builder(String topic) {
		return new Builder(topic);
	}

	/**
	 * Create a message as it arrives from a broker. Also for the tests of handlers.
	 * @param topic the topic name; not checked before the message is published
	 * @param payload the payload; not copied
	 * @param qos the QoS it was delivered with
	 * @param retained whether the broker had kept it
	 * @param duplicate whether the broker may have sent it before
	 * @param properties what else it carries
	 * @return the message
	 */
	public static MqttMessage received(String topic, byte[] payload, MqttQos qos, boolean retained, boolean duplicate,
			MqttMessageProperties properties) {
		return new MqttMessage(topic, 0, payload, qos, retained, duplicate, properties);
	}

	/**
	 * Return the topic name.
	 * @return 1 to 65,535 bytes in UTF-8
	 */
	public String topic() {
		return this.topic;
	}

	/**
	 * Return how many bytes the topic name takes in UTF-8.
	 * @return 1 to 65,535
	 * @throws IllegalArgumentException if the topic name is none
	 */
	public int topicLength() {
		int length = this.topicLength;
		if (length == 0) {
			length = MqttTopics.checkName(this.topic);
			this.topicLength = length;
		}
		return length;
	}

	/**
	 * Return the payload itself, not a copy.
	 * @return the bytes
	 */
	public byte[] payload() {
		return this.payload;
	}

	/**
	 * Return the payload as text.
	 * @return the payload read as UTF-8
	 */
	public String payloadAsString() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	/**
	 * Return the QoS to publish with, or that the message was delivered with.
	 * @return the QoS
	 */
	public MqttQos qos() {
		return this.qos;
	}

	/**
	 * Return the RETAIN flag (MQTT 5.0 §3.3.1.3).
	 * @return whether the broker is to keep the message, or had kept it
	 */
	public boolean retained() {
		return this.retained;
	}

	/**
	 * Return the DUP flag (MQTT 5.0 §3.3.1.1). That it is not set does not say that the
	 * message was not delivered before.
	 * @return whether the broker may have sent the message before
	 */
	public boolean duplicate() {
		return this.duplicate;
	}

	/**
	 * Return what the message carries beside its payload.
	 * @return the properties, {@link MqttMessageProperties#NONE} on 3.1.1
	 */
	public MqttMessageProperties properties() {
		return this.properties;
	}

	/**
	 * Return topic, QoS, size and flags, without the payload.
	 */
	@Override
	public String toString() {
		return "MqttMessage[topic=%s, qos=%d, %d bytes%s%s]".formatted(this.topic, this.qos.level(),
				this.payload.length, this.retained ? ", retained" : "", this.duplicate ? ", duplicate" : "");
	}

	/**
	 * Builds a message. Not thread-safe.
	 */
	public static final class Builder {

		private final String topic;

		private byte[] payload = EMPTY;

		private MqttQos qos = MqttQos.AT_LEAST_ONCE;

		private boolean retained;

		private boolean utf8;

		private @Nullable Duration messageExpiry;

		private @Nullable String contentType;

		private @Nullable String responseTopic;

		private byte @Nullable [] correlationData;

		private List<MqttUserProperty> userProperties = List.of();

		private Builder(String topic) {
			this.topic = Objects.requireNonNull(topic, "topic");
		}

		/**
		 * Set the payload.
		 * @param payload the bytes; not copied (default: none)
		 * @return this builder
		 */
		public Builder payload(byte[] payload) {
			this.payload = Objects.requireNonNull(payload, "payload");
			return this;
		}

		/**
		 * Set the payload as text, and say that it is text (MQTT 5.0 §3.3.2.3.2).
		 * @param payload the text, sent as UTF-8
		 * @return this builder
		 */
		public Builder payload(String payload) {
			this.utf8 = true;
			return payload(payload.getBytes(StandardCharsets.UTF_8));
		}

		/**
		 * Set the QoS.
		 * @param qos the QoS (default: {@link MqttQos#AT_LEAST_ONCE})
		 * @return this builder
		 */
		public Builder qos(MqttQos qos) {
			this.qos = Objects.requireNonNull(qos, "qos");
			return this;
		}

		/**
		 * Set whether the broker keeps the message for later subscribers (MQTT 5.0
		 * §3.3.1.3).
		 * @param retained whether to keep it (default: {@code false})
		 * @return this builder
		 */
		public Builder retained(boolean retained) {
			this.retained = retained;
			return this;
		}

		/**
		 * Set whether the payload is said to be text (MQTT 5.0 §3.3.2.3.2).
		 * @param utf8 whether it is UTF-8
		 * @return this builder
		 */
		public Builder utf8(boolean utf8) {
			this.utf8 = utf8;
			return this;
		}

		/**
		 * Set for how long the message is worth delivering (MQTT 5.0 §3.3.2.3.3). It
		 * limits the time in the outgoing queue too, on 3.1.1 as well.
		 * @param messageExpiry whole seconds, or {@code null} for ever (default)
		 * @return this builder
		 */
		public Builder messageExpiry(@Nullable Duration messageExpiry) {
			this.messageExpiry = messageExpiry;
			return this;
		}

		/**
		 * Set what the payload is (MQTT 5.0 §3.3.2.3.9).
		 * @param contentType usually a MIME type, or {@code null} (default)
		 * @return this builder
		 */
		public Builder contentType(@Nullable String contentType) {
			this.contentType = contentType;
			return this;
		}

		/**
		 * Set where an answer is awaited (MQTT 5.0 §3.3.2.3.5).
		 * @param responseTopic a topic name, or {@code null} (default)
		 * @return this builder
		 */
		public Builder responseTopic(@Nullable String responseTopic) {
			this.responseTopic = responseTopic;
			return this;
		}

		/**
		 * Set what an answer has to carry (MQTT 5.0 §3.3.2.3.6).
		 * @param correlationData at most 65,535 bytes, not copied, or {@code null}
		 * (default)
		 * @return this builder
		 */
		public Builder correlationData(byte @Nullable [] correlationData) {
			this.correlationData = correlationData;
			return this;
		}

		/**
		 * Add a user property (MQTT 5.0 §3.3.2.3.7).
		 * @param name its name
		 * @param value its value
		 * @return this builder
		 */
		public Builder userProperty(String name, String value) {
			if (this.userProperties.isEmpty()) {
				this.userProperties = new ArrayList<>();
			}
			this.userProperties.add(new MqttUserProperty(name, value));
			return this;
		}

		/**
		 * Build the message.
		 * @return the message
		 * @throws IllegalArgumentException if the topic name or a property is not allowed
		 */
		public MqttMessage build() {
			boolean plain = !this.utf8 && this.messageExpiry == null && this.contentType == null
					&& this.responseTopic == null && this.correlationData == null && this.userProperties.isEmpty();
			MqttMessageProperties properties = plain ? MqttMessageProperties.NONE
					: new MqttMessageProperties(this.utf8, this.messageExpiry, this.contentType, this.responseTopic,
							this.correlationData, this.userProperties, List.of());
			return new MqttMessage(this.topic, MqttTopics.checkName(this.topic), this.payload, this.qos, this.retained,
					false, properties);
		}

	}

}
