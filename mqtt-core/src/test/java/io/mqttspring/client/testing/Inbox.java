package io.mqttspring.client.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageHandler;

/**
 * A handler that keeps what it is given.
 */
public final class Inbox implements MqttMessageHandler {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final List<MqttMessage> messages = new ArrayList<>();

	@Override
	public synchronized void handle(MqttMessage message) {
		this.messages.add(message);
		notifyAll();
	}

	/**
	 * Return what has arrived.
	 */
	public synchronized List<MqttMessage> messages() {
		return List.copyOf(this.messages);
	}

	/**
	 * Return the payloads of what has arrived, in order.
	 */
	public List<String> payloads() {
		return messages().stream().map(MqttMessage::payloadAsString).toList();
	}

	/**
	 * Wait until there are as many messages, and return the payloads of all that are
	 * there.
	 */
	public List<String> await(int count) {
		return await("%,d messages".formatted(count), (messages) -> messages.size() >= count);
	}

	/**
	 * Wait until a message with a payload is there, and return the payloads of all that
	 * are there.
	 */
	public List<String> await(String payload) {
		return await("the message '%s'".formatted(payload),
				(messages) -> !messages.isEmpty() && messages.stream()
					.skip(Math.max(0, messages.size() - 100))
					.anyMatch((message) -> message.payloadAsString().equals(payload)));
	}

	private synchronized List<String> await(String what, Predicate<List<MqttMessage>> until) {
		long deadline = System.nanoTime() + LIMIT.toNanos();
		while (!until.test(this.messages)) {
			long left = (deadline - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				List<String> payloads = payloads();
				int shown = Math.max(0, payloads.size() - 20);
				throw new AssertionError("Waited %s for %s and got %,d messages, the last of them %s".formatted(LIMIT,
						what, payloads.size(), payloads.subList(shown, payloads.size())));
			}
			try {
				wait(left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new AssertionError("Interrupted while waiting for " + what, ex);
			}
		}
		return payloads();
	}

}
