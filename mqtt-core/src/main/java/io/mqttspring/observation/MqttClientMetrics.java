package io.mqttspring.observation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatistics;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttClientStatus.InFlight;
import io.mqttspring.client.MqttClientStatus.SubscriptionStatus;
import io.mqttspring.client.MqttConnectException;
import io.mqttspring.client.MqttDropCause;
import io.mqttspring.client.MqttQos;

/**
 * The meters of one client. They read what the client counts anyway, when they are asked:
 * a message costs nothing more because of them.
 */
public final class MqttClientMetrics implements MeterBinder {

	private static final String CONNECTS = "mqtt.client.connects";

	private final MqttClient client;

	private final Tags tags;

	/**
	 * Create the meters of a client.
	 * @param client the client, whose name they are tagged with
	 */
	public MqttClientMetrics(MqttClient client) {
		this.client = client;
		this.tags = Tags.of("client", client.name());
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		bindConnection(registry);
		bindMessages(registry);
		bindInFlight(registry);
		bindQueueAndHandlers(registry);
	}

	private void bindConnection(MeterRegistry registry) {
		status("mqtt.client.connected", "1 while there is a connection, else 0",
				(status) -> (status.state() == MqttClientState.CONNECTED) ? 1 : 0)
			.register(registry);
		counter(CONNECTS, "Attempts to connect", (statistics) -> statistics.connects())
			.tags("outcome", "success", "reason", "none")
			.register(registry);
		new FailureCounters(registry).listen();
	}

	private void bindMessages(MeterRegistry registry) {
		for (MqttQos qos : MqttQos.values()) {
			String level = String.valueOf(qos.level());
			counter("mqtt.client.published", "Messages given to be written, also again after a lost connection",
					(statistics) -> count(statistics.published(), qos))
				.tag("qos", level)
				.register(registry);
			counter("mqtt.client.received", "Messages arrived", (statistics) -> count(statistics.received(), qos))
				.tag("qos", level)
				.register(registry);
			FunctionTimer
				.builder("mqtt.client.acknowledged", this.client,
						(client) -> count(client.statistics().acknowledged(), qos),
						(client) -> client.statistics().acknowledgeTime().getOrDefault(qos, Duration.ZERO).toNanos(),
						TimeUnit.NANOSECONDS)
				.description("Time from publish to the end of a message that was delivered")
				.tags(this.tags)
				.tag("qos", level)
				.register(registry);
		}
		for (MqttDropCause cause : MqttDropCause.values()) {
			counter("mqtt.client.dropped", "Messages that went no further",
					(statistics) -> count(statistics.dropped(), cause))
				.tag("cause", cause.name())
				.register(registry);
		}
		counter("mqtt.client.dropped", "Messages that went no further", MqttClientStatistics::failed)
			.tag("cause", "REFUSED") // by the broker
			.register(registry);
		counter("mqtt.client.bytes", "Bytes on the socket", MqttClientStatistics::bytesOut).baseUnit(BaseUnits.BYTES)
			.tag("direction", "outbound")
			.register(registry);
		counter("mqtt.client.bytes", "Bytes on the socket", MqttClientStatistics::bytesIn).baseUnit(BaseUnits.BYTES)
			.tag("direction", "inbound")
			.register(registry);
	}

	private void bindInFlight(MeterRegistry registry) {
		inFlight(registry, "outbound", MqttQos.AT_LEAST_ONCE, "awaitingPuback", InFlight::awaitingPuback);
		inFlight(registry, "outbound", MqttQos.EXACTLY_ONCE, "awaitingPubrec", InFlight::awaitingPubrec);
		inFlight(registry, "outbound", MqttQos.EXACTLY_ONCE, "awaitingPubcomp", InFlight::awaitingPubcomp);
		inFlight(registry, "inbound", MqttQos.AT_LEAST_ONCE, "awaitingHandler", InFlight::qos1AwaitingHandler);
		inFlight(registry, "inbound", MqttQos.EXACTLY_ONCE, "awaitingHandler", InFlight::qos2AwaitingHandler);
		inFlight(registry, "inbound", MqttQos.EXACTLY_ONCE, "awaitingPubrel", InFlight::qos2AwaitingPubrel);
		TimeGauge
			.builder("mqtt.client.inflight.oldest", this.client, TimeUnit.NANOSECONDS,
					(client) -> nanos(client.status().inFlight()))
			.description("Age of the oldest published message of QoS 1 or 2 in flight")
			.tags(this.tags)
			.register(registry);
	}

