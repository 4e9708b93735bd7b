package io.mqttspring.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.mqttspring.client.MqttTopics;

/**
 * A topic filter with names for its levels: {@code fleet/{deviceId}/telemetry} stands for
 * {@code fleet/+/telemetry}, and {@code fleet/{path*}}, where the name has to be the last
 * level, for {@code fleet/#}. Immutable.
 */
public final class MqttTopicTemplate {

	private final String text;

	private final String filter;

	private final List<Variable> variables;

	private MqttTopicTemplate(String text, String filter, List<Variable> variables) {
		this.text = text;
		this.filter = filter;
		this.variables = List.copyOf(variables);
	}

	/**
	 * Parse a template.
	 * @param text a topic filter, with or without named levels; may begin with
	 * {@code $share/group/}
	 * @return the template
	 * @throws IllegalArgumentException if it is no topic filter, or a name is not one
	 */
	public static MqttTopicTemplate parse(String text) {
		String[] levels = text.split("/", -1);
		int first = MqttTopics.isShared(text) ? 2 : 0; // what topics are matched from
		List<Variable> variables = new ArrayList<>();
		for (int i = 0; i < levels.length; i++) {
			String level = levels[i];
			if (level.indexOf('{') < 0 && level.indexOf('}') < 0) {
				continue;
			}
			Variable variable = variable(text, level, i - first);
			if (variable.rest() && i != levels.length - 1) {
				throw new IllegalArgumentException("Topic filter '%s': '%s' may only be the last level; use '{%s}'"
					.formatted(text, level, variable.name()));
			}
			if (variables.stream().anyMatch((other) -> other.name().equals(variable.name()))) {
				throw new IllegalArgumentException(
						"Topic filter '%s': two levels are named '%s'".formatted(text, variable.name()));
			}
			variables.add(variable);
			levels[i] = variable.rest() ? "#" : "+";
		}
		String filter = String.join("/", levels);
		MqttTopics.checkFilter(filter);
		return new MqttTopicTemplate(text, filter, variables);
	}

	private static Variable variable(String text, String level, int index) {
		String inner = (level.startsWith("{") && level.endsWith("}")) ? level.substring(1, level.length() - 1) : "";
		boolean rest = inner.endsWith("*");
		String name = rest ? inner.substring(0, inner.length() - 1) : inner;
		if (name.isEmpty() || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
			throw new IllegalArgumentException(
					"Topic filter '%s': '%s' is no named level, which looks like '{name}' and stands between slashes; use '+' for a level that has braces"
						.formatted(text, level));
		}
		return new Variable(name, index, rest);
	}

	/**
	 * Return the topic filter to subscribe to.
	 * @return the filter, with a wildcard for each name
	 */
	public String filter() {
		return this.filter;
	}

	/**
	 * Return whether a level has the given name.
	 * @param name the name
	 * @return whether {@link #value} has an answer
	 */
	public boolean hasVariable(String name) {
		return this.variables.stream().anyMatch((variable) -> variable.name().equals(name));
	}

	/**
	 * Return the names of the levels.
	 * @return an unmodifiable list, in the order of the levels
	 */
	public List<String> variables() {
		return this.variables.stream().map(Variable::name).toList();
	}

	/**
	 * Return what a topic has in place of a name.
	 * @param name the name of a level
	 * @param topic a topic that matches the filter
	 * @return the level; all the rest for a name with {@code *}, empty where there is
	 * none
	 * @throws IllegalArgumentException if no level has that name, or the topic does not
	 * have as many levels
	 */
	public String value(String name, String topic) {
		for (Variable variable : this.variables) {
			if (variable.name().equals(name)) {
				return value(variable, topic);
			}
		}
		throw new IllegalArgumentException("Topic filter '%s' has no level {%s}".formatted(this.text, name));
	}

	/**
	 * Return what a topic has in place of each name.
	 * @param topic a topic that matches the filter
	 * @return a new map, by name
	 * @throws IllegalArgumentException if the topic does not have as many levels
	 */
	public Map<String, String> values(String topic) {
		Map<String, String> values = new HashMap<>();
		for (Variable variable : this.variables) {
			values.put(variable.name(), value(variable, topic));
		}
		return values;
	}

	private String value(Variable variable, String topic) {
		int start = 0;
		for (int i = 0; i < variable.level(); i++) {
			int slash = topic.indexOf('/', start);
			if (slash < 0) {
				if (variable.rest() && i == variable.level() - 1) {
					return ""; // 'fleet/#' matches 'fleet', too
				}
				throw new IllegalArgumentException("Topic '%s' has no level for {%s} of topic filter '%s'"
					.formatted(topic, variable.name(), this.text));
			}
			start = slash + 1;
		}
		int end = variable.rest() ? -1 : topic.indexOf('/', start);
		return (end < 0) ? topic.substring(start) : topic.substring(start, end);
	}

	/**
	 * Return the template as it was written.
	 */
	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * A named level.
	 *
	 * @param name the name
	 * @param level how many levels are before it
	 * @param rest whether it stands for all further levels, too
	 */
	private record Variable(String name, int level, boolean rest) {
	}

}
