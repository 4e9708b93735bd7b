/**
 * The MQTT client: connect, publish, subscribe, on the JDK and the SLF4J API alone.
 */
@NullMarked
package io.mqttspring.client;

import org.jspecify.annotations.NullMarked;
