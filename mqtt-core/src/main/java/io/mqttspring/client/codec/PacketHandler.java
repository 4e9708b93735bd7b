package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;

/**
 * Takes what a {@link PacketDecoder} has decoded, one call for each packet. On 3.1.1,
 * acknowledgements come with {@link MqttReasonCode#SUCCESS} and nothing else.
 */
public interface PacketHandler {

	/**
	 * CONNACK (MQTT 5.0 §3.2).
	 * @param connAck what it says
	 */
	void onConnAck(ConnAck connAck);

	/**
	 * PUBLISH (MQTT 5.0 §3.3).
	 * @param message the message
	 * @param packetId 1 to 65,535, or 0 for QoS 0
	 */
	void onPublish(MqttMessage message, int packetId);

	/**
	 * PUBACK (MQTT 5.0 §3.4).
	 * @param packetId 1 to 65,535
	 * @param reason how it went
	 * @param properties what else it says
	 */
	void onPubAck(int packetId, MqttReasonCode reason, ReasonProperties properties);

	/**
	 * PUBREC (MQTT 5.0 §3.5).
	 * @param packetId 1 to 65,535
	 * @param reason how it went
	 * @param properties what else it says
	 */
	void onPubRec(int packetId, MqttReasonCode reason, ReasonProperties properties);

	/**
	 * PUBREL (MQTT 5.0 §3.6).
	 * @param packetId 1 to 65,535
	 * @param reason how it went
	 * @param properties what else it says
	 */
	void onPubRel(int packetId, MqttReasonCode reason, ReasonProperties properties);

	/**
	 * PUBCOMP (MQTT 5.0 §3.7).
	 * @param packetId 1 to 65,535
	 * @param reason how it went
	 * @param properties what else it says
	 */
	void onPubComp(int packetId, MqttReasonCode reason, ReasonProperties properties);

	/**
	 * SUBACK (MQTT 5.0 §3.9).
	 * @param packetId 1 to 65,535
	 * @param reasons one for each filter
	 * @param properties what else it says
	 */
	void onSubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties);

	/**
	 * UNSUBACK (MQTT 5.0 §3.11).
	 * @param packetId 1 to 65,535
	 * @param reasons one for each filter; none on 3.1.1
	 * @param properties what else it says
	 */
	void onUnsubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties);

	/**
	 * PINGRESP (MQTT 5.0 §3.13).
	 */
	void onPingResp();

	/**
	 * DISCONNECT (MQTT 5.0 §3.14).
	 * @param reason why
	 * @param properties what else it says
	 * @param serverReference another broker to use, or {@code null}
	 */
	void onDisconnect(MqttReasonCode reason, ReasonProperties properties, @Nullable String serverReference);

	/**
	 * AUTH (MQTT 5.0 §3.15).
	 * @param reason what is to come
	 * @param method the authentication method, or {@code null}
	 * @param data the method's own data, or {@code null}
	 * @param properties what else it says
	 */
	void onAuth(MqttReasonCode reason, @Nullable String method, byte @Nullable [] data, ReasonProperties properties);

}
