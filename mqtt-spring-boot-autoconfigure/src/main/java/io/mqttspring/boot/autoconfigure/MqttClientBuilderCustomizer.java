package io.mqttspring.boot.autoconfigure;

import io.mqttspring.client.MqttClientBuilder;

/**
 * Customizes the builder of the auto-configured client. Called after the properties are
 * applied, so what it sets wins; several are called in their order.
 */
@FunctionalInterface
public interface MqttClientBuilderCustomizer {

	/**
	 * Customize the builder.
	 * @param builder the builder
	 */
	void customize(MqttClientBuilder builder);

}
