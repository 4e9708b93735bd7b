package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttHealthIndicator}.
 */
class MqttHealthIndicatorTests {

	private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

	@Test
	void connectedIsUp() {
		Health health = health(TestStatus.of(MqttClientState.CONNECTED, SINCE), Duration.ofDays(1));
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsExactly(entry("uri", "mqtt://broker.example:1883"),
				entry("clientId", "adapter-1"), entry("state", "CONNECTED"), entry("since", SINCE),
				entry("attempts", 0));
	}

	@ParameterizedTest
	@EnumSource(names = { "CONNECTING", "RECONNECTING" })
	void notConnectedIsReconnectingWithinGracePeriod(MqttClientState state) {
		Health health = health(TestStatus.of(state, SINCE), GRACE_PERIOD.minusMillis(1));
		assertThat(health.getStatus()).isEqualTo(new Status("RECONNECTING"));
		assertThat(health.getDetails()).contains(entry("state", state.name()), entry("attempts", 3),
				entry("lastError", "Connection refused"));
	}

	@ParameterizedTest
	@EnumSource(names = { "CONNECTING", "RECONNECTING" })
	void notConnectedIsDownAfterGracePeriod(MqttClientState state) {
		assertThat(health(TestStatus.of(state, SINCE), GRACE_PERIOD).getStatus()).isEqualTo(Status.DOWN);
	}

	@ParameterizedTest
	@EnumSource(names = { "DISCONNECTED", "CLOSING", "CLOSED" })
	void notTryingIsDown(MqttClientState state) {
		assertThat(health(TestStatus.of(state, SINCE), Duration.ZERO).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void refusedSubscriptionIsDownWithTheFilter() {
		Health health = health(TestStatus.busy(SINCE), Duration.ZERO);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).contains(entry("state", "CONNECTED"),
				entry("refusedSubscriptions", Map.of("fleet/#", "NOT_AUTHORIZED")));
	}

	private static Health health(MqttClientStatus status, Duration later) {
		MqttClient client = mock();
		given(client.status()).willReturn(status);
		return new MqttHealthIndicator(client, GRACE_PERIOD, InstantSource.fixed(SINCE.plus(later))).health();
	}

}
