package io.mqttspring.client;

/**
 * Asked for credentials at each attempt to connect, so that what expires can be renewed.
 * Called on the client's own thread, one call at a time: it may block for a while, within
 * the connect timeout.
 */
@FunctionalInterface
public interface MqttCredentialsProvider {

	/**
	 * Return the credentials for the next CONNECT.
	 * @return the credentials
	 * @throws Exception if there are none to be had now: the attempt fails and is tried
	 * again like any other
	 */
	MqttCredentials credentials() throws Exception;

}
