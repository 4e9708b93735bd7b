package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttClientStatus.SubscriptionStatus;

/**
 * {@link HealthIndicator} for an {@link MqttClient}: UP while connected, RECONNECTING for
 * a grace period after the connection is lost and then DOWN, and DOWN when the broker has
 * refused a subscription. It only reads the client's status and never waits.
 */
class MqttHealthIndicator extends AbstractHealthIndicator {

	/**
	 * Not known to the default status order, so that it leaves the health of the
	 * application as it is; {@code management.endpoint.health.status.order} changes that.
	 */
	static final Status RECONNECTING = new Status("RECONNECTING", "The connection is being made");

	private final MqttClient client;

	private final Duration gracePeriod;

	private final InstantSource clock;

	MqttHealthIndicator(MqttClient client, Duration gracePeriod, InstantSource clock) {
		super("MQTT health check failed");
		this.client = client;
		this.gracePeriod = gracePeriod;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		MqttClientStatus status = this.client.status();
		Map<String, String> refused = refused(status);
		builder.status(refused.isEmpty() ? status(status) : Status.DOWN)
			.withDetail("uri", status.uri())
			.withDetail("clientId", status.clientId())
			.withDetail("state", status.state().name())
			.withDetail("since", status.since())
			.withDetail("attempts", status.attempts());
		if (status.lastError() != null) {
			builder.withDetail("lastError", status.lastError());
		}
		if (!refused.isEmpty()) {
			builder.withDetail("refusedSubscriptions", refused);
		}
	}

	private Status status(MqttClientStatus status) {
		return switch (status.state()) {
			case CONNECTED -> Status.UP;
			case CONNECTING, RECONNECTING -> withinGracePeriod(status) ? RECONNECTING : Status.DOWN;
			case DISCONNECTED, CLOSING, CLOSED -> Status.DOWN;
		};
	}

	private boolean withinGracePeriod(MqttClientStatus status) {
		return this.clock.instant().isBefore(status.since().plus(this.gracePeriod));
	}

	private static Map<String, String> refused(MqttClientStatus status) {
		Map<String, String> refused = new LinkedHashMap<>();
		for (SubscriptionStatus subscription : status.subscriptions()) {
			if (subscription.refused() != null) {
				refused.put(subscription.filter(), subscription.refused().name());
			}
		}
		return refused;
	}

}
