package io.mqttspring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.Delivery;
import io.mqttspring.client.DeliveryCallback;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatistics;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageHandler;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttTopics;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.client.Subscription;
import io.mqttspring.client.Wait;

/**
 * A client without a broker: it keeps what is published, and a test delivers messages to
 * what has subscribed. Deliveries are acknowledged at once unless {@link #hold()} is
 * called. For one thread.
 */
public class FakeMqttClient implements MqttClient {

	public static final MqttClientStatus DISCONNECTED = new MqttClientStatus("default", MqttClientState.DISCONNECTED,
			"mqtt://localhost:1883", "fake", MqttVersion.MQTT_5, Instant.EPOCH, false, 0, null, null,
			new MqttClientStatus.InFlight(0, 0, 0, 0, 0, 0, null), new MqttClientStatus.Queue(0, 0), List.of());

	public static final MqttClientStatistics NOTHING_DONE = new MqttClientStatistics(0, Map.of(), Map.of(), Map.of(), 0,
			Map.of(), Map.of(), 0, Map.of(), 0, 0, 0, 0);

	private final String name;

	private final List<String> events = new ArrayList<>();

	private final List<Published> published = new ArrayList<>();

	private final List<FakeSubscription> subscriptions = new CopyOnWriteArrayList<>();

	private final List<MqttClientListener> listeners = new CopyOnWriteArrayList<>();

	private MqttClientStatus status = DISCONNECTED;

	private MqttClientStatistics statistics = NOTHING_DONE;

	private boolean holding;

	private @Nullable MqttException failure;

	public FakeMqttClient() {
		this("default");
	}

	public FakeMqttClient(String name) {
		this.name = name;
	}

	/**
	 * Return what was called, in order, as {@code subscribe fleet/+} or {@code start}.
	 */
	public List<String> events() {
		return List.copyOf(this.events);
	}

	public List<Published> published() {
		return List.copyOf(this.published);
	}

	public Published onlyPublished() {
		if (this.published.size() != 1) {
			throw new AssertionError("Published: " + this.published);
		}
		return this.published.get(0);
	}

	public List<SubscribeOptions> subscribed() {
		return this.subscriptions.stream().map(FakeSubscription::options).toList();
	}

	public List<MqttClientListener> listeners() {
		return List.copyOf(this.listeners);
	}

	/**
	 * Leave deliveries without an acknowledgement.
	 */
	public void hold() {
		this.holding = true;
	}

	/**
	 * Throw from publish, as for a full queue.
	 */
	public void failWith(MqttException failure) {
		this.failure = failure;
	}

	public void status(MqttClientStatus status) {
		this.status = status;
	}

	public void statistics(MqttClientStatistics statistics) {
		this.statistics = statistics;
	}

	/**
	 * Deliver a message of QoS 1 to all handlers whose filter matches.
	 * @return how many there are
	 */
	public int deliver(String topic, String payload) throws Exception {
		return deliver(MqttMessage.received(topic, MqttMessage.of(topic, payload).payload(), MqttQos.AT_LEAST_ONCE,
				false, false, MqttMessageProperties.NONE));
	}

	/**
	 * Deliver a message to all handlers whose filter matches.
	 * @return how many there are
	 */
	public int deliver(MqttMessage message) throws Exception {
		List<FakeSubscription> matching = this.subscriptions.stream()
			.filter((subscription) -> matches(subscription.options.filter(), message.topic()))
			.toList();
		for (FakeSubscription subscription : matching) {
			subscription.handler.handle(message);
		}
		return matching.size();
	}

