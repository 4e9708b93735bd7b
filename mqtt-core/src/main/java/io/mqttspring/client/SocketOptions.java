package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * Options of the TCP socket.
 *
 * @param tcpNoDelay whether small writes go out at once (default {@code true})
 * @param keepAlive whether TCP probes an idle connection, beside MQTT's own keep-alive
 * (default {@code false})
 * @param sendBuffer bytes of the system's send buffer, 0 for its default (default 0)
 * @param receiveBuffer bytes of the system's receive buffer, 0 for its default (default
 * 0)
 * @param bindAddress name or address of this machine to connect from, or {@code null} for
 * any (default)
 */
public record SocketOptions(boolean tcpNoDelay, boolean keepAlive, int sendBuffer, int receiveBuffer,
		@Nullable String bindAddress) {

	/**
	 * The defaults.
	 */
	public static final SocketOptions DEFAULTS = new SocketOptions(true, false, 0, 0, null);

	public SocketOptions {
		Require.atLeast("sendBuffer", sendBuffer, 0);
		Require.atLeast("receiveBuffer", receiveBuffer, 0);
	}

	/**
	 * Return these options with small writes going out at once, or not.
	 * @param tcpNoDelay whether they do
	 * @return new options
	 */
	public SocketOptions withTcpNoDelay(boolean tcpNoDelay) {
		return new SocketOptions(tcpNoDelay, this.keepAlive, this.sendBuffer, this.receiveBuffer, this.bindAddress);
	}

	/**
	 * Return these options with TCP's own keep-alive, or without.
	 * @param keepAlive whether TCP probes an idle connection
	 * @return new options
	 */
	public SocketOptions withKeepAlive(boolean keepAlive) {
		return new SocketOptions(this.tcpNoDelay, keepAlive, this.sendBuffer, this.receiveBuffer, this.bindAddress);
	}

	/**
	 * Return these options with another send buffer.
	 * @param sendBuffer bytes, 0 for the system's default
	 * @return new options
	 */
	public SocketOptions withSendBuffer(int sendBuffer) {
		return new SocketOptions(this.tcpNoDelay, this.keepAlive, sendBuffer, this.receiveBuffer, this.bindAddress);
	}

	/**
	 * Return these options with another receive buffer.
	 * @param receiveBuffer bytes, 0 for the system's default
	 * @return new options
	 */
	public SocketOptions withReceiveBuffer(int receiveBuffer) {
		return new SocketOptions(this.tcpNoDelay, this.keepAlive, this.sendBuffer, receiveBuffer, this.bindAddress);
	}

	/**
	 * Return these options with another address to connect from.
	 * @param bindAddress name or address of this machine, or {@code null} for any
	 * @return new options
	 */
	public SocketOptions withBindAddress(@Nullable String bindAddress) {
		return new SocketOptions(this.tcpNoDelay, this.keepAlive, this.sendBuffer, this.receiveBuffer, bindAddress);
	}

}
