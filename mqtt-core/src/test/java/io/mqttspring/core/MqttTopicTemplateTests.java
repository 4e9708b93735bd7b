package io.mqttspring.core;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MqttTopicTemplateTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			fleet/state,                     fleet/state
			fleet/+/#,                       fleet/+/#
			fleet/{deviceId}/telemetry,      fleet/+/telemetry
			{tenant}/fleet/{deviceId},       +/fleet/+
			fleet/{path*},                   fleet/#
			{all*},                          #
			$share/g/fleet/{deviceId}/state, $share/g/fleet/+/state
			/{leading}/,                     /+/
			""")
	void namedLevelsAreWildcards(String template, String filter) {
		assertThat(MqttTopicTemplate.parse(template).filter()).isEqualTo(filter);
	}

	@Test
	void levelsOfATopicAreFoundByName() {
		MqttTopicTemplate template = MqttTopicTemplate.parse("{tenant}/fleet/{deviceId}/{path*}");
		assertThat(template.values("acme/fleet/7/engine/temperature"))
			.isEqualTo(Map.of("tenant", "acme", "deviceId", "7", "path", "engine/temperature"));
		assertThat(template.value("deviceId", "acme/fleet/7/engine")).isEqualTo("7");
		assertThat(template.value("deviceId", "acme/fleet//engine")).isEmpty();
		assertThat(template.variables()).containsExactly("tenant", "deviceId", "path");
	}

	@Test
	void restIsEmptyWhereTheTopicEndsBeforeIt() {
		MqttTopicTemplate template = MqttTopicTemplate.parse("fleet/{path*}");
		assertThat(template.value("path", "fleet")).isEmpty();
		assertThat(template.value("path", "fleet/")).isEmpty();
		assertThat(template.value("path", "fleet/a/b")).isEqualTo("a/b");
		assertThat(MqttTopicTemplate.parse("{all*}").value("all", "a/b")).isEqualTo("a/b");
	}

	@Test
	void levelsOfASharedSubscriptionAreThoseOfTheTopic() {
		MqttTopicTemplate template = MqttTopicTemplate.parse("$share/adapters/fleet/{deviceId}/state");
		assertThat(template.value("deviceId", "fleet/7/state")).isEqualTo("7");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					fleet/dev-{id}/state | Topic filter 'fleet/dev-{id}/state': 'dev-{id}' is no named level, which looks like '{name}' and stands between slashes; use '+' for a level that has braces
					fleet/{}/state       | Topic filter 'fleet/{}/state': '{}' is no named level, which looks like '{name}' and stands between slashes; use '+' for a level that has braces
					fleet/{path*}/state  | Topic filter 'fleet/{path*}/state': '{path*}' may only be the last level; use '{path}'
					fleet/{id}/{id}      | Topic filter 'fleet/{id}/{id}': two levels are named 'id'
					fleet/#/state        | Topic filter 'fleet/#/state': '#' may only be the last level; use '+', or move '#' to the end
					""")
	void whatIsNoTemplateIsRefusedWithTheReason(String template, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttTopicTemplate.parse(template)).withMessage(message);
	}

	@Test
	void topicWithoutTheLevelIsToldFromOneWithAnEmptyLevel() {
		MqttTopicTemplate template = MqttTopicTemplate.parse("fleet/{deviceId}/state");
		assertThatIllegalArgumentException().isThrownBy(() -> template.value("deviceId", "fleet"))
			.withMessage("Topic 'fleet' has no level for {deviceId} of topic filter 'fleet/{deviceId}/state'");
		assertThatIllegalArgumentException().isThrownBy(() -> template.value("id", "fleet/7/state"))
			.withMessage("Topic filter 'fleet/{deviceId}/state' has no level {id}");
	}

}
