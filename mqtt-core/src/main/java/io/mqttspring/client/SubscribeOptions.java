package io.mqttspring.client;

/**
 * What is subscribed to, and how its messages are handled.
 *
 * @param filter the topic filter
 * @param qos the maximum QoS asked for
 * @param name what the handler is called in logs, status and thread names (default: the
 * filter)
 * @param concurrency how many messages may be handled at a time, 1 to 1,024 (default 1);
 * messages of one topic are always handled one after the other, in order
 * @param noLocal whether to leave out what this client publishes itself, without effect
 * on 3.1.1 (MQTT 5.0 §3.8.3.1)
 * @param retainAsPublished whether RETAIN is kept as the publisher set it, without effect
 * on 3.1.1
 * @param retainHandling whether messages that the broker kept are sent, without effect on
 * 3.1.1
 */
public record SubscribeOptions(String filter, MqttQos qos, String name, int concurrency, boolean noLocal,
		boolean retainAsPublished, RetainHandling retainHandling) {

	public SubscribeOptions {
		MqttTopics.checkFilter(filter);
		if (concurrency < 1 || concurrency > 1024) {
			throw new IllegalArgumentException(
					"concurrency of subscription '%s' is %d: it can be 1 to 1,024".formatted(filter, concurrency));
		}
		if (noLocal && MqttTopics.isShared(filter)) {
			throw new IllegalArgumentException(
					"Topic filter '%s': a shared subscription cannot have noLocal [MQTT-3.8.3-4]".formatted(filter));
		}
	}

	/**
	 * Create options with the defaults.
	 * @param filter the topic filter
	 * @param qos the maximum QoS
	 * @return the options
	 * @throws IllegalArgumentException if the filter is none
	 */
	public static SubscribeOptions of(String filter, MqttQos qos) {
		return new SubscribeOptions(filter, qos, filter, 1, false, false, RetainHandling.SEND);
	}

	/**
	 * Return these options with another name.
	 * @param name what the handler is called in logs, status and thread names
	 * @return new options
	 */
	public SubscribeOptions withName(String name) {
		return new SubscribeOptions(this.filter, this.qos, name, this.concurrency, this.noLocal, this.retainAsPublished,
				this.retainHandling);
	}

	/**
	 * Return these options with another number of lanes.
	 * @param concurrency how many messages may be handled at a time, 1 to 1,024
	 * @return new options
	 */
	public SubscribeOptions withConcurrency(int concurrency) {
		return new SubscribeOptions(this.filter, this.qos, this.name, concurrency, this.noLocal, this.retainAsPublished,
				this.retainHandling);
	}

	/**
	 * Return these options with another wish for own messages.
	 * @param noLocal whether to leave them out
	 * @return new options
	 */
	public SubscribeOptions withNoLocal(boolean noLocal) {
		return new SubscribeOptions(this.filter, this.qos, this.name, this.concurrency, noLocal, this.retainAsPublished,
				this.retainHandling);
	}

	/**
	 * Return these options with another wish for the RETAIN flag.
	 * @param retainAsPublished whether it is kept as the publisher set it
	 * @return new options
	 */
	public SubscribeOptions withRetainAsPublished(boolean retainAsPublished) {
		return new SubscribeOptions(this.filter, this.qos, this.name, this.concurrency, this.noLocal, retainAsPublished,
				this.retainHandling);
	}

	/**
	 * Return these options with another wish for messages that the broker kept.
	 * @param retainHandling whether they are sent
	 * @return new options
	 */
	public SubscribeOptions withRetainHandling(RetainHandling retainHandling) {
		return new SubscribeOptions(this.filter, this.qos, this.name, this.concurrency, this.noLocal,
				this.retainAsPublished, retainHandling);
	}

}
