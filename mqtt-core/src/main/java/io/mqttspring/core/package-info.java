/**
 * Sending with Spring: the template, conversion of payloads, headers.
 */
@NullMarked
package io.mqttspring.core;

import org.jspecify.annotations.NullMarked;
