package io.mqttspring.client.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/**
 * Bytes to and from a broker. One thread reads while another one writes; any thread may
 * close.
 *
 * @see io.mqttspring.client.MqttClientBuilder#transport
 */
public interface Transport extends Closeable {

	/**
	 * Use a socket that is connected already.
	 * @param socket the socket; closed with the transport
	 * @return the transport
	 * @throws IOException if the socket is not connected, or closed
	 */
	static Transport over(Socket socket) throws IOException {
		return new TcpTransport(socket);
	}

	/**
	 * Read what there is, waiting for one byte at least.
	 * @param bytes where to
	 * @param from the first place
	 * @param count the most to read, 1 or more
	 * @param timeoutMillis the longest wait in milliseconds, 0 for ever
	 * @return how many bytes were read, or -1 at the end of the stream
	 * @throws java.net.SocketTimeoutException if no byte came in time; reading may go on
	 * @throws IOException if the connection is lost, or was closed
	 */
	int read(byte[] bytes, int from, int count, int timeoutMillis) throws IOException;

	/**
	 * Write all.
	 * @param bytes where they are
	 * @param from the first one
	 * @param count how many
	 * @throws IOException if the connection is lost, or was closed
	 */
	void write(byte[] bytes, int from, int count) throws IOException;

	/**
	 * Close at once. A read or write under way ends with an {@link IOException}.
	 */
	@Override
	void close();

}
