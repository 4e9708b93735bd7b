package io.mqttspring.client;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.session.SessionSubscription;

/**
 * The end of a filter's last handler, and who waits for the broker's answer.
 */
final class UnsubscribeEnd extends SessionSubscription.End {

	private final Connection connection;

	private final CompletableFuture<Void> ended;

	UnsubscribeEnd(String filter, Connection connection, CompletableFuture<Void> ended) {
		super(filter);
		this.connection = connection;
		this.ended = ended;
	}

	@Override
	protected void onAnswer(@Nullable MqttReasonCode reason) {
		this.connection.later(() -> this.ended.complete(null));
	}

}
