package io.mqttspring.boot.autoconfigure;

import java.time.Instant;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttClientStatistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MqttMetricsAutoConfiguration}.
 */
class MqttMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class, MqttMetricsAutoConfiguration.class));

	@Test
	void bindsTheMetersOfEachClient() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withBean("mqttClient", MqttClient.class, () -> client("default", MqttClientState.CONNECTED))
			.withBean("plantMqttClient", MqttClient.class, () -> client("plant", MqttClientState.RECONNECTING))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("mqtt.client.connected").tag("client", "default").gauge().value()).isOne();
				assertThat(registry.get("mqtt.client.connected").tag("client", "plant").gauge().value()).isZero();
			});
	}

	@Test
	void backsOffToTheUsersOwn() {
		MeterBinder own = (registry) -> {
		};
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withBean("mqttClient", MqttClient.class, () -> client("default", MqttClientState.CONNECTED))
			.withBean("mqttClientMetrics", MeterBinder.class, () -> own)
			.run((context) -> assertThat(context).getBean("mqttClientMetrics").isSameAs(own));
	}

	@Test
	void isNotThereWithoutRegistry() {
		this.contextRunner.withBean("mqttClient", MqttClient.class, () -> client("default", MqttClientState.CONNECTED))
			.run((context) -> assertThat(context).doesNotHaveBean("mqttClientMetrics"));
	}

	@Test
	void isNotThereWithoutClient() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).doesNotHaveBean("mqttClientMetrics"));
	}

	@Test
	void isNotThereWithoutMicrometer() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MqttMetricsAutoConfiguration.class))
			.withBean("mqttClient", MqttClient.class, () -> client("default", MqttClientState.CONNECTED))
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mqttClientMetrics"));
	}

	private static MqttClient client(String name, MqttClientState state) {
		MqttClient client = mock();
		given(client.name()).willReturn(name);
		given(client.status()).willReturn(TestStatus.of(state, Instant.EPOCH));
		given(client.statistics()).willReturn(new MqttClientStatistics(1, Map.of(), Map.of(), Map.of(), 0, Map.of(),
				Map.of(), 0, Map.of(), 0, 0, 0, 0));
		return client;
	}

}
