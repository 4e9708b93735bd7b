/**
 * The protocol as a state machine: packet ids, flows in flight, what is owed. No socket,
 * thread, lock or clock; time is an argument.
 */
@NullMarked
package io.mqttspring.client.session;

import org.jspecify.annotations.NullMarked;
