package io.mqttspring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Tells which property under {@code mqtt} is wrong, where it is set, and what it can be.
 */
class InvalidMqttPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMqttPropertyException> {

	private final @Nullable Environment environment;

	InvalidMqttPropertyFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMqttPropertyException cause) {
		StringBuilder description = new StringBuilder("Invalid value ");
		if (cause.getValue() != null) {
			description.append('\'').append(cause.getValue()).append("' ");
		}
		description.append("for configuration property '").append(cause.getProperty()).append('\'');
		Origin origin = origin(cause.getProperty());
		if (origin != null) {
			description.append(" (originating from '").append(origin).append("')");
		}
		description.append(": ").append(cause.getReason()).append('.');
		return new FailureAnalysis(description.toString(), "Correct '%s'.".formatted(cause.getProperty()), cause);
	}

	private @Nullable Origin origin(String property) {
		if (this.environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				if (source.containsProperty(property)) {
					return OriginLookup.getOrigin(source, property);
				}
			}
		}
		return null;
	}

}
