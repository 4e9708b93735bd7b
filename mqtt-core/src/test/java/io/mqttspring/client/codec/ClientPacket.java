package io.mqttspring.client.codec;

import java.util.List;

/**
 * What a client sent, as a {@link BrokerCodec} read it.
 */
public sealed interface ClientPacket {

	/**
	 * CONNECT.
	 *
	 * @param level 4 for 3.1.1, 5 for 5.0
	 */
	record Connect(int level, boolean cleanStart, int keepAlive, String clientId, Will will, String username,
			byte[] password, PacketProperties properties) implements ClientPacket {
	}

	/**
	 * The will in a CONNECT.
	 */
	record Will(String topic, byte[] payload, int qos, boolean retained, PacketProperties properties) {
	}

	/**
	 * PUBLISH.
	 *
	 * @param topic the topic, empty where a topic alias stands for it
	 * @param packetId 0 for QoS 0
	 */
	record Publish(String topic, byte[] payload, int qos, boolean retained, boolean duplicate, int packetId,
			PacketProperties properties) implements ClientPacket {

		@Override
		public String toString() {
			return "PUBLISH %d QoS %d%s%s %s%s (%d B)".formatted(this.packetId, this.qos, this.duplicate ? " DUP" : "",
					this.retained ? " RETAIN" : "", this.topic, this.properties, this.payload.length);
		}

	}

	/**
	 * PUBACK, PUBREC, PUBREL or PUBCOMP.
	 */
	record Ack(Kind kind, int packetId, int reason, PacketProperties properties) implements ClientPacket {

		@Override
		public String toString() {
			return "%s %d%s".formatted(this.kind, this.packetId,
					(this.reason != 0) ? " 0x%02X".formatted(this.reason) : "");
		}

	}

	/**
	 * SUBSCRIBE.
	 */
	record Subscribe(int packetId, List<Filter> filters, PacketProperties properties) implements ClientPacket {
	}

	/**
	 * A filter in a SUBSCRIBE.
	 */
	record Filter(String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {
	}

	/**
	 * UNSUBSCRIBE.
	 */
	record Unsubscribe(int packetId, List<String> filters, PacketProperties properties) implements ClientPacket {
	}

	/**
	 * PINGREQ.
	 */
	record PingReq() implements ClientPacket {
	}

	/**
	 * DISCONNECT.
	 */
	record Disconnect(int reason, PacketProperties properties) implements ClientPacket {
	}

	/**
	 * AUTH.
	 */
	record Auth(int reason, PacketProperties properties) implements ClientPacket {
	}

	/**
	 * The four acknowledgements, by the number of their type.
	 */
	enum Kind {

		PUBACK(4, 0), PUBREC(5, 0), PUBREL(6, 2), PUBCOMP(7, 0);

		final int type;

		final int flags;

		Kind(int type, int flags) {
			this.type = type;
			this.flags = flags;
		}

	}

}
