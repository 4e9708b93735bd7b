package io.mqttspring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds {@code docs/properties.md} against the metadata. What the page should be is left
 * in {@code target/properties.md}, to be copied.
 */
class PropertiesDocumentationTests {

	private static final Path MODULE = Path.of("").toAbsolutePath();

	private static final String TABLE = "| property | default | meaning |\n| --- | --- | --- |\n";

	@Test
	void pageHasEachPropertyWithItsDefaultAndMeaning() throws IOException {
		Path page = MODULE.resolveSibling("docs/properties.md");
		String text = Files.readString(page);
		String head = text.substring(0, text.indexOf(TABLE) + TABLE.length());
		StringBuilder expected = new StringBuilder(head);
		MqttMetadata.all()
			.stream()
			.sorted(Comparator.comparing(PropertiesDocumentationTests::order))
			.forEach((property) -> expected.append(
					"| `%s` | %s | %s |\n".formatted(property.name(), defaultValue(property), property.description())));
		Files.writeString(MODULE.resolve("target/properties.md"), expected);
		assertThat(text).as("docs/properties.md: copy target/properties.md over it").isEqualTo(expected.toString());
	}

	// The groups stand together, what is in no group before them.
	private static String order(MqttMetadata property) {
		String name = property.name();
		boolean grouped = name.indexOf('.') != name.lastIndexOf('.');
		return (name.startsWith("mqtt.") ? (grouped ? "1" : "0") : "2") + name;
	}

	private static String defaultValue(MqttMetadata property) {
		String value = property.defaultValue();
		return (value.isEmpty() || value.equals("[]")) ? "" : "`" + value + "`";
	}

}
