/**
 * Handlers by annotation.
 */
@NullMarked
package io.mqttspring.annotation;

import org.jspecify.annotations.NullMarked;
