package io.mqttspring.client;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.session.SessionSubscription;

/**
 * The end of a filter's last handler, and who waits for the broker's answer.
 */
final class UnsubscribeEnd extends SessionSubscription.End {

	private final Guard guard;

	private final CompletableFuture<Void> ended;

	UnsubscribeEnd(String filter, Guard guard, CompletableFuture<Void> ended) {
		super(filter);
		this.guard = guard;
		this.ended = ended;
	}

	@Override
	protected void onAnswer(@Nullable MqttReasonCode reason) {
		this.guard.later(() -> this.ended.complete(null));
	}

}
