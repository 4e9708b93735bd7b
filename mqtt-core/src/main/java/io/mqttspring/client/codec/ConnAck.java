package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttUserProperty;

/**
 * A CONNACK (MQTT 5.0 §3.2), with the defaults of the specification where it says
 * nothing.
 *
 * @param sessionPresent whether the broker had kept the session
 * @param reason accepted or why not; the return codes of 3.1.1 are told by those of 5.0
 * @param sessionExpiry seconds for which the session will be kept, or {@code null} for
 * what was asked
 * @param receiveMaximum messages of QoS 1 and 2 it takes ahead of its acknowledgements
 * @param maximumQos the highest QoS it takes
 * @param retainAvailable whether it keeps retained messages
 * @param maximumPacketSize bytes of the largest packet it takes
 * @param assignedClientId the client id that it gave, or {@code null}
 * @param topicAliasMaximum topic aliases it takes
 * @param reasonString its own words, or {@code null}
 * @param userProperties its user properties
 * @param wildcardAvailable whether it takes wildcards in filters
 * @param subscriptionIdentifiersAvailable whether it takes subscription identifiers
 * @param sharedAvailable whether it takes shared subscriptions
 * @param serverKeepAlive seconds of keep-alive that hold instead of ours, or {@code null}
 * @param responseInformation the base for response topics, or {@code null}
 * @param serverReference another broker to use, or {@code null}
 * @param authenticationMethod the authentication method, or {@code null}
 * @param authenticationData the method's own data, or {@code null}
 */
public record ConnAck(boolean sessionPresent, MqttReasonCode reason, @Nullable Long sessionExpiry, int receiveMaximum,
		MqttQos maximumQos, boolean retainAvailable, long maximumPacketSize, @Nullable String assignedClientId,
		int topicAliasMaximum, @Nullable String reasonString, List<MqttUserProperty> userProperties,
		boolean wildcardAvailable, boolean subscriptionIdentifiersAvailable, boolean sharedAvailable,
		@Nullable Integer serverKeepAlive, @Nullable String responseInformation, @Nullable String serverReference,
		@Nullable String authenticationMethod, byte @Nullable [] authenticationData) {

	/**
	 * The largest packet that there can be: four bytes of remaining length.
	 */
	public static final long LARGEST_PACKET = 268_435_455L + 5;

}
