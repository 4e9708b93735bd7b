/**
 * What Micrometer can tell of clients.
 */
@NullMarked
package io.mqttspring.observation;

import org.jspecify.annotations.NullMarked;
