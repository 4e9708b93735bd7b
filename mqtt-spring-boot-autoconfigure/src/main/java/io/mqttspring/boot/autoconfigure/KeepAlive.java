package io.mqttspring.boot.autoconfigure;

import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM from ending while there is something to listen to: the client's own
 * threads are daemons or virtual, so that an application without a web server would stop
 * as soon as it has started. Not thread-safe: used by a lifecycle, which the context
 * starts and stops one after the other.
 */
final class KeepAlive {

	private @Nullable CountDownLatch end;

	void start() {
		if (this.end != null) {
			return;
		}
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = new Thread(() -> awaitUninterruptibly(end), "mqtt-keep-alive");
		thread.setDaemon(false);
		thread.start();
		this.end = end;
	}

	void stop() {
		if (this.end != null) {
			this.end.countDown();
			this.end = null;
		}
	}

	private static void awaitUninterruptibly(CountDownLatch end) {
		while (true) {
			try {
				end.await();
				return;
			}
			catch (InterruptedException ex) {
				// Nobody but stop ends this thread.
			}
		}
	}

}
