/**
 * Packets of MQTT 3.1.1 and 5.0 to bytes and back. All that differs between the two
 * versions on the wire is here.
 */
@NullMarked
package io.mqttspring.client.codec;

import org.jspecify.annotations.NullMarked;
