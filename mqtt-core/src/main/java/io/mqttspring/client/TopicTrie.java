package io.mqttspring.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Topic filters and what they stand for, found by topic (MQTT 5.0 §4.7). Not thread-safe.
 *
 * @param <V> what a filter stands for
 */
final class TopicTrie<V> {

	private final Node<V> root = new Node<>();

	/**
	 * Return the value of a filter, made first where there is none.
	 */
	V computeIfAbsent(String filter, Supplier<V> value) {
		Node<V> node = this.root;
		for (String level : filter.split("/", -1)) {
			node = node.children.computeIfAbsent(level, (key) -> new Node<>());
		}
		V present = node.value;
		if (present == null) {
			present = value.get();
			node.value = present;
		}
		return present;
	}

	void remove(String filter) {
		remove(this.root, filter.split("/", -1), 0);
	}

	private static <V> void remove(Node<V> node, String[] levels, int depth) {
		if (depth == levels.length) {
			node.value = null;
			return;
		}
		Node<V> child = node.children.get(levels[depth]);
		if (child != null) {
			remove(child, levels, depth + 1);
			if (child.value == null && child.children.isEmpty()) {
				node.children.remove(levels[depth]);
			}
		}
	}

	/**
	 * Return the values of all filters that match.
	 */
	List<V> match(String topic) {
		List<V> found = new ArrayList<>(2);
		match(this.root, topic.split("/", -1), 0, found);
		return found;
	}

	private static <V> void match(Node<V> node, String[] levels, int depth, List<V> found) {
		// A wildcard at the front does not match topics of the broker's own
		// [MQTT-4.7.2-1]
		boolean wildcards = depth > 0 || !levels[0].startsWith("$");
		if (wildcards) {
			Node<V> rest = node.children.get("#"); // matches the parent level too
			if (rest != null) {
				rest.addTo(found);
			}
		}
		if (depth == levels.length) {
			node.addTo(found);
			return;
		}
		if (wildcards) {
			Node<V> any = node.children.get("+");
			if (any != null) {
				match(any, levels, depth + 1, found);
			}
		}
		Node<V> exact = node.children.get(levels[depth]);
		if (exact != null) {
			match(exact, levels, depth + 1, found);
		}
	}

	private static final class Node<V> {

		private final Map<String, Node<V>> children = new HashMap<>(2);

		private @Nullable V value;

		private void addTo(List<V> found) {
			if (this.value != null) {
				found.add(this.value);
			}
		}

	}

}
