package io.mqttspring.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.codec.ConnAck;

/**
 * What to say when a broker cannot be reached, refuses, or ends a connection: what it
 * was, where, and what to do.
 */
final class Refusals {

	private Refusals() {
	}

	static MqttConnectException refused(Object client, ConnAck connAck) {
		MqttReasonCode reason = connAck.reason();
		String said = (connAck.reasonString() != null) ? ", '" + connAck.reasonString() + "'" : "";
		return new MqttConnectException("%s was refused by the broker: %s (0x%02X)%s%s".formatted(client, reason,
				reason.code(), said, advice(reason)), reason, connAck.reasonString(), isRetryable(reason), null);
	}

	private static String advice(MqttReasonCode reason) {
		return switch (reason) {
			case BAD_USER_NAME_OR_PASSWORD -> "; check user name and password (mqtt.username, mqtt.password)";
			case NOT_AUTHORIZED -> "; check user name and password, and what the broker allows this client id to do";
			case CLIENT_IDENTIFIER_NOT_VALID -> "; the broker does not take this client id (mqtt.client-id)";
			case UNSUPPORTED_PROTOCOL_VERSION -> "; set mqtt.version to one that the broker speaks, or to auto";
			case BANNED -> "; the broker's administrator has banned this client";
			case USE_ANOTHER_SERVER, SERVER_MOVED -> "; set mqtt.uri to another broker";
			default -> "";
		};
	}

	static boolean isRetryable(MqttReasonCode reason) {
		return switch (reason) {
			case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED, CLIENT_IDENTIFIER_NOT_VALID, UNSUPPORTED_PROTOCOL_VERSION,
					BANNED, BAD_AUTHENTICATION_METHOD, SERVER_MOVED, SESSION_TAKEN_OVER ->
				false;
			default -> true;
		};
	}

	static MqttConnectException unreachable(Object client, Throwable cause) {
		// Of ours, about an option
		boolean retryable = !(cause instanceof IllegalArgumentException);
		return new MqttConnectException("%s could not connect: %s".formatted(client, describe(cause)), null, null,
				retryable, cause);
	}

	static MqttException disconnected(MqttReasonCode reason, @Nullable String reasonString) {
		String said = (reasonString != null) ? ", '" + reasonString + "'" : "";
		String advice = (reason == MqttReasonCode.SESSION_TAKEN_OVER)
				? "; another client has connected with this client id: give each its own (mqtt.client-id)" : "";
		return new DisconnectedException(
				"the broker has disconnected: %s (0x%02X)%s%s".formatted(reason, reason.code(), said, advice), reason);
	}

	static String describe(Throwable cause) {
		String message = cause.getMessage();
		if (cause instanceof UnknownHostException) {
			// The JDK's first answer has its reason behind the name, the later ones have
			// not
			return "the name '%s' cannot be resolved".formatted(String.valueOf(message).replaceFirst(": .*", ""));
		}
		if (cause instanceof SocketTimeoutException) {
			return "no answer in time (%s)".formatted(message);
		}
		if (cause instanceof SSLException tls) {
			return TlsFailures.describe(tls);
		}
		if (cause instanceof ConnectException || cause instanceof MqttException) {
			return String.valueOf(message);
		}
		return (cause instanceof IOException && message != null) ? message : cause.toString();
	}

	/**
	 * A DISCONNECT from the broker.
	 */
	static final class DisconnectedException extends MqttException {

		private static final long serialVersionUID = 1L;

		private final MqttReasonCode reason;

		DisconnectedException(String message, MqttReasonCode reason) {
			super(message);
			this.reason = reason;
		}

		MqttReasonCode reason() {
			return this.reason;
		}

	}

}
