package io.mqttspring.client;

/**
 * The writer thread: waits for bytes and writes all there are in one call. Its idle wait
 * is the clock of keep-alive and of expiry, so there is no timer thread.
 */
final class WriterLoop implements Runnable {

	private final Connection connection;

	WriterLoop(Connection connection) {
		this.connection = connection;
	}

	@Override
	public void run() {
		this.connection.lock();
		try {
			while (this.connection.awaitWork()) {
				this.connection.write();
			}
		}
		finally {
			this.connection.unlock();
		}
	}

}
