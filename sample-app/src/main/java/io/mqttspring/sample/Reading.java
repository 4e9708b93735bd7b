package io.mqttspring.sample;

import java.time.Instant;

/**
 * The telemetry of a known van: a row of the table {@code reading}.
 *
 * @param deviceId which van
 * @param time when it was measured
 * @param temperature in °C
 * @param target in °C
 * @param humidity in percent
 * @param battery in percent
 */
record Reading(String deviceId, Instant time, double temperature, double target, double humidity, double battery) {

	Reading(String deviceId, Telemetry telemetry) {
		this(deviceId, telemetry.time(), telemetry.temperature(), telemetry.target(), telemetry.humidity(),
				telemetry.battery());
	}

}
