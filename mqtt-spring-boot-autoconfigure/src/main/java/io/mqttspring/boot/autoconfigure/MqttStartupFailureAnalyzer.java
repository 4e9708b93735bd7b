package io.mqttspring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.mqttspring.client.MqttConnectException;

/**
 * Tells what to do when the application did not start for want of a connection.
 */
class MqttStartupFailureAnalyzer extends AbstractFailureAnalyzer<MqttStartupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MqttStartupException cause) {
		return new FailureAnalysis(cause.getMessage(),
				(isRefused(cause) ? "Correct what the broker does not take, "
						: "Make the broker reachable at this address, correct 'mqtt.uri', ")
						+ "or set 'mqtt.startup.policy' to 'continue' to start without it and connect when it comes.",
				cause);
	}

	private static boolean isRefused(MqttStartupException cause) {
		return cause.getCause() instanceof MqttConnectException refusal && refusal.reasonCode() != null;
	}

}
