package io.mqttspring.client;

import org.jspecify.annotations.Nullable;

/**
 * How arriving messages are taken in.
 *
 * @param laneCapacity messages that may wait in each lane before the client stops
 * reading, 1 or more (default 256)
 * @param receiveMaximum messages of QoS 1 and 2 that the broker may send ahead of our
 * acknowledgements (MQTT 5.0 §3.1.2.11.3), 1 to 65,535, without effect on 3.1.1;
 * {@code null} for what the lanes hold (default)
 * @param maximumPacketSize bytes of the largest packet taken, 1 KiB to 268,435,460
 * (default 16 MiB); told to the broker on 5.0 (MQTT 5.0 §3.1.2.11.4), a larger one closes
 * the connection
 * @param topicAliasMaximum topic aliases the broker may use (MQTT 5.0 §3.1.2.11.5), 0 to
 * 65,535 (default 32)
 * @param unmatched what is done with a message that no handler is for (default
 * {@link Unmatched#WARN})
 */
public record InboundOptions(int laneCapacity, @Nullable Integer receiveMaximum, int maximumPacketSize,
		int topicAliasMaximum, Unmatched unmatched) {

	/**
	 * The defaults.
	 */
	public static final InboundOptions DEFAULTS = new InboundOptions(256, null, 16 << 20, 32, Unmatched.WARN);

	public InboundOptions {
		Require.between("laneCapacity", laneCapacity, 1, 1 << 20);
		if (receiveMaximum != null) {
			Require.between("receiveMaximum", receiveMaximum, 1, 65_535);
		}
		Require.between("maximumPacketSize", maximumPacketSize, 1024, 268_435_460);
		Require.between("topicAliasMaximum", topicAliasMaximum, 0, 65_535);
	}

	/**
	 * Return these options with another capacity of lanes.
	 * @param laneCapacity messages that may wait in each lane, 1 or more
	 * @return new options
	 */
	public InboundOptions withLaneCapacity(int laneCapacity) {
		return new InboundOptions(laneCapacity, this.receiveMaximum, this.maximumPacketSize, this.topicAliasMaximum,
				this.unmatched);
	}

	/**
	 * Return these options with another Receive Maximum.
	 * @param receiveMaximum 1 to 65,535, or {@code null} for what the lanes hold
	 * @return new options
	 */
	public InboundOptions withReceiveMaximum(@Nullable Integer receiveMaximum) {
		return new InboundOptions(this.laneCapacity, receiveMaximum, this.maximumPacketSize, this.topicAliasMaximum,
				this.unmatched);
	}

	/**
	 * Return these options with another largest packet.
	 * @param maximumPacketSize in bytes
	 * @return new options
	 */
	public InboundOptions withMaximumPacketSize(int maximumPacketSize) {
		return new InboundOptions(this.laneCapacity, this.receiveMaximum, maximumPacketSize, this.topicAliasMaximum,
				this.unmatched);
	}

	/**
	 * Return these options with another number of aliases.
	 * @param topicAliasMaximum 0 to 65,535
	 * @return new options
	 */
	public InboundOptions withTopicAliasMaximum(int topicAliasMaximum) {
		return new InboundOptions(this.laneCapacity, this.receiveMaximum, this.maximumPacketSize, topicAliasMaximum,
				this.unmatched);
	}

	/**
	 * Return these options with another fate of messages that no handler is for.
	 * @param unmatched what is done with them
	 * @return new options
	 */
	public InboundOptions withUnmatched(Unmatched unmatched) {
		return new InboundOptions(this.laneCapacity, this.receiveMaximum, this.maximumPacketSize,
				this.topicAliasMaximum, unmatched);
	}

	/**
	 * What is done with a message that no handler is for. All are counted.
	 */
	public enum Unmatched {

		/**
		 * It is logged at WARN and acknowledged.
		 */
		WARN,

		/**
		 * It is logged at ERROR and, on 5.0, refused with 0x83; on 3.1.1, which cannot
		 * refuse, acknowledged.
		 */
		FAIL,

		/**
		 * It is acknowledged.
		 */
		IGNORE

	}

}
