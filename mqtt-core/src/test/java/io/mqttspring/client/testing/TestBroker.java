package io.mqttspring.client.testing;

/**
 * A real broker.
 */
public interface TestBroker {

	/**
	 * Return where it listens: {@code mqtt://host:port}.
	 */
	default String uri() {
		return "mqtt://127.0.0.1:" + port();
	}

	/**
	 * Return the port it listens on.
	 */
	int port();

}
