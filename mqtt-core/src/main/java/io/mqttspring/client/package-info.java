/**
 * The MQTT client: usable without Spring, on the JDK and the SLF4J API alone.
 */
@NullMarked
package io.mqttspring.client;

import org.jspecify.annotations.NullMarked;
