package io.mqttspring.sample;

import java.time.Instant;

/**
 * What a van measures.
 *
 * @param time when it was measured, by the clock of the van
 * @param temperature in the hold, in °C
 * @param target what the temperature is to be, in °C
 * @param humidity in the hold, in percent
 * @param battery charge of the cooling unit's battery, in percent
 */
record Telemetry(Instant time, double temperature, double target, double humidity, double battery) {
}
