package io.mqttspring.client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.codec.PacketSummary;

/**
 * One line for each packet at TRACE, under a name of its own.
 */
final class PacketLog {

	private static final Logger logger = LoggerFactory.getLogger("io.mqttspring.client.packets");

	private PacketLog() {
	}

	static void sent(Object client, byte[] bytes, int from, int to) {
		log(client, "sent", bytes, from, to);
	}

	static void received(Object client, byte[] bytes, int from, int to) {
		log(client, "received", bytes, from, to);
	}

	private static void log(Object client, String direction, byte[] bytes, int from, int to) {
		if (logger.isTraceEnabled()) {
			PacketSummary.of(bytes, from, to).forEach((line) -> logger.trace("{} {} {}", client, direction, line));
		}
	}

}
