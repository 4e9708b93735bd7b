package io.mqttspring.client;

import java.nio.charset.StandardCharsets;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

class MqttTopicsTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "/", "//", "plant/7/state", "/finance", "finance/", "Accounts payable", "$SYS/broker",
			"größe/°C", "温度", "a/\uFEFF/b", "plant/\uD83D\uDE00", "\uD83D\uDE00\uD83D\uDE00", "\uFFFF" })
	void countsTheBytesOfATopicName(String topic) {
		assertThat(MqttTopics.checkName(topic)).isEqualTo(topic.getBytes(StandardCharsets.UTF_8).length);
	}

	@Property
	void countsTheBytesOfWhatCanBeWrittenInUtf8AndRefusesTheRest(@ForAll("texts") String topic) {
		boolean writable = StandardCharsets.UTF_8.newEncoder().canEncode(topic) && topic.indexOf(0) < 0
				&& topic.indexOf('+') < 0 && topic.indexOf('#') < 0 && !topic.isEmpty();
		if (writable) {
			assertThat(MqttTopics.checkName(topic)).isEqualTo(topic.getBytes(StandardCharsets.UTF_8).length);
		}
		else {
			assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName(topic));
		}
	}

	@Provide
	Arbitrary<String> texts() {
		return Arbitraries
			.of("a", "/", "\u007F", "\u0080", "ä", "\u07FF", "\u0800", "\uFFFD", "\uD83D\uDE00", "\uD83D", "\uDE00",
					"\0", "+", "#")
			.list()
			.ofMaxSize(6)
			.map((parts) -> String.join("", parts));
	}

	@Test // [MQTT-4.7.3-1]
	void refusesAnEmptyTopicName() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName(""))
			.withMessage("Topic name is empty: it has to have at least one character");
	}

	@Test // [MQTT-3.3.2-2] [MQTT-4.7.0-1]
	void refusesWildcardsInATopicName() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("plant/+/state"))
			.withMessage(
					"Topic name 'plant/+/state': '+' is a wildcard and has no place in the name of a topic to publish to");
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("plant/#"))
			.withMessageContaining("'#' is a wildcard");
	}

	@Test // [MQTT-4.7.3-2] [MQTT-1.5.4-2]
	void refusesTheNullCharacter() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("plant/\0"))
			.withMessage("Topic name has the character U+0000 at 6, which MQTT does not allow");
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter("plant/\0"))
			.withMessage("Topic filter has the character U+0000 at 6, which MQTT does not allow");
	}

	@ParameterizedTest // [MQTT-1.5.4-1]
	@ValueSource(strings = { "a\uD83D", "a\uDE00", "a\uDE00\uD83D", "a\uD83D\uD83D\uDE00", "a\uD83Db" })
	void refusesHalfASurrogatePair(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName(text))
			.withMessage("Topic name has half a surrogate pair at 1, which cannot be written in UTF-8");
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(text))
			.withMessageContaining("half a surrogate pair at 1");
	}

	@Test // [MQTT-4.7.3-3]
	void refusesMoreThan65535Bytes() {
		assertThat(MqttTopics.checkName("a".repeat(65_535))).isEqualTo(65_535);
		assertThat(MqttTopics.checkName("ä".repeat(32_767))).isEqualTo(65_534);
		assertThatNoException().isThrownBy(() -> MqttTopics.checkFilter("a".repeat(65_535)));
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("a".repeat(65_536)))
			.withMessage("Topic name takes 65,536 bytes in UTF-8: at most 65,535 are allowed");
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("ä".repeat(32_768)));
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkName("\uD83D\uDE00".repeat(16_384)));
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter("a".repeat(65_536)))
			.withMessage("Topic filter takes 65,536 bytes in UTF-8: at most 65,535 are allowed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "/", "#", "+", "a/#", "/#", "+/#", "+/+", "/+", "+/", "a/+/b/#", "sport/tennis/+",
			"$SYS/#", "$share/g/a", "$share/g/#", "$share/g/+/b", "$share/g//", "$share/consumer1//finance",
			"$shared/a", "$share", "$queue/a" })
	void takesTopicFilters(String filter) {
		assertThatNoException().isThrownBy(() -> MqttTopics.checkFilter(filter));
	}

	@Test // [MQTT-4.7.3-1]
	void refusesAnEmptyFilter() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(""))
			.withMessage("Topic filter is empty: it has to have at least one character");
	}

	@ParameterizedTest // [MQTT-4.7.1-1]
	@ValueSource(strings = { "fleet/#/state", "#/", "##", "#a", "/#/" })
	void refusesAHashThatIsNotTheLastLevel(String filter) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(filter))
			.withMessage("Topic filter '%s': '#' may only be the last level; use '+', or move '#' to the end", filter);
	}

	@ParameterizedTest // [MQTT-4.7.1-1] [MQTT-4.7.1-2]
	@ValueSource(strings = { "sport/tennis#", "a#", "+#", "sport+", "+a", "a/b+/c", "a/+b/c", "++", "a/++" })
	void refusesAWildcardThatSharesItsLevel(String filter) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(filter))
			.withMessageMatching("Topic filter '.*': '[+#]' has to be a level of its own, between slashes");
	}

	@ParameterizedTest // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
	@ValueSource(
			strings = { "$share/", "$share//", "$share//a", "$share/+/a", "$share/#", "$share/g+/a", "$share/g#/a" })
	void refusesAShareNameThatIsNone(String filter) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(filter))
			.withMessageContaining("the share name after '$share/'");
	}

	@ParameterizedTest // [MQTT-4.8.2-2]
	@ValueSource(strings = { "$share/g", "$share/g/" })
	void refusesAShareNameWithoutAFilter(String filter) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopics.checkFilter(filter))
			.withMessage("Topic filter '%s': a filter has to follow the share name, as in '$share/g/#'", filter);
	}

	@ParameterizedTest
	@CsvSource({ "a/b,a/b", "$share/g/a/b,a/b", "$share/g//a,/a", "$share/g/#,#", "$SYS/a,$SYS/a",
			"$shared/g/a,$shared/g/a" })
	void matchesASharedSubscriptionByWhatFollowsTheShareName(String filter, String plain) {
		assertThat(MqttTopics.withoutShare(filter)).isEqualTo(plain);
	}

}
