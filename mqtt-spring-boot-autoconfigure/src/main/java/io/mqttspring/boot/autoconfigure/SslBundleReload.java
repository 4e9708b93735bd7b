package io.mqttspring.boot.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttException;

/**
 * Connects again when certificates were replaced. Who is not connected uses them anyway,
 * with the next attempt.
 */
final class SslBundleReload {

	private static final Logger logger = LoggerFactory.getLogger(SslBundleReload.class);

	private SslBundleReload() {
	}

	static void reconnect(MqttClient client, String bundle) {
		if (client.status().state() != MqttClientState.CONNECTED) {
			return;
		}
		logger.info("SSL bundle '{}' was reloaded: {} connects again", bundle, client);
		try {
			client.disconnect();
			client.start();
		}
		catch (MqttException ex) {
			logger.debug("{} is not connected again: {}", client, ex.getMessage()); // closed
		}
	}

}
