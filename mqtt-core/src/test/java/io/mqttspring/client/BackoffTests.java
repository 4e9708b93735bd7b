package io.mqttspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	private final ReconnectOptions options = ReconnectOptions.DEFAULTS
		.withDelays(Duration.ofSeconds(1), Duration.ofSeconds(10))
		.withMultiplier(3)
		.withRefusedDelay(Duration.ofSeconds(100));

	/**
	 * Return the longest of many waits at each step, to be close below the bound.
	 */
	private List<Duration> longest(int steps, Backoff... many) {
		List<Duration> longest = new ArrayList<>();
		for (int i = 0; i < steps; i++) {
			longest.add(Stream.of(many).map(Backoff::next).max(Duration::compareTo).orElseThrow());
		}
		return longest;
	}

	private Backoff[] many() {
		return Stream.generate(() -> new Backoff(this.options)).limit(2000).toArray(Backoff[]::new);
	}

	@Test
	void boundGrowsToTheLongestWaitAndStaysThere() {
		List<Duration> longest = longest(5, many());
		List<Integer> bounds = List.of(1000, 3000, 9000, 10_000, 10_000);
		for (int i = 0; i < bounds.size(); i++) {
			assertThat(longest.get(i)).isBetween(Duration.ofMillis(bounds.get(i) * 95 / 100),
					Duration.ofMillis(bounds.get(i)));
		}
	}

	@Test
	void jitterIsFull() {
		assertThat(Stream.of(many()).map(Backoff::next)).anyMatch((wait) -> wait.toMillis() < 50)
			.anyMatch((wait) -> wait.toMillis() > 450 && wait.toMillis() < 550);
	}

	@Test
	void connectionThatEndsSoonIsNoReasonToComeBackSoon() {
		Backoff[] many = many();
		longest(3, many); // up to 9 s
		Stream.of(many).forEach((backoff) -> backoff.connectionLived(Duration.ofSeconds(8)));
		assertThat(longest(1, many).get(0)).isGreaterThan(Duration.ofSeconds(9));
		Stream.of(many).forEach((backoff) -> backoff.connectionLived(Duration.ofSeconds(11)));
		assertThat(longest(1, many).get(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void refusalIsNeverTriedAgainSoon() {
		assertThat(Stream.of(many()).map(Backoff::nextAfterRefusal)).allMatch((wait) -> wait.toSeconds() >= 50)
			.allMatch((wait) -> wait.toSeconds() <= 100)
			.anyMatch((wait) -> wait.toSeconds() > 90);
	}

}
