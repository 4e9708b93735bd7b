package io.mqttspring.client.session;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttTopics;
import io.mqttspring.client.codec.ConnAck;
import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.session.SessionSubscription.End;
import io.mqttspring.client.session.SessionSubscription.State;

/**
 * Subscriptions: made, made again when the broker may not have them, and ended (MQTT 5.0
 * §3.8, §3.10).
 */
final class Subscribing {

	private static final int MAX_BATCH_BYTES = 16 << 10; // far below most packet sizes

	private static final int MOST_BEFORE_FILTERS = 13; // fixed header, id, properties

	private static final int SEND_IF_NEW = 1;

	private final PacketIds ids;

	private final Output output;

	private final int batchSize;

	// As long as the session, through any number of connections; both by filter
	private final Map<String, SessionSubscription> wanted = new LinkedHashMap<>();

	private final Map<String, End> ending = new LinkedHashMap<>();

	// As long as one connection
	private final List<Integer> idsInUse = new ArrayList<>();

	private boolean starved; // there was no packet id for all

	Subscribing(PacketIds ids, Output output, int batchSize) {
		this.ids = ids;
		this.output = output;
		this.batchSize = batchSize;
	}

	void subscribe(SessionSubscription subscription) {
		End ending = this.ending.remove(subscription.entry().filter());
		if (ending != null) {
			ending.onAnswer(null);
		}
		subscription.want();
		this.wanted.put(subscription.entry().filter(), subscription);
		pump();
	}

	void unsubscribe(End end) {
		this.wanted.remove(end.filter());
		End earlier = this.ending.put(end.filter(), end);
		if (earlier != null) {
			earlier.onAnswer(null);
		}
		pump();
	}

	/**
	 * CONNACK has come.
	 * @param sessionPresent whether the broker has kept the session
	 * @param unsure whether that may be another session than the one this process knows
	 */
	void connected(boolean sessionPresent, boolean unsure) {
		boolean askAll = !sessionPresent || unsure;
		for (SessionSubscription subscription : this.wanted.values()) {
			if (askAll || subscription.refused) {
				subscription.want();
			}
			subscription.onlyIfNew = sessionPresent && (unsure || subscription.onlyIfNew);
		}
		if (!sessionPresent) {
			List<End> ended = List.copyOf(this.ending.values());
			this.ending.clear();
			ended.forEach((end) -> end.onAnswer(null));
		}
	}

	void connectionLost() {
		this.idsInUse.forEach(this.ids::release);
		this.idsInUse.clear();
		for (SessionSubscription subscription : this.wanted.values()) {
			if (subscription.state() == State.ASKED) {
				subscription.want();
			}
		}
		this.ending.values().forEach((end) -> end.asked = false);
	}

	void pump() {
		if (!this.output.isOpen()) {
			return;
		}
		this.starved = true;
		// First what ends, so that a filter that is wanted again is not lost
		for (End end : this.ending.values()) {
			if (!end.asked) {
				int id = allocate(end);
				if (id == 0) {
					return;
				}
				end.asked = true;
				this.output.encoder.unsubscribe(this.output.filling, id, List.of(end.filter()), List.of());
			}
		}
		Batch batch = new Batch();
		for (SessionSubscription subscription : this.wanted.values()) {
			if (subscription.state() == State.WANTED) {
				MqttReasonCode refusal = refusal(subscription.entry().filter());
				if (refusal != null) {
					subscription.answered(refusal);
				}
				else if (!batch.add(subscription)) {
					return;
				}
			}
		}
		this.starved = !batch.send();
	}

	/**
	 * Go on when there may be packet ids again.
	 */
	void pumpStarved() {
		if (this.starved) {
			pump();
		}
	}

	/**
	 * Return how the broker would refuse a filter, by what it said in CONNACK. It need
	 * not be asked, and could close the connection when it is.
	 */
	private @Nullable MqttReasonCode refusal(String filter) {
		ConnAck limits = this.output.limits;
		if (!limits.sharedAvailable() && MqttTopics.isShared(filter)) {
			return MqttReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
		}
		if (!limits.wildcardAvailable() && (filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0)) {
			return MqttReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
		}
		if (MOST_BEFORE_FILTERS + bytes(filter) > limits.maximumPacketSize()) {
			return MqttReasonCode.PACKET_TOO_LARGE;
		}
		return null;
	}

	// With length and options
	private static int bytes(String filter) {
		return 2 + filter.getBytes(StandardCharsets.UTF_8).length + 1;
	}