	private static boolean matches(String filter, String topic) {
		Iterator<String> levels = List.of(topic.split("/", -1)).iterator();
		for (String level : MqttTopics.withoutShare(filter).split("/", -1)) {
			if (level.equals("#")) {
				return true;
			}
			if (!levels.hasNext()) {
				return false;
			}
			String actual = levels.next();
			if (!level.equals("+") && !level.equals(actual)) {
				return false;
			}
		}
		return !levels.hasNext();
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void connect() {
		this.events.add("connect");
	}

	@Override
	public CompletableFuture<Void> connectAsync() {
		this.events.add("connect");
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void start() {
		this.events.add("start");
	}

	@Override
	public Delivery publish(MqttMessage message) {
		return publish(message, Wait.NONE);
	}

	@Override
	public Delivery publish(MqttMessage message, Wait wait) {
		if (this.failure != null) {
			throw this.failure;
		}
		FakeDelivery delivery = new FakeDelivery(message);
		this.published.add(new Published(message, wait, delivery));
		if (!this.holding) {
			delivery.acknowledge(MqttReasonCode.SUCCESS);
		}
		return delivery;
	}

	@Override
	public Delivery publish(MqttMessage message, DeliveryCallback callback) {
		Delivery delivery = publish(message, Wait.NONE);
		delivery.acknowledged().whenComplete((done, failure) -> callback.done(delivery));
		return delivery;
	}

	@Override
	public Subscription subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		return add(options, handler);
	}

	@Override
	public CompletableFuture<Subscription> subscribeAsync(SubscribeOptions options, MqttMessageHandler handler) {
		return CompletableFuture.completedFuture(add(options, handler));
	}

	@Override
	public Subscription register(SubscribeOptions options, MqttMessageHandler handler) {
		return add(options, handler);
	}

	private FakeSubscription add(SubscribeOptions options, MqttMessageHandler handler) {
		this.events.add("subscribe " + options.filter());
		FakeSubscription subscription = new FakeSubscription(options, handler);
		this.subscriptions.add(subscription);
		return subscription;
	}

	@Override
	public void unsubscribe(String filter) {
		unsubscribeAsync(filter);
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync(String filter) {
		this.subscriptions.stream()
			.filter((subscription) -> subscription.options.filter().equals(filter))
			.forEach(FakeSubscription::unsubscribe);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public Duration ping() {
		return Duration.ofMillis(1);
	}

	@Override
	public void disconnect() {
		this.events.add("disconnect");
	}

	@Override
	public void close() {
		this.events.add("close");
	}

	@Override
	public MqttClientStatus status() {
		return this.status;
	}

	@Override
	public MqttClientStatistics statistics() {
		return this.statistics;
	}

	@Override
	public void addListener(MqttClientListener listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(MqttClientListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * What was given to publish.
	 */
	public record Published(MqttMessage message, Wait waitFor, FakeDelivery delivery) {

		public String payload() {
			return this.message.payloadAsString();
		}

	}

	/**
	 * A delivery that ends when a test says so.
	 */
	public static final class FakeDelivery implements Delivery {

		private final MqttMessage message;

		private final CompletableFuture<Delivery> acknowledged = new CompletableFuture<>();

		private final List<String> waits = new ArrayList<>();

		private @Nullable MqttReasonCode reasonCode;

		private @Nullable MqttException failure;

		FakeDelivery(MqttMessage message) {
			this.message = message;
		}

		public void acknowledge(MqttReasonCode reasonCode) {
			this.reasonCode = (this.message.qos() != MqttQos.AT_MOST_ONCE) ? reasonCode : null;
			this.acknowledged.complete(this);
		}

		public void fail(MqttException failure) {
			this.failure = failure;
			this.acknowledged.completeExceptionally(failure);
		}

		/**
		 * Return what was waited for, as {@code SENT PT1S}.
		 */
		public List<String> waits() {
			return this.waits;
		}

		@Override
		public MqttMessage message() {
			return this.message;
		}

		@Override
		public Delivery awaitSent(Duration timeout) {
			this.waits.add("SENT " + timeout);
			return this;
		}

		@Override
		public Delivery awaitAcknowledged(Duration timeout) {
			this.waits.add("ACKNOWLEDGED " + timeout);
			return this;
		}

		@Override
		public CompletableFuture<Delivery> acknowledged() {
			return this.acknowledged;
		}

		@Override
		public boolean isSent() {
			return true;
		}

		@Override
		public boolean isDone() {
			return this.acknowledged.isDone();
		}

		@Override
		public @Nullable MqttException failure() {
			return this.failure;
		}

		@Override
		public @Nullable MqttReasonCode reasonCode() {
			return this.reasonCode;
		}

	}

	private final class FakeSubscription implements Subscription {

		private final SubscribeOptions options;

		private final MqttMessageHandler handler;

		FakeSubscription(SubscribeOptions options, MqttMessageHandler handler) {
			this.options = options;
			this.handler = handler;
		}

		@Override
		public SubscribeOptions options() {
			return this.options;
		}

		@Override
		public @Nullable MqttQos grantedQos() {
			return this.options.qos();
		}

		@Override
		public void unsubscribe() {
			FakeMqttClient.this.events.add("unsubscribe " + this.options.filter());
			FakeMqttClient.this.subscriptions.remove(this);
		}

		@Override
		public CompletableFuture<Void> unsubscribeAsync() {
			unsubscribe();
			return CompletableFuture.completedFuture(null);
		}

	}

}
