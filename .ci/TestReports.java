import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads the reports that Surefire and Failsafe left and prints, as the last line,
 * {@code PASSED FAILED SKIPPED}; before it, what was skipped and why. Ends with 1 when a
 * test was skipped for want of a program that .ci/run installs.
 *
 * Usage: java TestReports.java FOLDER
 */
class TestReports {

	public static void main(String[] args) throws Exception {
		int passed = 0;
		int failed = 0;
		List<String> skipped = new ArrayList<>();
		for (Path report : reports(Path.of(args[0]))) {
			NodeList tests = DocumentBuilderFactory.newInstance()
				.newDocumentBuilder()
				.parse(report.toFile())
				.getElementsByTagName("testcase");
			for (int i = 0; i < tests.getLength(); i++) {
				Element test = (Element) tests.item(i);
				if (has(test, "failure") || has(test, "error")) {
					failed++;
				}
				else if (has(test, "skipped")) {
					String name = test.getAttribute("classname") + "." + test.getAttribute("name");
					skipped.add(name + ": " + reason((Element) test.getElementsByTagName("skipped").item(0)));
				}
				else {
					passed++;
				}
			}
		}
		skipped.forEach((test) -> System.out.println("skipped: " + test));
		List<String> wrong = skipped.stream().filter(TestReports::wantsWhatIsInstalled).toList();
		wrong.forEach((test) -> System.out.println("must not be skipped here: " + test));
		System.out.println(passed + " " + failed + " " + skipped.size());
		System.exit(wrong.isEmpty() ? 0 : 1);
	}

	private static List<Path> reports(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files
				.filter((file) -> file.toString().matches(".*/target/(surefire|failsafe)-reports/TEST-[^/]*\\.xml"))
				.sorted()
				.toList();
		}
	}

	private static boolean has(Element test, String what) {
		return test.getElementsByTagName(what).getLength() > 0;
	}

	/** A condition gives its reason as an attribute, a failed assumption as a stack trace. */
	private static String reason(Element skipped) {
		String reason = skipped.hasAttribute("message") ? skipped.getAttribute("message")
				: skipped.getTextContent().strip().split("\\R\\s*at ")[0].replaceFirst("^[\\w.]+Exception:", "");
		return reason.strip().replaceAll("\\s+", " ");
	}

	private static boolean wantsWhatIsInstalled(String skipped) {
		String reason = skipped.substring(skipped.indexOf(": ")).toLowerCase(Locale.ROOT);
		return reason.contains("mosquitto") || reason.contains("chromium");
	}

}
