package io.mqttspring.client;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

/**
 * What to say when TLS fails. The JDK says it deep in the causes, in words of its own.
 */
final class TlsFailures {

	private static final Pattern OTHER_HOST = Pattern.compile("matching (?:IP address )?(\\S+) found");

	private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

	private TlsFailures() {
	}

	static String describe(SSLException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof CertificateExpiredException) {
				return "the broker's certificate has expired (%s)".formatted(cause.getMessage());
			}
			if (cause instanceof CertificateNotYetValidException) {
				return "the broker's certificate is not valid yet (%s); is the clock of this machine right?"
					.formatted(cause.getMessage());
			}
			if (cause instanceof CertPathBuilderException) {
				return "the broker's certificate is of no authority that is trusted; name the one that it is of (mqtt.ssl.bundle)";
			}
			Matcher otherHost = OTHER_HOST.matcher(String.valueOf(cause.getMessage()));
			if (cause instanceof CertificateException && otherHost.find()) {
				return "the broker's certificate is not of the host '%s'; use the name that it is of (mqtt.uri, mqtt.ssl.server-name)"
					.formatted(otherHost.group(1));
			}
		}
		Matcher alert = ALERT.matcher(String.valueOf(failure.getMessage()));
		if (alert.find()) {
			return "the broker ended TLS with '%s'%s".formatted(alert.group(1), advice(alert.group(1)));
		}
		return "TLS failed: " + failure.getMessage();
	}

	private static String advice(String alert) {
		return switch (alert) {
			case "certificate_required", "bad_certificate", "unknown_ca", "certificate_unknown", "handshake_failure" ->
				"; it may want a client's certificate, or another one (mqtt.ssl.bundle)";
			case "no_application_protocol" -> "; it knows none of those in mqtt.ssl.alpn";
			case "protocol_version" -> "; it speaks another version of TLS";
			default -> "";
		};
	}

}
