package io.mqttspring.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a client stands, at one instant.
 *
 * @param name the client's name
 * @param state connected or not
 * @param uri the address, of the connection or of the last attempt, without user info
 * @param clientId the client id, as given or as the broker assigned it
 * @param version the version spoken, or that will be tried next
 * @param since when {@code state} began
 * @param sessionPresent whether the broker had kept the session at the last connection
 * @param attempts attempts to connect since the last connection
 * @param lastError why the last connection was lost or attempt failed, or {@code null}
 * after a connection is made
 * @param server what the broker told of itself, or {@code null} while not connected
 * @param inFlight what is under way
 * @param queue what waits to be sent
 * @param subscriptions all subscriptions
 */
public record MqttClientStatus(String name, MqttClientState state, String uri, String clientId, MqttVersion version,
		Instant since, boolean sessionPresent, int attempts, @Nullable String lastError, @Nullable Server server,
		InFlight inFlight, Queue queue, List<SubscriptionStatus> subscriptions) {

	/**
	 * What CONNACK told of the broker (MQTT 5.0 §3.2.2.3); on 3.1.1 what holds there.
	 *
	 * @param receiveMaximum messages of QoS 1 and 2 it takes ahead of its
	 * acknowledgements
	 * @param maximumQos the highest QoS it takes
	 * @param retainAvailable whether it keeps retained messages
	 * @param maximumPacketSize bytes of the largest packet it takes
	 * @param topicAliasMaximum topic aliases it takes
	 * @param keepAlive the interval in force
	 */
	public record Server(int receiveMaximum, MqttQos maximumQos, boolean retainAvailable, long maximumPacketSize,
			int topicAliasMaximum, Duration keepAlive) {
	}

	/**
	 * Messages of QoS 1 and 2 under way, by what each waits for.
	 *
	 * @param awaitingPuback QoS 1, sent
	 * @param awaitingPubrec QoS 2, sent
	 * @param awaitingPubcomp QoS 2, released
	 * @param qos1AwaitingHandler QoS 1, arrived and not acknowledged yet
	 * @param qos2AwaitingHandler QoS 2, arrived and not acknowledged yet
	 * @param qos2AwaitingPubrel QoS 2, acknowledged and not released yet
	 * @param oldest how long ago the oldest outbound one was handed to the client, or
	 * {@code null} if there is none
	 */
	public record InFlight(int awaitingPuback, int awaitingPubrec, int awaitingPubcomp, int qos1AwaitingHandler,
			int qos2AwaitingHandler, int qos2AwaitingPubrel, @Nullable Duration oldest) {
	}

	/**
	 * The outgoing queue.
	 *
	 * @param messages how many wait to be sent
	 * @param bytes of their topics and payloads
	 */
	public record Queue(int messages, long bytes) {
	}

	/**
	 * A topic filter and its handlers.
	 *
	 * @param filter the topic filter
	 * @param qos the QoS asked for
	 * @param grantedQos the QoS granted, or {@code null} if there is no answer or it was
	 * refused
	 * @param refused why the broker refused it, or {@code null}
	 * @param listeners the names of the handlers
	 */
	public record SubscriptionStatus(String filter, MqttQos qos, @Nullable MqttQos grantedQos,
			@Nullable MqttReasonCode refused, List<String> listeners) {
	}

}
