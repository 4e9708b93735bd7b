package io.mqttspring.client.codec;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttCredentials;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttWill;

/**
 * A CONNECT (MQTT 5.0 §3.1). What 3.1.1 has no place for is left out there.
 *
 * @param clientId the client id, may be empty
 * @param cleanStart Clean Start, or Clean Session on 3.1.1
 * @param keepAlive seconds, 0 to 65,535
 * @param credentials user name and password
 * @param will the will, or {@code null}
 * @param sessionExpiry seconds for which the session is kept, 0 to 4,294,967,295
 * @param receiveMaximum messages of QoS 1 and 2 taken ahead of acknowledgements, 1 to
 * 65,535
 * @param maximumPacketSize bytes of the largest packet taken
 * @param topicAliasMaximum topic aliases taken, 0 to 65,535
 * @param requestResponseInformation whether to ask for a base for response topics
 * @param requestProblemInformation whether reason strings and user properties may come
 * with any packet
 * @param userProperties user properties
 * @param authenticationMethod the authentication method, or {@code null}
 * @param authenticationData the method's own data, or {@code null}
 */
public record ConnectPacket(String clientId, boolean cleanStart, int keepAlive, MqttCredentials credentials,
		@Nullable MqttWill will, long sessionExpiry, int receiveMaximum, int maximumPacketSize, int topicAliasMaximum,
		boolean requestResponseInformation, boolean requestProblemInformation, List<MqttUserProperty> userProperties,
		@Nullable String authenticationMethod, byte @Nullable [] authenticationData) {
}
