package io.mqttspring.listener;

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;

import io.mqttspring.client.MqttMessageHandler;
import io.mqttspring.client.MqttQos;
import io.mqttspring.core.MqttTopicTemplate;

/**
 * What is to be subscribed to, and what takes the messages: the description that an
 * {@link MqttListenerContainerFactory} makes a container from. What is not set is as the
 * factory says. Immutable.
 */
public final class MqttListenerEndpoint {

	private final String id;

	private final List<String> topics;

	private final Target target;

	private final String origin;

	private final String client;

	private final @Nullable MqttQos qos;

	private final @Nullable Integer concurrency;

	private final @Nullable Boolean autoStartup;

	private MqttListenerEndpoint(String id, List<String> topics, Target target, String origin, String client,
			@Nullable MqttQos qos, @Nullable Integer concurrency, @Nullable Boolean autoStartup) {
		this.id = id;
		this.topics = topics;
		this.target = target;
		this.origin = origin;
		this.client = client;
		this.qos = qos;
		this.concurrency = concurrency;
		this.autoStartup = autoStartup;
	}

	/**
	 * Create an endpoint whose messages are taken as they arrive.
	 * @param id the id of the container
	 * @param topics topic filters; their levels can have names
	 * @param handler takes the messages
	 * @return the endpoint
	 */
	public static MqttListenerEndpoint of(String id, List<String> topics, MqttMessageHandler handler) {
		return create(id, topics, (topic, methods) -> handler, "listener '%s'".formatted(id));
	}

	/**
	 * Create an endpoint whose messages are taken by a method with flexible arguments.
	 * @param id the id of the container
	 * @param topics topic filters; their levels can have names
	 * @param bean the object to call the method on
	 * @param method the method
	 * @return the endpoint
	 */
	public static MqttListenerEndpoint ofMethod(String id, List<String> topics, Object bean, Method method) {
		String origin = "@MqttSubscribe on %s.%s".formatted(AopUtils.getTargetClass(bean).getSimpleName(),
				method.getName());
		return create(id, topics, (topic, methods) -> methods.create(bean, method, topic, origin), origin);
	}

	private static MqttListenerEndpoint create(String id, List<String> topics, Target target, String origin) {
		if (id.isBlank()) {
			throw new InvalidMqttListenerException("The id of %s is blank: it names the container".formatted(origin),
					null);
		}
		if (topics.isEmpty()) {
			throw new InvalidMqttListenerException("No topic filter (%s): name at least one".formatted(origin), null);
		}
		return new MqttListenerEndpoint(id, List.copyOf(topics), target, origin, "", null, null, null);
	}

	/**
	 * Return this endpoint with another client.
	 * @param client the name of the client, blank for the primary one (default)
	 * @return a new endpoint
	 */
	public MqttListenerEndpoint withClient(String client) {
		return new MqttListenerEndpoint(this.id, this.topics, this.target, this.origin, client, this.qos,
				this.concurrency, this.autoStartup);
	}

	/**
	 * Return this endpoint with another maximum QoS.
	 * @param qos the QoS, or {@code null} for the factory's (default)
	 * @return a new endpoint
	 */
	public MqttListenerEndpoint withQos(@Nullable MqttQos qos) {
		return new MqttListenerEndpoint(this.id, this.topics, this.target, this.origin, this.client, qos,
				this.concurrency, this.autoStartup);
	}

	/**
	 * Return this endpoint with another number of lanes.
	 * @param concurrency how many messages may be handled at a time, 1 to 1,024, or
	 * {@code null} for the factory's (default)
	 * @return a new endpoint
	 */
	public MqttListenerEndpoint withConcurrency(@Nullable Integer concurrency) {
		return new MqttListenerEndpoint(this.id, this.topics, this.target, this.origin, this.client, this.qos,
				concurrency, this.autoStartup);
	}

	/**
	 * Return this endpoint with another start.
	 * @param autoStartup whether the registry starts it, or {@code null} for the
	 * factory's (default)
	 * @return a new endpoint
	 */
	public MqttListenerEndpoint withAutoStartup(@Nullable Boolean autoStartup) {
		return new MqttListenerEndpoint(this.id, this.topics, this.target, this.origin, this.client, this.qos,
				this.concurrency, autoStartup);
	}

	/**
	 * Return the id of the container.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return what is to be subscribed to.
	 * @return topic filters as they were given; an unmodifiable list
	 */
	public List<String> topics() {
		return this.topics;
	}

	/**
	 * Return the name of the client.
	 * @return the name, blank for the primary one
	 */
	public String client() {
		return this.client;
	}

	/**
	 * Return the maximum QoS.
	 * @return the QoS, or {@code null} for the factory's
	 */
	public @Nullable MqttQos qos() {
		return this.qos;
	}

	/**
	 * Return the number of lanes.
	 * @return how many messages may be handled at a time, or {@code null} for the
	 * factory's
	 */
	public @Nullable Integer concurrency() {
		return this.concurrency;
	}

	/**
	 * Return whether the registry starts it.
	 * @return whether it does, or {@code null} for the factory's
	 */
	public @Nullable Boolean autoStartup() {
		return this.autoStartup;
	}

	/**
	 * Return where this comes from, for messages to the developer.
	 * @return a phrase such as {@code @MqttSubscribe on FleetHandlers.telemetry}
	 */
	@Override
	public String toString() {
		return this.origin;
	}

	MqttMessageHandler handlerFor(MqttTopicTemplate topic, HandlerMethods methods) {
		return this.target.handlerFor(topic, methods);
	}

	/**
	 * Makes the handler for the messages of one topic filter.
	 */
	@FunctionalInterface
	private interface Target {

		MqttMessageHandler handlerFor(MqttTopicTemplate topic, HandlerMethods methods);

	}

}
