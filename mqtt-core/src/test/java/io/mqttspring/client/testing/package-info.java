/**
 * Brokers to test against: real ones that can be killed and frozen, one that plays bytes
 * from a script, and a line between client and broker that can be cut.
 */
package io.mqttspring.client.testing;
