package io.mqttspring.client;

/**
 * Options of the TCP socket.
 *
 * @param tcpNoDelay whether small writes go out at once (default {@code true})
 * @param keepAlive whether TCP probes an idle connection, beside MQTT's own keep-alive
 * (default {@code false})
 * @param sendBuffer bytes of the system's send buffer, 0 for its default (default 0)
 * @param receiveBuffer bytes of the system's receive buffer, 0 for its default (default
 * 0)
 */
public record SocketOptions(boolean tcpNoDelay, boolean keepAlive, int sendBuffer, int receiveBuffer) {

	/**
	 * The defaults.
	 */
	public static final SocketOptions DEFAULTS = new SocketOptions(true, false, 0, 0);

	public SocketOptions {
		Require.atLeast("sendBuffer", sendBuffer, 0);
		Require.atLeast("receiveBuffer", receiveBuffer, 0);
	}

}
