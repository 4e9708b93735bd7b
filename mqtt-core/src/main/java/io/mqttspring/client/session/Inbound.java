package io.mqttspring.client.session;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.ReasonProperties;

/**
 * Messages that arrive: what is owed for them, in the order of their arrival
 * [MQTT-4.6.0-2] [MQTT-4.6.0-3], and that those of QoS 2 arrive once [MQTT-4.3.3-10].
 */
final class Inbound {

	private final Output output;

	// As long as the session, through any number of connections
	private final BitSet qos2 = new BitSet(); // arrived, and not released by PUBREL

	private final BitSet awaitingPubrel = new BitSet(); // and PUBREC was sent

	// QoS 2 that was still with its handler when the connection was lost, by packet id
	private final Map<Integer, InboundPublish> carried = new HashMap<>();

	// QoS 2 that was refused when the connection was lost, by packet id: told when it
	// comes again
	private final Map<Integer, MqttReasonCode> refused = new HashMap<>();

	private final long[] received = new long[3];

	// As long as one connection
	private final BitSet qos1 = new BitSet(); // arrived, and not acknowledged

	private final BitSet doubtful = new BitSet(); // QoS 2, perhaps of another session

	private final BitSet pubrecSent = new BitSet(); // QoS 2, and not released

	private @Nullable InboundPublish head; // owed, in order of arrival

	private @Nullable InboundPublish tail;

	private int connection;

	private int receiveMaximum;

	private int quota; // what the broker may still send, as it counts (MQTT 5.0 §4.9)

	private boolean quotaExceeded;

	private int qos2Owed;

	Inbound(Output output) {
		this.output = output;
	}

	void connecting(int receiveMaximum) {
		this.connection++;
		this.receiveMaximum = receiveMaximum;
		this.quota = receiveMaximum;
		this.pubrecSent.clear();
		this.doubtful.clear();
		this.quotaExceeded = false;
	}

	/**
	 * CONNACK has come.
	 * @param sessionPresent whether the broker has kept the session
	 * @param unsure whether that may be another session than the one this process knows
	 */
	void connected(boolean sessionPresent, boolean unsure) {
		if (unsure) {
			this.doubtful.or(this.qos2);
		}
		if (!sessionPresent) {
			this.qos2.clear();
			this.awaitingPubrel.clear();
			this.carried.clear();
			this.refused.clear();
		}
	}

	void connectionLost() {
		for (InboundPublish owed = this.head; owed != null; owed = owed.next) {
			if (owed.message().qos() == MqttQos.EXACTLY_ONCE) {
				if (owed.handled == null) {
					this.carried.put(owed.packetId(), owed);
				}
				else if (owed.handled.isError()) {
					this.refused.put(owed.packetId(), owed.handled);
				}
			}
		}
		this.connection++;
		this.head = null;
		this.tail = null;
		this.qos1.clear();
		this.qos2Owed = 0;
	}

	void onPublish(MqttMessage message, int packetId, SessionListener listener) {
		this.received[message.qos().level()]++;
		if (this.doubtful.get(packetId)) {
			decide(message, packetId);
		}
		switch (message.qos()) {
			case AT_MOST_ONCE -> listener.onMessage(message, null);
			case AT_LEAST_ONCE -> onQos1(message, packetId, listener);
			case EXACTLY_ONCE -> onQos2(message, packetId, listener);
		}
	}

	// What is sent again has DUP [MQTT-3.3.1-1], so what has not is new
	private void decide(MqttMessage message, int packetId) {
		this.doubtful.clear(packetId);
		if (!message.duplicate() || message.qos() != MqttQos.EXACTLY_ONCE) {
			this.qos2.clear(packetId);
			this.awaitingPubrel.clear(packetId);
			this.carried.remove(packetId);
			this.refused.remove(packetId);
		}
	}

	private void onQos1(MqttMessage message, int packetId, SessionListener listener) {
		if (this.qos1.get(packetId)) {
			return; // sent again on this connection: one PUBACK will answer both
		}
		requireNotInUse(this.qos2.get(packetId), packetId);
		takeQuota(listener);
		this.qos1.set(packetId);
		listener.onMessage(message, owe(new InboundPublish(message, packetId, this.connection)));
	}

	private void onQos2(MqttMessage message, int packetId, SessionListener listener) {
		requireNotInUse(this.qos1.get(packetId), packetId);
		if (!this.qos2.get(packetId)) {
			takeQuota(listener);
			this.qos2.set(packetId);
			this.qos2Owed++;
			listener.onMessage(message, owe(new InboundPublish(message, packetId, this.connection)));
			return;
		}
		InboundPublish carried = this.carried.remove(packetId);
		if (carried != null) { // still with its handler, which is not called again
			takeQuota(listener);
			carried.connection = this.connection;
			this.qos2Owed++;
			owe(carried);
		}
		else if (this.pubrecSent.get(packetId)) { // it has had its turn
			if (this.output.isOpen()) {
				this.output.encoder.pubRec(this.output.filling, packetId, MqttReasonCode.SUCCESS,
						ReasonProperties.NONE);
			}
		}
		else if (!isOwed(packetId)) { // handled: PUBREC again, in its turn
			InboundPublish again = new InboundPublish(message, packetId, this.connection);
			MqttReasonCode refusal = this.refused.remove(packetId);
			again.handled = (refusal != null) ? refusal : MqttReasonCode.SUCCESS;
			this.awaitingPubrel.clear(packetId);
			this.quota = Math.max(0, this.quota - 1);
			this.qos2Owed++;
			owe(again);
			acknowledge();
		}
	}

