package io.mqttspring.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.mqttspring.client.session.SessionSubscription;

/**
 * The end of a filter's last handler, and who waits for the broker's answer.
 */
final class UnsubscribeEnd extends SessionSubscription.End {

	private static final Logger logger = LoggerFactory.getLogger(UnsubscribeEnd.class);

	private final String filter;

	private final Pending<Void> ended;

	private final Object client; // for messages

	UnsubscribeEnd(String filter, Pending<Void> ended, Object client) {
		super(filter);
		this.filter = filter;
		this.ended = ended;
		this.client = client;
	}

	@Override
	protected void onAnswer(@Nullable MqttReasonCode reason) {
		if (reason == null || !reason.isError()) {
			this.ended.complete(null);
			return;
		}
		logger.warn(
				"{}: the broker does not end the subscription to '{}': {} (0x{}); what it sends has no handler here",
				this.client, this.filter, reason, Integer.toHexString(reason.code()));
		this.ended.fail(new MqttSubscribeException("The broker does not end the subscription to '%s': %s (0x%02X)"
			.formatted(this.filter, reason, reason.code()), Map.of(this.filter, reason)));
	}

}
