/**
 * What stands between a client and the handlers of an application: endpoints, their
 * containers and the registry that starts them.
 */
@NullMarked
package io.mqttspring.listener;

import org.jspecify.annotations.NullMarked;
