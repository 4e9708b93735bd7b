package io.mqttspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A client of an MQTT broker. Blocking, as plain code reads best on a virtual thread;
 * each blocking call has a twin that returns a future or takes a callback. Thread-safe,
 * and meant to be shared: all methods may be called from anywhere, handlers and callbacks
 * included.
 * <p>
 * Messages can be published at any time: without a connection they wait in a bounded
 * queue. A lost connection is made again, and what was under way goes on.
 */
public interface MqttClient extends AutoCloseable {

	/**
	 * Start to build a client.
	 * @param uris the addresses, tried in turn: {@code mqtt://host:port} or
	 * {@code tcp://host:port}; the port may be left out (1883)
	 * @return a builder
	 * @throws IllegalArgumentException if an address is none
	 */
	static MqttClientBuilder builder(String... uris) {
		return new MqttClientBuilder(uris);
	}

	/**
	 * Return the name that stands for this client in logs, thread names and metrics.
	 * @return the name
	 */
	String name();

	/**
	 * Connect: try each address once, and wait for CONNACK. Does nothing when connected.
	 * @throws MqttConnectException if no address could be connected to; nothing goes on
	 * then (see {@link #start()})
	 * @throws MqttException if the client is closed, or the thread is interrupted
	 */
	void connect();

	/**
	 * Connect as {@link #connect()} does, without waiting.
	 * @return a future of the connection
	 */
	CompletableFuture<Void> connectAsync();

	/**
	 * Connect in the background, again and again as the {@link ReconnectOptions} say.
	 * Returns at once, and does nothing when connected or on the way.
	 * @throws MqttException if the client is closed
	 */
	void start();

	/**
	 * Publish a message and wait as the builder's {@code defaultWait} says: for nothing
	 * but room in the queue, unless set otherwise.
	 * @param message the message
	 * @return the delivery
	 * @throws MqttQueueFullException if the queue is full, by policy or after the timeout
	 * @throws MqttPublishException if it will not be delivered
	 * @throws MqttTimeoutException if the wait takes longer than
	 * {@link OutboundOptions#timeout()}; the message is not given up
	 * @throws MqttException if the client is closed, or the thread is interrupted
	 */
	Delivery publish(MqttMessage message);

	/**
	 * Publish a message and wait.
	 * @param message the message
	 * @param wait what to wait for
	 * @return the delivery
	 * @throws MqttQueueFullException if the queue is full, by policy or after the timeout
	 * @throws MqttPublishException if it will not be delivered
	 * @throws MqttTimeoutException if the wait takes longer than
	 * {@link OutboundOptions#timeout()}; the message is not given up
	 * @throws MqttException if the client is closed, or the thread is interrupted
	 */
	Delivery publish(MqttMessage message, Wait wait);

	/**
	 * Publish a message, wait for nothing but room in the queue, and be called when it is
	 * delivered or failed.
	 * @param message the message
	 * @param callback called once
	 * @return the delivery
	 * @throws MqttQueueFullException if the queue is full, by policy or after the timeout
	 * @throws MqttPublishException if there is no connection, and QoS 0 is to fail then
	 * @throws MqttException if the client is closed, or the thread is interrupted
	 */
	Delivery publish(MqttMessage message, DeliveryCallback callback);

	/**
	 * Subscribe, and wait for the broker's answer. Before the client is started this
	 * returns at once, and the subscription is made with the connection.
	 * @param filter the topic filter
	 * @param qos the maximum QoS
	 * @param handler takes the messages
	 * @return the subscription
	 * @throws IllegalArgumentException if the filter is none
	 * @throws MqttSubscribeException if the broker refuses it
	 * @throws MqttTimeoutException if there is no answer in time; the subscription is
	 * taken back
	 */
	default Subscription subscribe(String filter, MqttQos qos, MqttMessageHandler handler) {
		return subscribe(SubscribeOptions.of(filter, qos), handler);
	}

	/**
	 * Subscribe, and wait for the broker's answer. Before the client is started this
	 * returns at once, and the subscription is made with the connection. A subscription
	 * outlives lost connections; the same handler with the same options is subscribed
	 * once, however often this is called.
	 * @param options what to subscribe to, and how
	 * @param handler takes the messages
	 * @return the subscription
	 * @throws MqttSubscribeException if the broker refuses it
	 * @throws MqttTimeoutException if there is no answer in time; the subscription is
	 * taken back
	 */
	Subscription subscribe(SubscribeOptions options, MqttMessageHandler handler);

	/**
	 * Subscribe as {@link #subscribe(SubscribeOptions, MqttMessageHandler)} does, without
	 * waiting.
	 * @param options what to subscribe to, and how
	 * @param handler takes the messages
	 * @return a future of the subscription, not limited in time; it fails if the broker
	 * refuses, and the subscription is taken back
	 */
	CompletableFuture<Subscription> subscribeAsync(SubscribeOptions options, MqttMessageHandler handler);

	/**
	 * Subscribe for as long as this client lives, or until the subscription is ended: now
	 * or with the next connection and, should the broker refuse it, again with each later
	 * one. Returns at once. What the broker says is told to listeners and in the status.
	 * @param options what to subscribe to, and how
	 * @param handler takes the messages
	 * @return the subscription
	 * @throws MqttException if the client is closed
	 */
	Subscription register(SubscribeOptions options, MqttMessageHandler handler);

	/**
	 * End all subscriptions to a filter, and wait for the broker's answer.
	 * @param filter the topic filter, as it was subscribed to
	 * @throws MqttTimeoutException if there is no answer in time; the handlers are gone
	 * all the same
	 */
	void unsubscribe(String filter);

	/**
	 * End all subscriptions to a filter, without waiting.
	 * @param filter the topic filter, as it was subscribed to
	 * @return a future of the broker's answer
	 */
	CompletableFuture<Void> unsubscribeAsync(String filter);

	/**
	 * Ask the broker whether it is there (PINGREQ). Keep-alive does so by itself; this is
	 * for who wants to know now.
	 * @return the time to the answer
	 * @throws MqttException if there is no connection
	 * @throws MqttTimeoutException if there is no answer within the connect timeout
	 */
	Duration ping();

	/**
	 * Send DISCONNECT and close the connection. It is not made again before
	 * {@link #connect()} or {@link #start()}; what waits in the queue and is in flight is
	 * kept until then.
	 */
	void disconnect();

	/**
	 * Close this client for good: let handlers and publishes come to an end, send
	 * DISCONNECT, close the connection. Takes at most the shutdown timeout, and some
	 * seconds more for a broker that does not read, and logs what it had to leave. What
	 * is queued while there is no connection is not waited for. From inside a handler or
	 * callback it does not wait for handlers. A second call does nothing but wait for the
	 * first one.
	 */
	@Override
	void close();

	/**
	 * Return where this client stands.
	 * @return a snapshot
	 */
	MqttClientStatus status();

	/**
	 * Return what this client has done.
	 * @return a snapshot
	 */
	MqttClientStatistics statistics();

	/**
	 * Add a listener.
	 * @param listener told of all that happens from now on
	 */
	void addListener(MqttClientListener listener);

	/**
	 * Remove a listener.
	 * @param listener told no more
	 */
	void removeListener(MqttClientListener listener);

}
