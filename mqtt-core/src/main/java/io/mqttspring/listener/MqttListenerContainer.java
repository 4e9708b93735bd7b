package io.mqttspring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.springframework.context.Lifecycle;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttMessageHandler;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.client.Subscription;

/**
 * The subscriptions of one endpoint. What runs the handler is the client: this only says
 * from when to when. Thread-safe.
 */
public final class MqttListenerContainer implements Lifecycle {

	private final String id;

	private final MqttClient client;

	private final List<Handler> handlers;

	private final boolean autoStartup;

	private final ReentrantLock lock = new ReentrantLock();

	// Written with the lock held; empty while stopped.
	private volatile List<Subscription> subscriptions = List.of();

	MqttListenerContainer(String id, MqttClient client, List<Handler> handlers, boolean autoStartup) {
		this.id = id;
		this.client = client;
		this.handlers = List.copyOf(handlers);
		this.autoStartup = autoStartup;
	}

	/**
	 * Return the id of this container, which also names its handler in logs, thread names
	 * and the client's status.
	 * @return the id
	 */
	public String getId() {
		return this.id;
	}

	/**
	 * Return the client that the messages come from.
	 * @return the client
	 */
	public MqttClient getClient() {
		return this.client;
	}

	/**
	 * Return what is subscribed to.
	 * @return topic filters, with wildcards in place of named levels
	 */
	public List<String> getTopicFilters() {
		return this.handlers.stream().map((handler) -> handler.options().filter()).toList();
	}

	/**
	 * Return whether the registry starts this container.
	 * @return whether it does
	 */
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	/**
	 * Subscribe, without waiting for the broker: it is told now or, where there is no
	 * connection, with the next one. What it refuses is logged by the client, shown in
	 * its status, and asked for again at each reconnect.
	 */
	@Override
	public void start() {
		this.lock.lock();
		try {
			if (isRunning()) {
				return;
			}
			List<Subscription> started = new ArrayList<>();
			try {
				for (Handler handler : this.handlers) {
					started.add(this.client.register(handler.options(), handler.handler()));
				}
			}
			catch (RuntimeException ex) {
				end(started);
				throw ex;
			}
			this.subscriptions = started;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Unsubscribe, without waiting for the broker: the handler gets no further message,
	 * also none that a kept session holds. A message that is being handled is handled to
	 * its end.
	 * <p>
	 * This is for a handler that is not wanted for a while. The end of an application is
	 * not the end of its subscriptions, and does not come here.
	 */
	@Override
	public void stop() {
		this.lock.lock();
		try {
			List<Subscription> ended = this.subscriptions;
			this.subscriptions = List.of();
			end(ended);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static void end(List<Subscription> subscriptions) {
		subscriptions.forEach(Subscription::unsubscribeAsync);
	}

	@Override
	public boolean isRunning() {
		return !this.subscriptions.isEmpty();
	}

	@Override
	public String toString() {
		return "MqttListenerContainer[id=%s, client=%s, filters=%s]".formatted(this.id, this.client.name(),
				getTopicFilters());
	}

	/**
	 * A topic filter and what takes its messages.
	 *
	 * @param options what to subscribe to, and how
	 * @param handler takes the messages
	 */
	record Handler(SubscribeOptions options, MqttMessageHandler handler) {
	}

}
