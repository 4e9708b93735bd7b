package io.mqttspring.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Opens the page in a headless Chromium and uses it.
 */
@SampleTest
class SampleBrowserTests {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	@TempDir
	private static Path temporaryFiles;

	private static ChromeDriver browser;

	@Autowired
	private EmbeddedBroker broker;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void openBrowser() {
		Assumptions.assumeTrue(Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
				"Chromium and its driver are not installed (Debian: chromium, chromium-driver)");
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toFile());
		// Root, as in a container, has no sandbox. The rest keeps it from phoning home.
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
				"--disable-component-update", "--disable-sync", "--no-first-run");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
		// Chromium forgets some of its temporary files: JUnit does not.
		browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile())
			.usingAnyFreePort()
			.withEnvironment(Map.of("TMPDIR", temporaryFiles.toString()))
			.build(), options);
	}

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.quit();
		}
	}

	@BeforeEach
	void openPage() {
		browser.manage().window().setSize(new Dimension(1280, 900));
		browser.get("http://localhost:" + this.port + "/");
		await().untilAsserted(() -> assertThat(text("#badge")).isEqualTo("Connected"));
	}

	@Test
	void telemetryArrives() {
		await().untilAsserted(() -> assertThat(texts(".card .name")).containsSequence("van-1", "van-2", "van-3",
				"van-4", "van-5", "van-6"));
		// A card is there a moment before it is drawn
		await().untilAsserted(
				() -> assertThat(texts(".card .temperature")).allMatch((text) -> text.matches("−?\\d+\\.\\d °C")));
		List<String> before = texts(".card .temperature");
		await().untilAsserted(() -> assertThat(texts(".card .temperature")).isNotEqualTo(before));
		await().untilAsserted(() -> assertThat(text("#chart-text")).startsWith("Between "));
		assertThat(find("#chart canvas").getSize().getWidth()).isGreaterThan(300);
		assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
	}

	@Test
	void commandIsSentAndTheAnswerIsShown() {
		await().untilAsserted(() -> assertThat(texts(".card .name")).contains("van-3"));
		find("input[value=van-3]").click();
		assertThat(text("label[for=celsius]")).isEqualTo("Target for van-3, in °C");
		find("#celsius").sendKeys("9");
		find("#send").click();
		await().untilAsserted(() -> assertThat(text("#answers li:first-child")).contains("van-3")
			.contains("✓ The target is now 9.0 °C"));
		await().untilAsserted(() -> assertThat(text(".card:has([value=van-3]) .target")).isEqualTo("target 9.0 °C"));
		find("#celsius").clear();
		find("#celsius").sendKeys("-60");
		find("#send").click();
		await().untilAsserted(
				() -> assertThat(text("#answers li:first-child")).contains("✗ This unit holds -30.0 to 25.0 °C"));
	}

	@Test
	void stateAndCountsComeFromTheActuator() {
		assertThat(text("#facts")).contains("connected", "UP", "mqtt://127.0.0.1:", "fleet-adapter", "MQTT 5");
		assertThat(text("#in-flight")).contains("QoS 1 out, awaiting PUBACK", "QoS 2 in, awaiting PUBREL",
				"Waiting in the queue");
		assertThat(text("#subscriptions")).contains("fleet/+/telemetry QoS 1", "fleet/+/answer QoS 1");
	}

	@Test
	void pageSaysThatTheBrokerIsAwayAndRecovers() {
		this.broker.stop();
		try {
			await().untilAsserted(() -> assertThat(text("#badge")).isEqualTo("Broker away"));
			assertThat(text("#notice")).contains("No connection to the broker at mqtt://127.0.0.1:");
			await().untilAsserted(() -> assertThat(text(".card .chip")).startsWith("silent"));
		}
		finally {
			this.broker.start();
		}
		await().untilAsserted(() -> assertThat(text("#badge")).isEqualTo("Connected"));
		assertThat(find("#notice").isDisplayed()).isFalse();
		await().untilAsserted(() -> assertThat(texts(".card .chip")).noneMatch((chip) -> chip.startsWith("silent")));
	}

	@Test
	void pageSaysThatTheServerIsAwayAndRecovers() {
		network(true);
		try {
			await().untilAsserted(() -> assertThat(text("#badge")).isEqualTo("Server away"));
			assertThat(text("#notice")).contains("The server does not answer");
		}
		finally {
			network(false);
		}
		await().untilAsserted(() -> assertThat(text("#badge")).isEqualTo("Connected"));
		assertThat(find("#notice").isDisplayed()).isFalse();
	}

	@Test
	void pageFitsAPhone() {
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
		try {
			browser.navigate().refresh();
			await().untilAsserted(() -> assertThat(text("#chart-text")).startsWith("Between "));
			assertThat(browser.executeScript("return document.documentElement.scrollWidth")).isEqualTo(360L);
		}
		finally {
			browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
		}
	}

	private static void network(boolean offline) {
		browser.executeCdpCommand("Network.enable", Map.of());
		browser.executeCdpCommand("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	private static WebElement find(String css) {
		return browser.findElement(By.cssSelector(css));
	}

	private static String text(String css) {
		return find(css).getText();
	}

	// In one go: a page that changes all the time makes element by element a race.
	@SuppressWarnings("unchecked")
	private static List<String> texts(String css) {
		return (List<String>) browser.executeScript(
				"return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)", css);
	}

}
