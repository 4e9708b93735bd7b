package io.mqttspring.boot.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import io.mqttspring.client.MqttClient;
import io.mqttspring.observation.MqttClientMetrics;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttClientMetrics} of all
 * clients.
 */
@AutoConfiguration(after = MqttAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MqttClient.class, MeterRegistry.class })
public final class MqttMetricsAutoConfiguration {

	MqttMetricsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "mqttClientMetrics")
	MeterBinder mqttClientMetrics(ConfigurableListableBeanFactory beanFactory) {
		return (registry) -> MqttClients.byName(beanFactory)
			.values()
			.forEach((client) -> new MqttClientMetrics(client).bindTo(registry));
	}

}
