package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority, and what it issues.
 */
public final class Authority {

	private static final Duration DAY = Duration.ofDays(1);

	private final Issued own;

	/**
	 * Make an authority with a key of its own.
	 */
	public Authority(String name) {
		KeyPair keys = keys();
		Instant now = Instant.now();
		this.own = new Issued(keys.getPrivate(),
				certificate(name, keys, name, keys.getPrivate(), now.minus(DAY), now.plus(DAY), true));
	}

	/**
	 * Issue a certificate that is valid today.
	 * @param names DNS names and addresses; the first one is the subject too
	 */
	public Issued issue(String... names) {
		return issue(Instant.now().minus(DAY), Instant.now().plus(DAY), names);
	}

	/**
	 * Issue a certificate that was valid.
	 */
	public Issued issueExpired(String... names) {
		return issue(Instant.now().minus(DAY.multipliedBy(2)), Instant.now().minus(DAY), names);
	}

	/**
	 * Issue a certificate that will be valid.
	 */
	public Issued issueForLater(String... names) {
		return issue(Instant.now().plus(DAY), Instant.now().plus(DAY.multipliedBy(2)), names);
	}

	private Issued issue(Instant from, Instant to, String... names) {
		KeyPair keys = keys();
		String issuer = this.own.certificate().getSubjectX500Principal().getName().substring("CN=".length());
		return new Issued(keys.getPrivate(),
				certificate(names[0], keys, issuer, this.own.key(), from, to, false, names));
	}

	/**
	 * Return the authority's own certificate with its key.
	 */
	public Issued own() {
		return this.own;
	}

	/**
	 * Return the authority's own certificate.
	 */
	public X509Certificate certificate() {
		return this.own.certificate();
	}

	/**
	 * Return a context that trusts this authority alone.
	 */
	public Supplier<SSLContext> trusted() {
		SSLContext context = context(null);
		return () -> context;
	}

	/**
	 * Return a context that trusts this authority alone, and is known by a certificate.
	 */
	public Supplier<SSLContext> trustedBy(Issued client) {
		SSLContext context = context(client);
		return () -> context;
	}

	/**
	 * Return a context that trusts this authority alone.
	 * @param own what it is known by, or {@code null}
	 */
	public SSLContext context(Issued own) {
		try {
			KeyStore trust = KeyStore.getInstance("PKCS12");
			trust.load(null, null);
			trust.setCertificateEntry("ca", certificate());
			TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
			trustManagers.init(trust);
			KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(null, null);
			if (own != null) {
				keys.setKeyEntry("own", own.key(), new char[0], new Certificate[] { own.certificate() });
			}
			keyManagers.init(keys, new char[0]);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static KeyPair keys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static X509Certificate certificate(String subject, KeyPair keys, String issuer, PrivateKey issuerKey,
			Instant from, Instant to, boolean authority, String... names) {
		try {
			X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(new X500Name("CN=" + issuer),
					new BigInteger(64, new SecureRandom()), Date.from(from), Date.from(to),
					new X500Name("CN=" + subject), keys.getPublic());
			builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
			if (names.length > 0) {
				builder.addExtension(Extension.subjectAlternativeName, false,
						new GeneralNames(Arrays.stream(names).map(Authority::name).toArray(GeneralName[]::new)));
			}
			return new JcaX509CertificateConverter()
				.getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static GeneralName name(String name) {
		return new GeneralName(name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name);
	}

	/**
	 * Write a key or certificate as PEM.
	 * @return the file
	 */
	public static Path pem(Path file, Object one) {
		try {
			byte[] encoded = (one instanceof Certificate certificate) ? certificate.getEncoded()
					: ((PrivateKey) one).getEncoded();
			String type = (one instanceof Certificate) ? "CERTIFICATE" : "PRIVATE KEY";
			return Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type,
					Base64.getMimeEncoder().encodeToString(encoded), type));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A certificate and its key.
	 *
	 * @param key the private key
	 * @param certificate the certificate
	 */
	public record Issued(PrivateKey key, X509Certificate certificate) {

		/**
		 * Write both as PEM.
		 * @return the lines of a Mosquitto's configuration that use them
		 */
		public String mosquitto(Path folder) {
			return "certfile %s\nkeyfile %s".formatted(pem(folder.resolve("server.crt"), this.certificate),
					pem(folder.resolve("server.key"), this.key));
		}

	}

}
