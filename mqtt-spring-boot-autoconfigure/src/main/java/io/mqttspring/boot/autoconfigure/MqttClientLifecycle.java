package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

import io.mqttspring.boot.autoconfigure.MqttProperties.StartupPolicy;
import io.mqttspring.client.MqttClient;
import io.mqttspring.core.MqttLifecyclePhases;

/**
 * Connects the clients when the application has started, and takes them down before it
 * stops.
 * <p>
 * All handlers are known by then: listener containers register theirs at a lower phase.
 * The phase itself is below those of the web server, so that with {@code wait} and
 * {@code fail} no request comes in before there is a connection, and requests that are
 * finished by a graceful shutdown can still publish. What handlers use, such as a
 * {@code DataSource}, is destroyed after all lifecycles have stopped.
 * <p>
 * A stop that comes with the end of the context closes the clients: handlers and
 * publishes come to an end within {@code mqtt.shutdown.timeout}, then DISCONNECT is sent.
 * Any other stop only disconnects, as a closed client cannot be opened again: what waits
 * in the queue and is in flight is kept and goes on with the next start.
 */
class MqttClientLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, DisposableBean {

	private static final Log logger = LogFactory.getLog(MqttClientLifecycle.class);

	private final ApplicationContext context;

	private final Collection<MqttClient> clients;

	private final StartupPolicy policy;

	private final Duration timeout;

	private final KeepAlive keepAlive = new KeepAlive();

	private volatile boolean running;

	private volatile boolean contextClosed;

	MqttClientLifecycle(ApplicationContext context, Collection<MqttClient> clients, StartupPolicy policy,
			Duration timeout) {
		this.context = context;
		this.clients = clients;
		this.policy = policy;
		this.timeout = timeout;
	}

	@Override
	public int getPhase() {
		return MqttLifecyclePhases.CLIENT;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void start() {
		this.running = true;
		if (this.policy == StartupPolicy.CONTINUE) {
			this.clients.forEach(MqttClient::start);
		}
		else {
			startAndWait();
		}
		if (this.clients.stream().anyMatch((client) -> !client.status().subscriptions().isEmpty())) {
			this.keepAlive.start();
		}
	}

	private void startAndWait() {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		List<FirstConnection> connections = this.clients.stream().map(FirstConnection::new).toList();
		try {
			connections.forEach(FirstConnection::start);
			connections.forEach((connection) -> await(connection, deadline));
		}
		finally {
			connections.forEach(FirstConnection::forget);
		}
	}

	private void await(FirstConnection connection, long deadline) {
		try {
			connection.await(deadline);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MqttStartupException(connection + " (interrupted)", ex);
		}
		if (connection.isMade()) {
			return;
		}
		if (this.policy == StartupPolicy.FAIL) {
			throw new MqttStartupException(connection.toString(), connection.failure());
		}
		logger.warn(connection + "; the application starts without it (mqtt.startup.policy=wait)");
	}

	@Override
	public void stop() {
		this.clients.forEach(this.contextClosed ? MqttClient::close : MqttClient::disconnect);
		this.keepAlive.stop();
		this.running = false;
	}

	// For a context that fails without stopping what it has started: a thread that is
	// left would keep the JVM.
	@Override
	public void destroy() {
		this.keepAlive.stop();
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		// Events of child contexts come here, too.
		if (event.getApplicationContext() == this.context) {
			this.contextClosed = true;
		}
	}

}