	private int allocate(Object owner) {
		int id = this.ids.allocate(owner);
		if (id != 0) {
			this.idsInUse.add(id);
		}
		return id;
	}

	private void release(int id) {
		this.ids.release(id);
		this.idsInUse.remove(Integer.valueOf(id));
	}

	void onSubAck(int packetId, List<MqttReasonCode> reasons, SessionListener listener) {
		Object owner = this.ids.owner(packetId);
		if (owner == null) {
			listener.onIgnored("SUBACK for packet id %d, which is not in use".formatted(packetId));
			return;
		}
		if (!(owner instanceof Batch batch)) {
			throw wrongPacket("SUBACK", packetId);
		}
		if (reasons.size() != batch.subscriptions.size()) {
			throw wrongCount("SUBACK", packetId, reasons.size(), batch.subscriptions.size());
		}
		release(packetId);
		for (int i = 0; i < reasons.size(); i++) {
			SessionSubscription subscription = batch.subscriptions.get(i);
			if (subscription.state() == State.ASKED) {
				subscription.answered(reasons.get(i));
			}
		}
	}

	void onUnsubAck(int packetId, List<MqttReasonCode> reasons, SessionListener listener) {
		Object owner = this.ids.owner(packetId);
		if (owner == null) {
			listener.onIgnored("UNSUBACK for packet id %d, which is not in use".formatted(packetId));
			return;
		}
		if (!(owner instanceof End end)) {
			throw wrongPacket("UNSUBACK", packetId);
		}
		if (reasons.size() > 1) {
			throw wrongCount("UNSUBACK", packetId, reasons.size(), 1);
		}
		release(packetId);
		if (this.ending.remove(end.filter(), end)) {
			end.onAnswer(reasons.isEmpty() ? MqttReasonCode.SUCCESS : reasons.get(0));
		}
	}

	private static MqttProtocolException wrongPacket(String packet, int packetId) {
		return new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
				"%s for packet id %d, which waits for another packet".formatted(packet, packetId));
	}

	private static MqttProtocolException wrongCount(String packet, int packetId, int answers, int asked) {
		return new MqttProtocolException(MqttReasonCode.PROTOCOL_ERROR,
				"%s for packet id %d answers %d filters: %d were asked for".formatted(packet, packetId, answers,
						asked));
	}

	/**
	 * The filters of one SUBSCRIBE. With subscription identifiers, which are given per
	 * packet, each filter has its own.
	 */
	private final class Batch {

		private final List<SessionSubscription> subscriptions = new ArrayList<>();

		private int bytes = MOST_BEFORE_FILTERS;

		/**
		 * Add a filter, sending what is full.
		 * @return whether it could be sent
		 */
		boolean add(SessionSubscription subscription) {
			if (Subscribing.this.output.limits.subscriptionIdentifiersAvailable()) {
				Batch alone = new Batch();
				alone.subscriptions.add(subscription);
				return alone.send();
			}
			int more = bytes(subscription.entry().filter());
			if (this.subscriptions.size() == Subscribing.this.batchSize || this.bytes + more > Math.min(MAX_BATCH_BYTES,
					Subscribing.this.output.limits.maximumPacketSize())) {
				Batch full = new Batch();
				full.subscriptions.addAll(this.subscriptions);
				if (!full.send()) {
					return false;
				}
				this.subscriptions.clear();
				this.bytes = MOST_BEFORE_FILTERS;
			}
			this.subscriptions.add(subscription);
			this.bytes += more;
			return true;
		}

		boolean send() {
			if (this.subscriptions.isEmpty()) {
				return true;
			}
			int id = allocate(this);
			if (id == 0) {
				return false;
			}
			List<SubscribeEntry> entries = this.subscriptions.stream().map(this::adapt).toList();
			Output output = Subscribing.this.output;
			output.encoder.subscribe(output.filling, id, entries,
					output.limits.subscriptionIdentifiersAvailable() ? this.subscriptions.get(0).identifier() : 0,
					List.of());
			this.subscriptions.forEach(SessionSubscription::asked);
			return true;
		}

		// A broker that kept the subscription need not send again what it had sent before
		private SubscribeEntry adapt(SessionSubscription subscription) {
			SubscribeEntry entry = subscription.entry();
			return (subscription.onlyIfNew && entry.retainHandling() == 0) ? new SubscribeEntry(entry.filter(),
					entry.qos(), entry.noLocal(), entry.retainAsPublished(), SEND_IF_NEW) : entry;
		}

	}

}
