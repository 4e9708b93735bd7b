package io.mqttspring.client.session.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Runs many schedules of the simulator ({@code docs/reliability.md}): one seed, one
 * schedule. <pre>
 * mvn test -pl mqtt-core -Dtest=SimulatorTests -Dsimulator.seeds=1000000 -Dsimulator.first=100001
 * mvn test -pl mqtt-core -Dtest=SimulatorTests -Dsimulator.seed=4711
 * </pre>
 */
class SimulatorTests {

	private static final long DEFAULT_SEEDS = 100_000;

	@Test
	void allInvariantsHoldInEverySchedule() {
		Long seed = Long.getLong("simulator.seed");
		if (seed != null) {
			System.out.println(replay(seed));
			return;
		}
		long seeds = Long.getLong("simulator.seeds", DEFAULT_SEEDS);
		long first = Long.getLong("simulator.first", 1);
		long began = System.nanoTime();
		Map<Seen, Long> seen = LongStream.range(first, first + seeds)
			.parallel()
			.collect(() -> new EnumMap<>(Seen.class), (counts, one) -> count(counts, run(one)),
					(counts, others) -> others.forEach((what, count) -> counts.merge(what, count, Long::sum)));
		System.out.printf("Simulator: %,d schedules in %.1f s%n", seeds, (System.nanoTime() - began) / 1e9);
		seen.forEach((what, count) -> System.out.printf("%12d %s%n", count, what));
		if (seeds >= DEFAULT_SEEDS) {
			assertThat(Set.of(Seen.values())).as("what %,d schedules have to have had in them", seeds)
				.isEqualTo(seen.keySet());
		}
	}

	private static void count(Map<Seen, Long> counts, Set<Seen> seen) {
		seen.forEach((what) -> counts.merge(what, 1L, Long::sum));
	}

	private static Set<Seen> run(long seed) {
		Simulation simulation = new Simulation(seed, false);
		try {
			simulation.run();
		}
		catch (Throwable ex) {
			replay(seed);
			throw new IllegalStateException("Seed %d failed, and not when it was played again".formatted(seed), ex);
		}
		return simulation.coverage().all();
	}

	private static String replay(long seed) {
		Simulation simulation = new Simulation(seed, true);
		try {
			simulation.run();
		}
		catch (Throwable ex) {
			fail("""
					Seed %d: %s

					%s

					Replay: mvn test -pl mqtt-core -Dtest=SimulatorTests -Dsimulator.seed=%d""".formatted(seed,
					ex.getMessage(), simulation.trace(), seed), ex);
		}
		return simulation.trace();
	}

}
