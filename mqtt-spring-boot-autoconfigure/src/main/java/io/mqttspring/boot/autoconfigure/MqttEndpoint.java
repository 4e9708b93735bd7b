package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientStatus;

/**
 * {@link Endpoint @Endpoint} that shows where the MQTT clients stand: their connections,
 * and what is in flight.
 */
@Endpoint(id = "mqtt")
public class MqttEndpoint {

	private final Map<String, MqttClient> clients;

	/**
	 * Create a new endpoint.
	 * @param clients the clients by name
	 */
	public MqttEndpoint(Map<String, MqttClient> clients) {
		this.clients = clients;
	}

	/**
	 * Show all clients.
	 * @return where they stand, by name
	 */
	@ReadOperation
	public ClientsDescriptor clients() {
		Map<String, ClientDescriptor> descriptors = new LinkedHashMap<>();
		this.clients.forEach((name, client) -> descriptors.put(name, ClientDescriptor.of(client.status())));
		return new ClientsDescriptor(descriptors);
	}

	/**
	 * Show one client.
	 * @param client the client's name
	 * @return where it stands, or {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable ClientDescriptor client(@Selector String client) {
		MqttClient found = this.clients.get(client);
		return (found != null) ? ClientDescriptor.of(found.status()) : null;
	}

	/**
	 * All clients.
	 *
	 * @param clients where they stand, by name
	 */
	public record ClientsDescriptor(Map<String, ClientDescriptor> clients) implements OperationResponseBody {
	}

	/**
	 * Where a client stands.
	 *
	 * @param state connected or not
	 * @param uri the address, without user info
	 * @param clientId the client id
	 * @param version the version spoken, or that will be tried next
	 * @param since when {@code state} began
	 * @param sessionPresent whether the broker had kept the session
	 * @param attempts attempts to connect since the last connection
	 * @param lastError why the last connection was lost or attempt failed
	 * @param server what the broker told of itself, while connected
	 * @param inFlight what is under way
	 * @param queue what waits to be sent
	 * @param subscriptions all subscriptions, by filter
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ClientDescriptor(String state, String uri, String clientId, String version, Instant since,
			boolean sessionPresent, int attempts, @Nullable String lastError, @Nullable ServerDescriptor server,
			InFlightDescriptor inFlight, QueueDescriptor queue,
			List<SubscriptionDescriptor> subscriptions) implements OperationResponseBody {

		static ClientDescriptor of(MqttClientStatus status) {
			MqttClientStatus.Server server = status.server();
			return new ClientDescriptor(status.state().name(), status.uri(), status.clientId(),
					status.version().toString(), status.since(), status.sessionPresent(), status.attempts(),
					status.lastError(), (server != null) ? ServerDescriptor.of(server) : null,
					InFlightDescriptor.of(status.inFlight()),
					new QueueDescriptor(status.queue().messages(), status.queue().bytes()),
					status.subscriptions()
						.stream()
						.map(SubscriptionDescriptor::of)
						.sorted(Comparator.comparing(SubscriptionDescriptor::filter))
						.toList());
		}

	}

	/**
	 * What the broker told of itself.
	 *
	 * @param receiveMaximum messages of QoS 1 and 2 it takes ahead of its
	 * acknowledgements
	 * @param maximumQos the highest QoS it takes
	 * @param maximumPacketSize bytes of the largest packet it takes
	 * @param topicAliasMaximum topic aliases it takes
	 * @param keepAlive the interval in force
	 */
	public record ServerDescriptor(int receiveMaximum, int maximumQos, long maximumPacketSize, int topicAliasMaximum,
			Duration keepAlive) {

		static ServerDescriptor of(MqttClientStatus.Server server) {
			return new ServerDescriptor(server.receiveMaximum(), server.maximumQos().level(),
					server.maximumPacketSize(), server.topicAliasMaximum(), server.keepAlive());
		}

	}

	/**
	 * Messages of QoS 1 and 2 under way.
	 *
	 * @param outbound those that this client sends
	 * @param inbound those that it receives
	 * @param oldest how long ago the oldest outbound one was handed to the client
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record InFlightDescriptor(OutboundDescriptor outbound, InboundDescriptor inbound,
			@Nullable Duration oldest) {

		static InFlightDescriptor of(MqttClientStatus.InFlight inFlight) {
			return new InFlightDescriptor(
					new OutboundDescriptor(new OutboundQos1(inFlight.awaitingPuback()),
							new OutboundQos2(inFlight.awaitingPubrec(), inFlight.awaitingPubcomp())),
					new InboundDescriptor(new InboundQos1(inFlight.qos1AwaitingHandler()),
							new InboundQos2(inFlight.qos2AwaitingHandler(), inFlight.qos2AwaitingPubrel())),
					inFlight.oldest());
		}

	}

	/**
	 * Outbound messages under way.
	 *
	 * @param qos1 those of QoS 1
	 * @param qos2 those of QoS 2
	 */
	public record OutboundDescriptor(OutboundQos1 qos1, OutboundQos2 qos2) {
	}

	/**
	 * Outbound messages of QoS 1.
	 *
	 * @param awaitingPuback sent
	 */
	public record OutboundQos1(int awaitingPuback) {
	}

	/**
	 * Outbound messages of QoS 2.
	 *
	 * @param awaitingPubrec sent
	 * @param awaitingPubcomp released
	 */
	public record OutboundQos2(int awaitingPubrec, int awaitingPubcomp) {
	}

	/**
	 * Inbound messages under way.
	 *
	 * @param qos1 those of QoS 1
	 * @param qos2 those of QoS 2
	 */
	public record InboundDescriptor(InboundQos1 qos1, InboundQos2 qos2) {
	}

	/**
	 * Inbound messages of QoS 1.
	 *
	 * @param awaitingHandler arrived and not acknowledged yet
	 */
	public record InboundQos1(int awaitingHandler) {
	}

	/**
	 * Inbound messages of QoS 2.
	 *
	 * @param awaitingHandler arrived and not acknowledged yet
	 * @param awaitingPubrel acknowledged and not released yet
	 */
	public record InboundQos2(int awaitingHandler, int awaitingPubrel) {
	}

	/**
	 * The outgoing queue.
	 *
	 * @param messages how many wait to be sent
	 * @param bytes of their topics and payloads
	 */
	public record QueueDescriptor(int messages, long bytes) {
	}

	/**
	 * A topic filter and its listeners.
	 *
	 * @param filter the topic filter
	 * @param qos the QoS asked for
	 * @param grantedQos the QoS granted, if it was
	 * @param listeners the names of the listeners
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record SubscriptionDescriptor(String filter, int qos, @Nullable Integer grantedQos, List<String> listeners) {

		static SubscriptionDescriptor of(MqttClientStatus.SubscriptionStatus subscription) {
			Integer granted = (subscription.grantedQos() != null) ? subscription.grantedQos().level() : null;
			return new SubscriptionDescriptor(subscription.filter(), subscription.qos().level(), granted,
					subscription.listeners());
		}

	}

}
