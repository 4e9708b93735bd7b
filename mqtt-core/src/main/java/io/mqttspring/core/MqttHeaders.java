package io.mqttspring.core;

/**
 * Names of the message headers that stand for what an MQTT message carries beside its
 * payload. They are those of Spring Integration's MQTT module, so that handlers move over
 * as they are. The content type is in
 * {@link org.springframework.messaging.MessageHeaders#CONTENT_TYPE}.
 */
public final class MqttHeaders {

	/**
	 * What all names begin with.
	 */
	public static final String PREFIX = "mqtt_";

	/**
	 * QoS to publish with: 0, 1 or 2.
	 */
	public static final String QOS = PREFIX + "qos";

	/**
	 * Packet id. Not set by this project, where it belongs to the session.
	 */
	public static final String ID = PREFIX + "id";

	/**
	 * QoS that the message was delivered with: 0, 1 or 2.
	 */
	public static final String RECEIVED_QOS = PREFIX + "receivedQos";

	/**
	 * Whether the broker may have sent the message before.
	 */
	public static final String DUPLICATE = PREFIX + "duplicate";

	/**
	 * Whether the broker is to keep the message for later subscribers.
	 */
	public static final String RETAINED = PREFIX + "retained";

	/**
	 * Whether the broker had kept the message.
	 */
	public static final String RECEIVED_RETAINED = PREFIX + "receivedRetained";

	/**
	 * Topic to publish to.
	 */
	public static final String TOPIC = PREFIX + "topic";

	/**
	 * Topic that the message was published to.
	 */
	public static final String RECEIVED_TOPIC = PREFIX + "receivedTopic";

	/**
	 * For how many seconds the message is worth delivering; a {@code Long}.
	 */
	public static final String MESSAGE_EXPIRY_INTERVAL = PREFIX + "messageExpiryInterval";

	/**
	 * Topic alias. Not set by this project, where it belongs to the connection.
	 */
	public static final String TOPIC_ALIAS = PREFIX + "topicAlias";

	/**
	 * Where an answer is awaited.
	 */
	public static final String RESPONSE_TOPIC = PREFIX + "responseTopic";

	/**
	 * What the answer has to carry; a {@code byte[]}.
	 */
	public static final String CORRELATION_DATA = PREFIX + "correlationData";

	private MqttHeaders() {
	}

}
