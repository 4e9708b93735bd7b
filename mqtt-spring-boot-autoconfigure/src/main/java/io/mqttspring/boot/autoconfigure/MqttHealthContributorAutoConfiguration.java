package io.mqttspring.boot.autoconfigure;

import java.time.InstantSource;
import java.util.Map;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import io.mqttspring.client.MqttClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MqttHealthIndicator}.
 */
@AutoConfiguration(after = MqttAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(MqttClient.class)
@ConditionalOnEnabledHealthIndicator("mqtt")
@EnableConfigurationProperties(MqttHealthIndicatorProperties.class)
public final class MqttHealthContributorAutoConfiguration {

	MqttHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = { "mqttHealthIndicator", "mqttHealthContributor" })
	HealthContributor mqttHealthContributor(ConfigurableListableBeanFactory beanFactory,
			MqttHealthIndicatorProperties properties) {
		Map<String, MqttClient> clients = MqttClients.byName(beanFactory);
		if (clients.size() == 1) {
			return indicator(clients.values().iterator().next(), properties);
		}
		return CompositeHealthContributor.fromMap(clients, (client) -> indicator(client, properties));
	}

	private static MqttHealthIndicator indicator(MqttClient client, MqttHealthIndicatorProperties properties) {
		return new MqttHealthIndicator(client, properties.getGracePeriod(), InstantSource.system());
	}

}
