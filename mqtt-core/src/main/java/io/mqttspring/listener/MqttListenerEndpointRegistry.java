package io.mqttspring.listener;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

import io.mqttspring.core.MqttLifecyclePhases;

/**
 * All listener containers of an application, by id. They start with it, before the
 * clients connect. Thread-safe.
 * <p>
 * Stopping the registry leaves the subscriptions alone: a client that is closed lets the
 * handlers come to an end by itself, and the broker goes on to collect for a kept session
 * until the application is back.
 */
public class MqttListenerEndpointRegistry implements SmartLifecycle {

	private final ReentrantLock lock = new ReentrantLock();

	// With the lock held, in the order of registration.
	private final Map<String, MqttListenerContainer> containers = new LinkedHashMap<>();

	private volatile boolean running;

	/**
	 * Make a container for an endpoint. It starts with the others, or at once if they
	 * have started already, unless it is not to start by itself.
	 * @param endpoint what to subscribe to, and what takes the messages
	 * @param factory makes the container
	 * @return the container
	 * @throws IllegalStateException if there is a container with the same id
	 */
	public MqttListenerContainer register(MqttListenerEndpoint endpoint, MqttListenerContainerFactory factory) {
		MqttListenerContainer container = factory.createContainer(endpoint);
		this.lock.lock();
		try {
			if (this.containers.putIfAbsent(container.getId(), container) != null) {
				throw new IllegalStateException("There is a listener container '%s' already: give %s an id of its own"
					.formatted(endpoint.id(), endpoint));
			}
			if (this.running && container.isAutoStartup()) {
				container.start();
			}
		}
		finally {
			this.lock.unlock();
		}
		return container;
	}

	/**
	 * Return a container.
	 * @param id its id
	 * @return the container, or {@code null} if there is none of that id
	 */
	public @Nullable MqttListenerContainer getListenerContainer(String id) {
		this.lock.lock();
		try {
			return this.containers.get(id);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return all containers.
	 * @return a snapshot, in the order of registration
	 */
	public Collection<MqttListenerContainer> getListenerContainers() {
		this.lock.lock();
		try {
			return List.copyOf(this.containers.values());
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public int getPhase() {
		return MqttLifecyclePhases.LISTENERS;
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			this.running = true;
			this.containers.values()
				.stream()
				.filter(MqttListenerContainer::isAutoStartup)
				.forEach(MqttListenerContainer::start);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
