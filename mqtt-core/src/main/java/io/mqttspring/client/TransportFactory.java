package io.mqttspring.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import io.mqttspring.client.transport.Transport;

/**
 * Connects to a broker in a way of its own.
 *
 * @see Transport#over(java.net.Socket)
 */
@FunctionalInterface
public interface TransportFactory {

	/**
	 * Connect. Called on the client's reader thread, for each attempt.
	 * @param address one of the client's addresses
	 * @param timeout what is left of the connect timeout
	 * @return the connection, closed by the client
	 * @throws IOException if there is none
	 */
	Transport connect(URI address, Duration timeout) throws IOException;

}
