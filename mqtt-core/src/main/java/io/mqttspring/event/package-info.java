/**
 * What happens to clients, as application events.
 */
@NullMarked
package io.mqttspring.event;

import org.jspecify.annotations.NullMarked;
