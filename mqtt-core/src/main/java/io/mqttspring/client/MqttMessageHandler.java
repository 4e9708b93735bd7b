package io.mqttspring.client;

/**
 * Takes the messages of a subscription. Runs on a lane, never on the threads of the
 * connection: it may block, publish, subscribe and close the client. With one lane it is
 * called by one thread at a time.
 */
@FunctionalInterface
public interface MqttMessageHandler {

	/**
	 * Handle a message. Messages of QoS 1 and 2 are acknowledged when this returns.
	 * @param message the message
	 * @throws Exception if it could not be handled: this is logged, and the message
	 * acknowledged
	 */
	void handle(MqttMessage message) throws Exception;

}
