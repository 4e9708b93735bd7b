package io.mqttspring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.mqttspring.listener.InvalidMqttListenerException;

/**
 * Tells which listener asks for what it cannot get.
 */
class InvalidMqttListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttListenerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttListenerException cause) {
		return new FailureAnalysis(cause.getMessage(), "Correct the listener.", cause);
	}

}
