package io.mqttspring.boot.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;

import io.mqttspring.client.MqttClient;

/**
 * The clients among the beans, by the names they have in health, meters and the endpoint.
 */
final class MqttClients {

	private MqttClients() {
	}

	static Map<String, MqttClient> byName(ConfigurableListableBeanFactory beanFactory) {
		Map<String, MqttClient> clients = new LinkedHashMap<>();
		Map<String, String> beans = new LinkedHashMap<>();
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, MqttClient.class)
			.forEach((bean, client) -> {
				clients.put(client.name(), client);
				String other = beans.put(client.name(), bean);
				if (other != null) {
					throw new IllegalStateException(
							"Beans '%s' and '%s' are both MQTT clients of the name '%s', which would mix them up in health and metrics: give one another name with MqttClientBuilder.name()"
								.formatted(other, bean, client.name()));
				}
			});
		return Collections.unmodifiableMap(clients);
	}

}
