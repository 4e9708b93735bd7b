package io.mqttspring.client.session;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.codec.SubscribeEntry;

/**
 * A topic filter that is to be subscribed to, as long as it is not taken back.
 */
public abstract class SessionSubscription {

	private final SubscribeEntry entry;

	private final int identifier;

	private State state = State.WANTED;

	boolean refused; // by the last answer

	boolean onlyIfNew; // the broker may have it already; until the answer

	/**
	 * Create a subscription.
	 * @param entry filter and options
	 * @param identifier the subscription identifier, 1 to 268,435,455, sent where the
	 * broker takes one
	 */
	protected SessionSubscription(SubscribeEntry entry, int identifier) {
		this.entry = entry;
		this.identifier = identifier;
	}

	/**
	 * Return filter and options.
	 * @return the entry in SUBSCRIBE
	 */
	public final SubscribeEntry entry() {
		return this.entry;
	}

	/**
	 * Return the subscription identifier.
	 * @return 1 to 268,435,455
	 */
	public final int identifier() {
		return this.identifier;
	}

	final State state() {
		return this.state;
	}

	/**
	 * The broker may not have it: ask for it.
	 */
	final void want() {
		this.state = State.WANTED;
		onWanted();
	}

	final void asked() {
		this.state = State.ASKED;
	}

	final void answered(MqttReasonCode reason) {
		this.state = State.ANSWERED;
		this.onlyIfNew = false;
		this.refused = reason.isError();
		onAnswer(reason);
	}

	/**
	 * What the broker has granted counts no more, until it answers again. Called with the
	 * guard of the session's methods.
	 */
	protected void onWanted() {
	}

	/**
	 * The broker has answered, or has said in CONNACK how it would. Called with the guard
	 * of the session's methods, at each answer.
	 * @param reason the granted QoS, or why it was refused
	 */
	protected abstract void onAnswer(MqttReasonCode reason);

	/**
	 * Where a subscription stands with the broker.
	 */
	enum State {

		/** To be asked for as soon as there is a connection. */
		WANTED,

		/** Asked for on this connection. */
		ASKED,

		/** Granted or refused. */
		ANSWERED

	}

	/**
	 * The end of a subscription that the broker is to be told.
	 */
	public abstract static class End {

		private final String filter;

		boolean asked; // on this connection

		/**
		 * Create the end of a subscription.
		 * @param filter the topic filter
		 */
		protected End(String filter) {
			this.filter = filter;
		}

		final String filter() {
			return this.filter;
		}

		/**
		 * The broker has no such subscription any more. Called with the guard of the
		 * session's methods.
		 * @param reason what it answered, or {@code null} where the session is gone
		 */
		protected abstract void onAnswer(@Nullable MqttReasonCode reason);

	}

}
