package io.mqttspring.boot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.Assert;

/**
 * Configuration properties for {@link MqttHealthIndicator}.
 */
@ConfigurationProperties("management.health.mqtt")
public class MqttHealthIndicatorProperties {

	/**
	 * How long a client that is about to connect is RECONNECTING before it is DOWN.
	 */
	private Duration gracePeriod = Duration.ofSeconds(30);

	public Duration getGracePeriod() {
		return this.gracePeriod;
	}

	/**
	 * Set how long a client may be about to connect.
	 * @param gracePeriod zero or more
	 */
	public void setGracePeriod(Duration gracePeriod) {
		Assert.isTrue(!gracePeriod.isNegative(), "'gracePeriod' must not be negative");
		this.gracePeriod = gracePeriod;
	}

}