	private void inFlight(MeterRegistry registry, String direction, MqttQos qos, String stage,
			ToIntFunction<InFlight> value) {
		status("mqtt.client.inflight", "Messages of QoS 1 and 2 under way, by what each waits for",
				(status) -> value.applyAsInt(status.inFlight()))
			.tags("direction", direction, "qos", String.valueOf(qos.level()), "stage", stage)
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
	}

	private static double nanos(InFlight inFlight) {
		Duration oldest = inFlight.oldest();
		return (oldest != null) ? oldest.toNanos() : 0;
	}

	private void bindQueueAndHandlers(MeterRegistry registry) {
		status("mqtt.client.queue.messages", "Messages that wait to be sent", (status) -> status.queue().messages())
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
		status("mqtt.client.queue.bytes", "Bytes of the messages that wait to be sent",
				(status) -> status.queue().bytes())
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		subscriptions(registry, "granted", (subscription) -> subscription.grantedQos() != null);
		subscriptions(registry, "refused", (subscription) -> subscription.refused() != null);
		subscriptions(registry, "pending",
				(subscription) -> subscription.grantedQos() == null && subscription.refused() == null);
		Gauge.builder("mqtt.listener.lanes.busy", this.client, (client) -> client.statistics().lanesBusy())
			.description("Lanes that run a handler now")
			.tags(this.tags)
			.register(registry);
	}

	private void subscriptions(MeterRegistry registry, String state, Predicate<SubscriptionStatus> isInState) {
		status("mqtt.client.subscriptions", "Topic filters, by what the broker said to them",
				(status) -> status.subscriptions().stream().filter(isInState).count())
			.tag("state", state)
			.register(registry);
	}

	private Gauge.Builder<MqttClient> status(String name, String description,
			ToDoubleFunction<MqttClientStatus> value) {
		return Gauge.builder(name, this.client, (client) -> value.applyAsDouble(client.status()))
			.description(description)
			.tags(this.tags);
	}

	private FunctionCounter.Builder<MqttClient> counter(String name, String description,
			ToLongFunction<MqttClientStatistics> value) {
		return FunctionCounter.builder(name, this.client, (client) -> value.applyAsLong(client.statistics()))
			.description(description)
			.tags(this.tags);
	}

	private static <K> long count(Map<K, Long> counts, K key) {
		return counts.getOrDefault(key, 0L);
	}

	/**
	 * The counters of attempts that failed, one for each reason from the first time it is
	 * seen.
	 */
	private final class FailureCounters implements MqttClientListener {

		private final MeterRegistry registry;

		private final Set<String> reasons = ConcurrentHashMap.newKeySet();

		FailureCounters(MeterRegistry registry) {
			this.registry = registry;
		}

		void listen() {
			MqttClientMetrics.this.client.addListener(this);
			registerNew();
		}

		@Override
		public void connectionFailed(MqttClient client, MqttConnectException cause, int attempt) {
			registerNew();
		}

		private void registerNew() {
			MqttClientMetrics.this.client.statistics().connectFailures().keySet().forEach((reason) -> {
				if (this.reasons.add(reason)) {
					counter(CONNECTS, "Attempts to connect",
							(statistics) -> count(statistics.connectFailures(), reason))
						.tags("outcome", "failure", "reason", reason)
						.register(this.registry);
				}
			});
		}

	}

}
