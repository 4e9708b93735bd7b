/**
 * An IoT backend adapter to run, watch and copy from.
 */
@NullMarked
package io.mqttspring.sample;

import org.jspecify.annotations.NullMarked;
