package io.mqttspring.client.session;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PacketIdsTests {

	private final PacketIds ids = new PacketIds();

	@ParameterizedTest // [MQTT-2.2.1-3]
	@ValueSource(ints = { 1, 2, 777, 65_534, 65_535 })
	void givesEachIdOnceAndNoOther(int first) {
		this.ids.beginAt(first);
		Set<Integer> given = new HashSet<>();
		assertThat(this.ids.allocate(first)).isEqualTo(first);
		given.add(first);
		for (int i = 1; i < 65_535; i++) {
			Object owner = new Object();
			int id = this.ids.allocate(owner);
			assertThat(id).isBetween(1, 65_535);
			assertThat(this.ids.owner(id)).isSameAs(owner);
			given.add(id);
		}
		assertThat(given).hasSize(65_535);
		assertThat(this.ids.allocate(new Object())).isZero();
		this.ids.release(4711);
		assertThat(this.ids.owner(4711)).isNull();
		assertThat(this.ids.allocate("next")).isEqualTo(4711);
		assertThat(this.ids.owner(4711)).isEqualTo("next");
	}

	@Test
	void knowsNoOwnerOfWhatIsNotGiven() {
		assertThat(this.ids.owner(1)).isNull();
		assertThat(this.ids.owner(65_535)).isNull();
		this.ids.beginAt(60_000);
		this.ids.allocate("a");
		for (int id = 1; id <= 65_535; id++) {
			assertThat(this.ids.owner(id)).isEqualTo((id == 60_000) ? "a" : null);
		}
	}

	@Test
	void goesOnBehindTheLastOneThatIsStillInUse() {
		for (int i = 1; i <= 7; i++) {
			this.ids.allocate(i);
		}
		this.ids.release(3);
		assertThat(this.ids.allocate("a")).isEqualTo(8);
	}

	@Test
	void whatIsNotInUseCannotBeReleased() {
		assertThatIllegalStateException().isThrownBy(() -> this.ids.release(5))
			.withMessage("Packet id 5 is not in use");
		this.ids.allocate("a");
		this.ids.release(1);
		assertThatIllegalStateException().isThrownBy(() -> this.ids.release(1));
		assertThatIllegalStateException().isThrownBy(() -> this.ids.release(65_535));
	}

	@Test
	void beginsElsewhereOnlyWhileNoneIsInUse() {
		this.ids.allocate("a");
		assertThatIllegalStateException().isThrownBy(() -> this.ids.beginAt(9));
		this.ids.release(1);
		this.ids.beginAt(9);
		assertThat(this.ids.allocate("b")).isEqualTo(9);
	}

}
