package io.mqttspring.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * User name and password of a CONNECT (MQTT 5.0 §3.1.3.5). Neither is in
 * {@link #toString()}.
 *
 * @param username the user name, or {@code null}
 * @param password the password, or {@code null}; not copied
 */
public record MqttCredentials(@Nullable String username, byte @Nullable [] password) {

	/**
	 * Neither user name nor password.
	 */
	public static final MqttCredentials NONE = new MqttCredentials(null, (byte[]) null);

	public MqttCredentials {
		if (username != null) {
			MqttTopics.utf8("User name", username);
		}
		if (password != null && password.length > 65_535) {
			throw new IllegalArgumentException(
					"The password has %,d bytes: at most 65,535 are allowed".formatted(password.length));
		}
	}

	/**
	 * Create credentials with a password that is text.
	 * @param username the user name, or {@code null}
	 * @param password the password, sent as UTF-8, or {@code null}
	 */
	public MqttCredentials(@Nullable String username, @Nullable String password) {
		this(username, (password != null) ? password.getBytes(StandardCharsets.UTF_8) : null);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof MqttCredentials that && Objects.equals(this.username, that.username)
				&& Arrays.equals(this.password, that.password);
	}

	@Override
	public int hashCode() {
		return Objects.hashCode(this.username);
	}

	@Override
	public String toString() {
		return "MqttCredentials[***]";
	}

}
