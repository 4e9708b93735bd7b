/**
 * Auto-configuration of the MQTT client and its Spring programming model.
 */
@NullMarked
package io.mqttspring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
