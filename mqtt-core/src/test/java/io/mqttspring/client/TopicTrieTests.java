package io.mqttspring.client;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finding filters by topic (MQTT 5.0 §4.7).
 */
class TopicTrieTests {

	private final TopicTrie<String> trie = new TopicTrie<>();

	@ParameterizedTest
	@CsvSource({ // the examples of §4.7.1.2, §4.7.1.3 and §4.7.2
			"sport/tennis/player1/#, sport/tennis/player1, true", //
			"sport/tennis/player1/#, sport/tennis/player1/ranking, true", //
			"sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true", //
			"sport/#, sport, true", //
			"sport/#, sports, false", //
			"#, a/b/c, true", //
			"#, /, true", //
			"sport/tennis/+, sport/tennis/player1, true", //
			"sport/tennis/+, sport/tennis/player1/ranking, false", //
			"sport/+, sport, false", //
			"sport/+, sport/, true", //
			"+/+, /finance, true", //
			"/+, /finance, true", //
			"+, /finance, false", //
			"+/tennis/#, sport/tennis, true", //
			"a//b, a//b, true", //
			"a/+/b, a//b, true", //
			"a/b, a/B, false", // [MQTT-4.7.3-4]: no normalization
			"a/b, a/b/, false", //
			"#, $SYS/uptime, false", // [MQTT-4.7.2-1]
			"+/uptime, $SYS/uptime, false", //
			"$SYS/#, $SYS/uptime, true", //
			"$SYS/+, $SYS/uptime, true", //
			"a/#, a/$b, true" // only a first level hides it
	})
	void filterMatches(String filter, String topic, boolean matches) {
		this.trie.computeIfAbsent(filter, () -> filter);
		assertThat(this.trie.match(topic)).isEqualTo(matches ? List.of(filter) : List.of());
		assertThat(matchesOneByOne(filter, topic)).as("the reference of the other tests").isEqualTo(matches);
	}

	@Test
	void filterHasOneValue() {
		assertThat(this.trie.computeIfAbsent("a/+", () -> "first")).isEqualTo("first");
		assertThat(this.trie.computeIfAbsent("a/+", () -> "second")).isEqualTo("first");
		assertThat(this.trie.match("a/b")).containsExactly("first");
	}

	@Test
	void removedFilterLeavesThoseAboveAndBelowIt() {
		Stream.of("a", "a/b", "a/b/c", "a/+", "a/#").forEach((one) -> this.trie.computeIfAbsent(one, () -> one));
		this.trie.remove("a/b");
		assertThat(this.trie.match("a/b")).containsExactlyInAnyOrder("a/+", "a/#");
		assertThat(this.trie.match("a/b/c")).containsExactlyInAnyOrder("a/b/c", "a/#");
		assertThat(this.trie.match("a")).containsExactlyInAnyOrder("a", "a/#");
		this.trie.remove("a/never/was");
		assertThat(this.trie.match("a")).containsExactlyInAnyOrder("a", "a/#");
	}

	@Test
	void manyFiltersMatchAsEachDoesAlone() {
		Random random = new Random(4711);
		TreeSet<String> filters = new TreeSet<>();
		for (int round = 0; round < 5_000; round++) {
			String filter = random(random, "a", "b", "$c", "", "+") + ((random.nextInt(4) != 0) ? "" : "/#");
			if (random.nextBoolean()) {
				filters.add(filter);
				this.trie.computeIfAbsent(filter, () -> filter);
			}
			else if (!filters.isEmpty()) {
				String present = filters.ceiling(filter);
				String removed = (present != null) ? present : filters.first();
				filters.remove(removed);
				this.trie.remove(removed);
			}
			String topic = random(random, "a", "b", "$c", "");
			assertThat(this.trie.match(topic)).as(topic)
				.containsExactlyInAnyOrderElementsOf(
						filters.stream().filter((one) -> matchesOneByOne(one, topic)).toList());
		}
	}

	private static String random(Random random, String... levels) {
		return String.join("/",
				random.ints(1 + random.nextInt(4), 0, levels.length).mapToObj((level) -> levels[level]).toList());
	}

	// The rules as they are written, without a tree
	private static boolean matchesOneByOne(String filter, String topic) {
		if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
			return false;
		}
		String[] wanted = filter.split("/", -1);
		String[] levels = topic.split("/", -1);
		for (int i = 0; i < wanted.length; i++) {
			if (wanted[i].equals("#")) {
				return levels.length >= i;
			}
			if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
				return false;
			}
		}
		return wanted.length == levels.length;
	}

}
