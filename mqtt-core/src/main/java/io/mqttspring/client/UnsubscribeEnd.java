package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.session.SessionSubscription;

/**
 * The end of a filter's last handler, and who waits for the broker's answer.
 */
final class UnsubscribeEnd extends SessionSubscription.End {

	private final Pending<Void> ended;

	UnsubscribeEnd(String filter, Pending<Void> ended) {
		super(filter);
		this.ended = ended;
	}

	@Override
	protected void onAnswer(@Nullable MqttReasonCode reason) {
		this.ended.complete(null);
	}

}