	private boolean isOwed(int packetId) {
		if (this.qos2Owed > 0) {
			for (InboundPublish owed = this.head; owed != null; owed = owed.next) {
				if (owed.packetId() == packetId) {
					return true;
				}
			}
		}
		return false;
	}

	private void requireNotInUse(boolean inUse, int packetId) {
		if (inUse) {
			// 0x91 is none of DISCONNECT
			throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
					"PUBLISH has packet id %d, which is in use by a message of another QoS [MQTT-2.2.1-4]"
						.formatted(packetId));
		}
	}

	// A broker that sends too much is not disconnected: Mosquitto does so when its queue
	// is long (eclipse-mosquitto/mosquitto#2301), and would do so again. Nothing grows by
	// it, since the lanes hold up the reader.
	private void takeQuota(SessionListener listener) {
		if (this.quota == 0) {
			if (!this.quotaExceeded) {
				this.quotaExceeded = true;
				listener.onIgnored(
						"more messages than it may before they are acknowledged (Receive Maximum %,d, mqtt.receive-maximum) [MQTT-3.3.4-9]"
							.formatted(this.receiveMaximum));
			}
			return;
		}
		this.quota--;
	}

	// Beyond Receive Maximum too: any PUBCOMP gives the broker back what it may have used
	// on this connection, also when its PUBREL is of an earlier one (MQTT 5.0 §4.9)
	private void giveQuota() {
		this.quota++;
	}

	private InboundPublish owe(InboundPublish publish) {
		publish.next = null;
		if (this.tail != null) {
			this.tail.next = publish;
		}
		else {
			this.head = publish;
		}
		this.tail = publish;
		return publish;
	}

	/**
	 * A message was handled.
	 * @return whether there is something to be written now
	 */
	boolean handled(InboundPublish publish, MqttReasonCode result) {
		publish.handled = result;
		if (publish.connection != this.connection) {
			// The connection is gone. Of QoS 1 the broker sends it again; of QoS 2 it is
			// remembered as handled, and acknowledged when the broker sends it again.
			if (this.carried.remove(publish.packetId(), publish) && result.isError()) {
				this.refused.put(publish.packetId(), result);
			}
			return false;
		}
		return acknowledge();
	}

	private boolean acknowledge() {
		if (!this.output.isOpen()) {
			return false; // not after DISCONNECT: the broker will send it again
		}
		boolean any = false;
		InboundPublish owed = this.head;
		while (owed != null && owed.handled != null) {
			if (owed.message().qos() == MqttQos.AT_LEAST_ONCE) {
				this.qos1.clear(owed.packetId());
				giveQuota();
				this.output.encoder.pubAck(this.output.filling, owed.packetId(), owed.handled, ReasonProperties.NONE);
			}
			else {
				this.qos2Owed--;
				if (owed.handled.isError() && this.output.version == MqttVersion.MQTT_5) {
					this.qos2.clear(owed.packetId()); // the flow ends here
					giveQuota();
				}
				else {
					this.awaitingPubrel.set(owed.packetId());
					this.pubrecSent.set(owed.packetId());
				}
				this.output.encoder.pubRec(this.output.filling, owed.packetId(), owed.handled, ReasonProperties.NONE);
			}
			any = true;
			owed = owed.next;
		}
		this.head = owed;
		if (owed == null) {
			this.tail = null;
		}
		return any;
	}

	void onPubRel(int packetId) {
		if (!this.output.isOpen()) {
			return; // the broker will release it again
		}
		if (!this.qos2.get(packetId)) {
			giveQuota();
			this.output.encoder.pubComp(this.output.filling, packetId, MqttReasonCode.PACKET_IDENTIFIER_NOT_FOUND,
					ReasonProperties.NONE);
			return;
		}
		if (!this.awaitingPubrel.get(packetId) && (this.carried.containsKey(packetId) || isOwed(packetId))) {
			throw new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
					"PUBREL for packet id %d, which was not acknowledged by PUBREC yet".formatted(packetId));
		}
		this.doubtful.clear(packetId);
		this.qos2.clear(packetId);
		this.awaitingPubrel.clear(packetId);
		this.pubrecSent.clear(packetId);
		giveQuota();
		this.output.encoder.pubComp(this.output.filling, packetId, MqttReasonCode.SUCCESS, ReasonProperties.NONE);
	}

	int qos1AwaitingHandler() {
		return this.qos1.cardinality();
	}

	int qos2AwaitingHandler() {
		return this.qos2Owed + this.carried.size();
	}

	int qos2AwaitingPubrel() {
		return this.awaitingPubrel.cardinality();
	}

	long[] received() {
		return this.received.clone();
	}

}
