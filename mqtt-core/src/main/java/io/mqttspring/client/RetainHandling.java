package io.mqttspring.client;

/**
 * Whether the broker sends the messages it kept when a subscription is made (MQTT 5.0
 * §3.8.3.1). On 3.1.1 it always does.
 */
public enum RetainHandling {

	/**
	 * Always.
	 */
	SEND,

	/**
	 * Only if the subscription did not exist before.
	 */
	SEND_IF_NEW,

	/**
	 * Never.
	 */
	DO_NOT_SEND

}
