package io.mqttspring.boot.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the annotation processor wrote of this module's properties.
 */
record MqttMetadata(String name, String type, String description, String defaultValue) {

	static List<MqttMetadata> all() {
		return StreamSupport.stream(read().get("properties").spliterator(), false)
			.map((property) -> new MqttMetadata(text(property, "name"), text(property, "type"),
					text(property, "description"), text(property, "defaultValue")))
			.toList();
	}

	private static JsonNode read() {
		try {
			URI classes = MqttProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI();
			return JsonMapper.shared()
				.readTree(Path.of(classes).resolve("META-INF/spring-configuration-metadata.json"));
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String text(JsonNode property, String name) {
		JsonNode value = property.get(name);
		return (value != null) ? value.asString() : "";
	}

}
