package io.mqttspring.sample;

/**
 * Tells a van how cold its hold is to be.
 *
 * @param id comes back with the {@link Answer}
 * @param target in °C
 */
record Command(String id, double target) {
}
