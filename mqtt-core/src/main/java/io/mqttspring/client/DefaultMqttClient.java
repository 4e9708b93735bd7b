package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The one {@link MqttClient}: what waits is here, what is done is the connection's.
 */
final class DefaultMqttClient implements MqttClient {

	private final MqttClientOptions options;

	private final Connection connection;

	DefaultMqttClient(MqttClientOptions options) {
		this.options = options;
		this.connection = new Connection(this, options);
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public void connect() {
		// Bounded by the attempts: each address, in both versions
		Duration limit = this.options.connectTimeout().multipliedBy(2L * this.options.addresses().size() + 1);
		this.connection.connect()
			.await(limit, this.connection.beginWait(), () -> new MqttTimeoutException(
					"%s could not connect within %s; it goes on".formatted(this.connection, limit)));
	}

	@Override
	public CompletableFuture<Void> connectAsync() {
		return this.connection.connect().future();
	}

	@Override
	public void start() {
		this.connection.start();
	}

	@Override
	public Delivery publish(MqttMessage message) {
		return this.connection.publish(message, this.options.defaultWait(), null);
	}

	@Override
	public Delivery publish(MqttMessage message, Wait wait) {
		return this.connection.publish(message, wait, null);
	}

	@Override
	public Delivery publish(MqttMessage message, DeliveryCallback callback) {
		return this.connection.publish(message, Wait.NONE, callback);
	}

	@Override
	public Subscription subscribe(SubscribeOptions options, MqttMessageHandler handler) {
		Subscriber.Made made = this.connection.subscribe(options, handler);
		HandlerSubscription subscription = made.subscription();
		if (this.connection.isDisconnected()) {
			return subscription;
		}
		try {
			this.connection.subscriber().await(subscription.answered(), "SUBACK", options.filter());
			return subscription;
		}
		catch (MqttException ex) {
			takeBack(made);
			throw ex;
		}
	}

	@Override
	public CompletableFuture<Subscription> subscribeAsync(SubscribeOptions options, MqttMessageHandler handler) {
		Subscriber.Made made = this.connection.subscribe(options, handler);
		return made.subscription().answered().future().whenComplete((answered, failure) -> {
			if (failure != null) {
				takeBack(made);
			}
		});
	}

	// What was there before, by register say, is not this call's to end
	private static void takeBack(Subscriber.Made made) {
		if (made.isNew()) {
			made.subscription().unsubscribeAsync();
		}
	}

	@Override
	public Subscription register(SubscribeOptions options, MqttMessageHandler handler) {
		return this.connection.subscribe(options, handler).subscription();
	}

	@Override
	public void unsubscribe(String filter) {
		Subscriber subscriber = this.connection.subscriber();
		subscriber.unsubscribe(filter).forEach((ended) -> subscriber.await(ended, "UNSUBACK", filter));
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync(String filter) {
		CompletableFuture<Void> all = this.connection.newFuture();
		CompletableFuture
			.allOf(this.connection.subscriber()
				.unsubscribe(filter)
				.stream()
				.map(Pending::future)
				.toArray(CompletableFuture<?>[]::new))
			.whenComplete((done, failure) -> {
				if (failure != null) {
					all.completeExceptionally(failure);
				}
				else {
					all.complete(null);
				}
			});
		return all;
	}

	@Override
	public Duration ping() {
		return this.connection.ping();
	}

	@Override
	public void disconnect() {
		this.connection.disconnect();
	}

	@Override
	public void close() {
		this.connection.close();
	}

	@Override
	public MqttClientStatus status() {
		return this.connection.status();
	}

	@Override
	public MqttClientStatistics statistics() {
		return this.connection.statistics();
	}

	@Override
	public void addListener(MqttClientListener listener) {
		this.connection.listeners().add(listener);
	}

	@Override
	public void removeListener(MqttClientListener listener) {
		this.connection.listeners().remove(listener);
	}

	@Override
	public String toString() {
		return this.connection.toString();
	}

}
