package io.mqttspring.client.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientBuilder;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.ReconnectOptions;

/**
 * A broker that is shared by all tests, and the version to speak with it: what a test
 * that has to pass with all of them is given as its parameter.
 */
public final class Target {

	private static final AtomicInteger LAST_NAME = new AtomicInteger();

	private final String broker;

	private final Supplier<TestBroker> brokers;

	private final MqttVersion version;

	private Target(String broker, Supplier<TestBroker> brokers, MqttVersion version) {
		this.broker = broker;
		this.brokers = brokers;
		this.version = version;
	}

	/**
	 * Return each broker in each version. Nothing is started before it is asked for.
	 */
	public static List<Target> all() {
		return Stream.of(MqttVersion.values())
			.flatMap((version) -> Stream.of(new Target("Mosquitto", () -> SharedMosquitto.get(), version),
					new Target("HiveMQ", HiveMqBroker::shared, version)))
			.toList();
	}

	/**
	 * Return a name that no other test has, for clients and topics.
	 */
	public static String uniqueName() {
		return "t" + LAST_NAME.incrementAndGet();
	}

	/**
	 * Return how tests reconnect: soon.
	 */
	public static ReconnectOptions soon() {
		return ReconnectOptions.DEFAULTS.withDelays(Duration.ofMillis(20), Duration.ofMillis(100));
	}

	/**
	 * Return the broker, or skip the test if it is not there.
	 */
	public TestBroker broker() {
		return this.brokers.get();
	}

	/**
	 * Return the version.
	 */
	public MqttVersion version() {
		return this.version;
	}

	/**
	 * Return whether the version is 5.0.
	 */
	public boolean isV5() {
		return this.version == MqttVersion.MQTT_5;
	}

	/**
	 * Return whether the broker delivers a long burst in the order in which it got it.
	 * Mosquitto 2.0.11 does not on 3.1.1: recorded on both wires, what it was sent was in
	 * order and what it sent on was not, by a few messages in 5,000.
	 */
	public boolean keepsOrderOfBursts() {
		return !this.broker.equals("Mosquitto") || isV5();
	}

	/**
	 * Start to build a client of this broker, which speaks the version.
	 */
	public MqttClientBuilder client() {
		return client(broker().uri());
	}

	/**
	 * Start to build a client of this version.
	 */
	public MqttClientBuilder client(String uri) {
		return MqttClient.builder(uri)
			.name(uniqueName())
			.version(this.version)
			.reconnect(soon())
			.shutdownTimeout(Duration.ofSeconds(5));
	}

	@Override
	public String toString() {
		return this.broker + ", " + this.version;
	}

	private static final class SharedMosquitto {

		private static final Object LOCK = new Object();

		private static MosquittoBroker broker;

		// Not by class initialization: that an assumption fails would be remembered as an
		// error of the class
		static MosquittoBroker get() {
			synchronized (LOCK) {
				if (broker == null) {
					broker = MosquittoBroker.running("max_queued_messages 0");
				}
				return broker;
			}
		}

	}

}
