package io.mqttspring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A property under {@code mqtt} has a value that the client does not take. Boot's own
 * {@code InvalidConfigurationPropertyValueException} cannot stand here: its report reads
 * the raw value from the environment, and with it the password in an address.
 */
class InvalidMqttPropertyException extends RuntimeException {

	private final String property;

	private final @Nullable String value;

	private final String reason;

	/**
	 * Create a new exception.
	 * @param property the full name of the property
	 * @param value the value as it may be shown, or {@code null} to show none
	 * @param reason what is wrong with it and what is allowed
	 * @param cause what the client said, or {@code null}
	 */
	InvalidMqttPropertyException(String property, @Nullable String value, String reason, @Nullable Throwable cause) {
		super("%s: %s".formatted(property, reason), cause);
		this.property = property;
		this.value = value;
		this.reason = reason;
	}

	String getProperty() {
		return this.property;
	}

	@Nullable String getValue() {
		return this.value;
	}

	String getReason() {
		return this.reason;
	}

}
