package io.mqttspring.client;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken, for the addresses {@code mqtts://} and {@code wss://}.
 *
 * @param context whom to trust, and by what to be known; asked at each attempt to
 * connect, so that certificates may be replaced (default: the JDK's)
 * @param protocols versions of TLS that may be used, empty for the JDK's (default: empty)
 * @param ciphers cipher suites that may be used, empty for the JDK's (default: empty)
 * @param applicationProtocols what to offer by ALPN, the best first; a server that
 * chooses none of them is refused (default: empty, for no ALPN)
 * @param serverName whom to ask for by SNI and to expect the certificate to be of, or
 * {@code null} for the host of the address (default)
 * @param verifyHostname whether the certificate has to be of that host (default
 * {@code true}); without it anybody with any certificate of a trusted authority can be
 * the broker
 */
public record TlsOptions(Supplier<SSLContext> context, List<String> protocols, List<String> ciphers,
		List<String> applicationProtocols, @Nullable String serverName, boolean verifyHostname) {

	/**
	 * The defaults.
	 */
	public static final TlsOptions DEFAULTS = new TlsOptions(TlsOptions::ofJdk, List.of(), List.of(), List.of(), null,
			true);

	public TlsOptions {
		Objects.requireNonNull(context, "context");
		protocols = List.copyOf(protocols);
		ciphers = List.copyOf(ciphers);
		applicationProtocols = List.copyOf(applicationProtocols);
		if (applicationProtocols.stream().anyMatch((protocol) -> protocol.isEmpty() || protocol.length() > 255)) {
			throw new IllegalArgumentException("an application protocol has to have 1 to 255 characters (RFC 7301)");
		}
	}

	private static SSLContext ofJdk() {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("The JDK's trust and key material cannot be read", ex);
		}
	}

	/**
	 * Return these options with another context.
	 * @param context asked at each attempt to connect
	 * @return new options
	 */
	public TlsOptions withContext(Supplier<SSLContext> context) {
		return new TlsOptions(context, this.protocols, this.ciphers, this.applicationProtocols, this.serverName,
				this.verifyHostname);
	}

	/**
	 * Return these options with other versions and cipher suites.
	 * @param protocols versions of TLS, empty for the JDK's
	 * @param ciphers cipher suites, empty for the JDK's
	 * @return new options
	 */
	public TlsOptions withProtocols(List<String> protocols, List<String> ciphers) {
		return new TlsOptions(this.context, protocols, ciphers, this.applicationProtocols, this.serverName,
				this.verifyHostname);
	}

	/**
	 * Return these options with ALPN.
	 * @param applicationProtocols the best first, empty for no ALPN
	 * @return new options
	 */
	public TlsOptions withApplicationProtocols(List<String> applicationProtocols) {
		return new TlsOptions(this.context, this.protocols, this.ciphers, applicationProtocols, this.serverName,
				this.verifyHostname);
	}

	/**
	 * Return these options with another server name.
	 * @param serverName the name, or {@code null} for the host of the address
	 * @return new options
	 */
	public TlsOptions withServerName(@Nullable String serverName) {
		return new TlsOptions(this.context, this.protocols, this.ciphers, this.applicationProtocols, serverName,
				this.verifyHostname);
	}

	/**
	 * Return these options with the host name verified or not.
	 * @param verifyHostname whether the certificate has to be of the host
	 * @return new options
	 */
	public TlsOptions withVerifyHostname(boolean verifyHostname) {
		return new TlsOptions(this.context, this.protocols, this.ciphers, this.applicationProtocols, this.serverName,
				verifyHostname);
	}

}
