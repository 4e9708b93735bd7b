/**
 * Bytes to and from a broker.
 */
@NullMarked
package io.mqttspring.client.transport;

import org.jspecify.annotations.NullMarked;
