package io.mqttspring.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.codec.SubscribeEntry;

/**
 * Which handlers a message is for: by subscription identifier where the broker sends one,
 * else by topic. Guarded by the connection's lock.
 */
final class Subscriptions {

	private static final int LARGEST_IDENTIFIER = 268_435_455;

	private static final int CACHE_SIZE = 256;

	private final Subscriber subscriber;

	private final Map<String, FilterEntry> byFilter = new LinkedHashMap<>();

	private final Map<Integer, FilterEntry> byIdentifier = new HashMap<>();

	// By filter without share: a plain and a shared one may then be the same
	private final TopicTrie<Map<String, FilterEntry>> trie = new TopicTrie<>();

	// The last answer of each place. The decoder gives the same string for the same
	// topic, so that most are found by identity.
	private @Nullable String @Nullable [] cachedTopics;

	private @Nullable List<HandlerSubscription> @Nullable [] cachedHandlers;

	// From a random number on: a session kept from an earlier process may still send
	// identifiers of that process, which must not be taken for ours
	private int nextIdentifier = ThreadLocalRandom.current().nextInt(1 << 21, LARGEST_IDENTIFIER / 2);

	Subscriptions(Subscriber subscriber) {
		this.subscriber = subscriber;
	}

	/**
	 * Add a handler.
	 * @return what is to be subscribed to
	 */
	FilterEntry add(HandlerSubscription subscription) {
		SubscribeOptions options = subscription.options();
		FilterEntry earlier = this.byFilter.get(options.filter());
		MqttQos qos = options.qos();
		List<HandlerSubscription> handlers = new ArrayList<>();
		if (earlier != null) { // then all of its handlers get the highest QoS asked for
			handlers.addAll(earlier.handlers());
			qos = MqttQos.of(Math.max(qos.level(), earlier.entry().qos().level()));
			this.byIdentifier.remove(earlier.identifier());
		}
		handlers.add(subscription);
		FilterEntry entry = new FilterEntry(
				new SubscribeEntry(options.filter(), qos, options.noLocal(), options.retainAsPublished(),
						options.retainHandling().ordinal()),
				(earlier != null) ? earlier.identifier() : this.nextIdentifier++, this.subscriber, handlers);
		put(entry);
		return entry;
	}

	private void put(FilterEntry entry) {
		String filter = entry.entry().filter();
		this.byFilter.put(filter, entry);
		this.byIdentifier.put(entry.identifier(), entry);
		this.trie.computeIfAbsent(MqttTopics.withoutShare(filter), () -> new LinkedHashMap<>(2)).put(filter, entry);
		forget();
	}

	/**
	 * Remove a handler.
	 * @return whether it was the last one of its filter
	 */
	boolean remove(HandlerSubscription subscription) {
		String filter = subscription.options().filter();
		FilterEntry entry = this.byFilter.get(filter);
		if (entry == null || !entry.remove(subscription)) {
			return false;
		}
		forget();
		if (!entry.handlers().isEmpty()) {
			return false;
		}
		this.byFilter.remove(filter);
		this.byIdentifier.remove(entry.identifier());
		String plain = MqttTopics.withoutShare(filter);
		Map<String, FilterEntry> same = this.trie.computeIfAbsent(plain, LinkedHashMap::new);
		same.remove(filter);
		if (same.isEmpty()) {
			this.trie.remove(plain);
		}
		return true;
	}

	private void forget() {
		this.cachedTopics = null;
		this.cachedHandlers = null;
	}

	Collection<FilterEntry> all() {
		return this.byFilter.values();
	}

	@Nullable FilterEntry find(String filter) {
		return this.byFilter.get(filter);
	}

	/**
	 * Return the subscription that a handler already has. Who subscribes it again each
	 * time that the client is connected is not to have it called more and more often.
	 */
	@Nullable HandlerSubscription find(SubscribeOptions options, MqttMessageHandler handler) {
		FilterEntry entry = this.byFilter.get(options.filter());
		if (entry != null) {
			for (HandlerSubscription one : entry.handlers()) {
				if (one.handler() == handler && one.options().equals(options)) {
					return one;
				}
			}
		}
		return null;
	}

	/**
	 * Return the handlers that a message is for, each once.
	 */
	List<HandlerSubscription> match(MqttMessage message) {
		List<Integer> identifiers = message.properties().subscriptionIdentifiers();
		if (identifiers.size() == 1) {
			FilterEntry entry = this.byIdentifier.get(identifiers.get(0));
			if (entry != null) {
				return entry.handlers();
			}
		}
		else if (!identifiers.isEmpty()) {
			List<HandlerSubscription> handlers = new ArrayList<>();
			for (Integer identifier : identifiers) {
				FilterEntry entry = this.byIdentifier.get(identifier);
				if (entry != null && !handlers.containsAll(entry.handlers())) {
					handlers.addAll(entry.handlers());
				}
			}
			if (!handlers.isEmpty()) {
				return handlers;
			}
		}
		return matchTopic(message.topic());
	}

	@SuppressWarnings("unchecked") // an array of lists
	private List<HandlerSubscription> matchTopic(String topic) {
		if (this.cachedTopics == null || this.cachedHandlers == null) {
			this.cachedTopics = new String[CACHE_SIZE];
			this.cachedHandlers = (List<HandlerSubscription>[]) new List<?>[CACHE_SIZE];
		}
		int hash = topic.hashCode();
		int place = (hash ^ hash >>> 16) & (CACHE_SIZE - 1);
		List<HandlerSubscription> cached = this.cachedHandlers[place];
		if (cached != null && topic.equals(this.cachedTopics[place])) {
			return cached;
		}
		List<HandlerSubscription> handlers = new ArrayList<>();
		this.trie.match(topic).forEach((same) -> same.values().forEach((entry) -> handlers.addAll(entry.handlers())));
		List<HandlerSubscription> found = List.copyOf(handlers);
		this.cachedTopics[place] = topic;
		this.cachedHandlers[place] = found;
		return found;
	}

}
