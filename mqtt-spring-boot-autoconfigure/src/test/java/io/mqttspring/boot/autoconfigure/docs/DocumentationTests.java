package io.mqttspring.boot.autoconfigure.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds that the examples of the documentation are those that compile, and that its links
 * lead somewhere.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)");

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "docs/guide.md" })
	void examplesAreThoseThatCompile(String document) throws IOException {
		String compiled = withoutIndentation(
				Files.readString(Path.of("src/test/java/io/mqttspring/boot/autoconfigure/docs/Examples.java")));
		List<String> examples = matches(JAVA, Files.readString(ROOT.resolve(document)));
		assertThat(examples).isNotEmpty()
			.allSatisfy((example) -> assertThat(compiled).contains(withoutIndentation(example)));
	}

	@Test
	void linksLeadSomewhere() throws IOException {
		for (String document : List.of("README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/architecture.md",
				"docs/reliability.md", "docs/properties.md", "docs/connecting.md")) {
			Path file = ROOT.resolve(document);
			assertThat(matches(LINK, Files.readString(file)))
				.allSatisfy((link) -> assertThat(file.resolveSibling(link)).as(document).exists());
		}
	}

	private static List<String> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
	}

	private static String withoutIndentation(String text) {
		return text.strip().replaceAll("(?m)^\\s+", "");
	}

}
