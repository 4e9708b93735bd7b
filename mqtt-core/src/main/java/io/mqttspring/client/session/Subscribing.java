package io.mqttspring.client.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.codec.SubscribeEntry;
import io.mqttspring.client.session.SessionSubscription.End;
import io.mqttspring.client.session.SessionSubscription.State;

/**
 * Subscriptions: made, made again when the broker may not have them, and ended (MQTT 5.0
 * §3.8, §3.10).
 */
final class Subscribing {

	private static final int MAX_BATCH_CHARACTERS = 16 << 10; // far below any packet size

	private static final int SEND_IF_NEW = 1;

	private final PacketIds ids;

	private final Output output;

	// As long as the session, through any number of connections; both by filter
	private final Map<String, SessionSubscription> wanted = new LinkedHashMap<>();

	private final Map<String, End> ending = new LinkedHashMap<>();

	private boolean connectedBefore;

	// As long as one connection
	private final List<Integer> idsInUse = new ArrayList<>();

	private boolean resumed; // a session from before this process

	Subscribing(PacketIds ids, Output output) {
		this.ids = ids;
		this.output = output;
	}

	void subscribe(SessionSubscription subscription) {
		End ending = this.ending.remove(subscription.entry().filter());
		if (ending != null) {
			ending.onAnswer(null);
		}
		subscription.state = State.WANTED;
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

	void connected(boolean sessionPresent) {
		this.resumed = sessionPresent && !this.connectedBefore;
		boolean askAll = !sessionPresent || !this.connectedBefore;
		this.connectedBefore = true;
		for (SessionSubscription subscription : this.wanted.values()) {
			if (askAll || subscription.refused) {
				subscription.state = State.WANTED;
			}
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
			if (subscription.state == State.ASKED) {
				subscription.state = State.WANTED;
			}
		}
		this.ending.values().forEach((end) -> end.asked = false);
	}

	void pump() {
		if (!this.output.connected) {
			return;
		}
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
			if (subscription.state == State.WANTED && !batch.add(subscription)) {
				return;
			}
		}
		batch.send();
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
			if (subscription.state == State.ASKED) {
				subscription.state = State.ANSWERED;
				subscription.refused = reasons.get(i).isError();
				subscription.onAnswer(reasons.get(i));
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

		private int characters;

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
			int length = subscription.entry().filter().length();
			if (this.characters + length > MAX_BATCH_CHARACTERS) {
				Batch full = new Batch();
				full.subscriptions.addAll(this.subscriptions);
				if (!full.send()) {
					return false;
				}
				this.subscriptions.clear();
				this.characters = 0;
			}
			this.subscriptions.add(subscription);
			this.characters += length;
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
			List<SubscribeEntry> entries = this.subscriptions.stream()
				.map((subscription) -> adapt(subscription.entry()))
				.toList();
			Output output = Subscribing.this.output;
			output.encoder.subscribe(output.filling, id, entries,
					output.limits.subscriptionIdentifiersAvailable() ? this.subscriptions.get(0).identifier() : 0,
					List.of());
			this.subscriptions.forEach((subscription) -> subscription.state = State.ASKED);
			return true;
		}

		// A broker that kept the session of an earlier process need not send again what
		// it had sent to that
		private SubscribeEntry adapt(SubscribeEntry entry) {
			return (Subscribing.this.resumed && entry.retainHandling() == 0) ? new SubscribeEntry(entry.filter(),
					entry.qos(), entry.noLocal(), entry.retainAsPublished(), SEND_IF_NEW) : entry;
		}

	}

}
