package io.mqttspring.client;

/**
 * Called when all is over with a message, well or not. Runs on the client's executor, one
 * call at a time, in the order of the acknowledgements: one that blocks holds up other
 * callbacks, never the connection.
 */
@FunctionalInterface
public interface DeliveryCallback {

	/**
	 * Take note that the delivery is done.
	 * @param delivery the delivery; {@link Delivery#failure()} tells how it ended
	 */
	void done(Delivery delivery);

}
