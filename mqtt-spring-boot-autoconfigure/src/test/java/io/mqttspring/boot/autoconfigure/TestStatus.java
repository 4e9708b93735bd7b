package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatus;
import io.mqttspring.client.MqttClientStatus.InFlight;
import io.mqttspring.client.MqttClientStatus.Queue;
import io.mqttspring.client.MqttClientStatus.Server;
import io.mqttspring.client.MqttClientStatus.SubscriptionStatus;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

/**
 * Statuses of a client that is not there.
 */
final class TestStatus {

	private static final SubscriptionStatus GRANTED = new SubscriptionStatus("fleet/+/telemetry", MqttQos.AT_LEAST_ONCE,
			MqttQos.AT_LEAST_ONCE, null, List.of("telemetry"));

	private static final SubscriptionStatus REFUSED = new SubscriptionStatus("fleet/#", MqttQos.EXACTLY_ONCE, null,
			MqttReasonCode.NOT_AUTHORIZED, List.of("all"));

	private TestStatus() {
	}

	static MqttClientStatus of(MqttClientState state, Instant since) {
		boolean connected = state == MqttClientState.CONNECTED;
		return create(state, since, connected ? null : "Connection refused",
				connected ? new Server(10, MqttQos.EXACTLY_ONCE, true, 268_435_460, 5, Duration.ofMinutes(1)) : null,
				new InFlight(0, 0, 0, 0, 0, 0, null), connected ? List.of(GRANTED) : List.of());
	}

	static MqttClientStatus busy(Instant since) {
		return create(MqttClientState.CONNECTED, since, null,
				new Server(10, MqttQos.EXACTLY_ONCE, true, 268_435_460, 5, Duration.ofMinutes(1)),
				new InFlight(1, 2, 3, 4, 5, 6, Duration.ofMillis(1500)), List.of(GRANTED, REFUSED));
	}

	private static MqttClientStatus create(MqttClientState state, Instant since, String lastError, Server server,
			InFlight inFlight, List<SubscriptionStatus> subscriptions) {
		return new MqttClientStatus("default", state, "mqtt://broker.example:1883", "adapter-1", MqttVersion.MQTT_5,
				since, false, (lastError != null) ? 3 : 0, lastError, server, inFlight, new Queue(7, 8), subscriptions);
	}

}
