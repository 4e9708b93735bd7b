package io.mqttspring.boot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import io.mqttspring.annotation.MqttSubscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What {@link SpringApplication} reports when it fails because of MQTT.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureReportTests {

	@Test
	void namesBadPropertyWithItsValueOriginAndWhatIsAllowed(CapturedOutput output) {
		fails("--mqtt.keep-alive=65536s");
		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid value 'PT18H12M16S' for configuration property 'mqtt.keep-alive' (originating from "
						+ "'\"mqtt.keep-alive\" from property source \"commandLineArgs\"'): keepAlive is 65,536: "
						+ "it can be 0 to 65,535.",
				"Correct 'mqtt.keep-alive'.");
	}

	@Test
	void namesBadQosWithWhatIsAllowed(CapturedOutput output) {
		fails("--mqtt.template.qos=3");
		assertThat(output).contains("APPLICATION FAILED TO START", "mqtt.template.qos",
				"QoS can be 0, 1, 2, at-most-once, at-least-once or exactly-once");
	}

	@Test
	void showsNoPassword(CapturedOutput output) {
		fails("--mqtt.uri=mqtt://user:s3cr3t@broker.example");
		fails("--mqtt.uris=mqtt://one.example,mqtt://user:s3cr3t@two.example");
		fails("--mqtt.password=" + "s3cr3t".repeat(11_000));
		assertThat(output)
			.contains("APPLICATION FAILED TO START", "'mqtt://***@broker.example'", "'mqtt.uris[1]'", "'mqtt.password'")
			.doesNotContain("s3cr3t");
	}

	@Test
	void tellsWhichBrokerIsNotThereAndWhatToDo(CapturedOutput output) {
		String uri = TestBroker.uri(TestBroker.freePort());
		fails("--mqtt.uri=" + uri, "--mqtt.startup.policy=fail", "--mqtt.startup.timeout=100ms");
		assertThat(output).contains("APPLICATION FAILED TO START", "No connection to the MQTT broker at " + uri,
				"Connection refused", "set 'mqtt.startup.policy' to 'continue'");
	}

	@Test
	void tellsToCorrectWhatTheBrokerDoesNotTake(CapturedOutput output) {
		try (TestBroker broker = TestBroker.refusing()) {
			fails("--mqtt.uri=" + broker.uri(), "--mqtt.startup.policy=fail", "--mqtt.version=5");
		}
		assertThat(output).contains("APPLICATION FAILED TO START", "BAD_USER_NAME_OR_PASSWORD", "mqtt.password",
				"Correct what the broker does not take, or set");
	}

	@Test
	void namesTheListenerThatAsksForWhatItCannotGet(CapturedOutput output) {
		fails(BadListeners.class, "--listener.filter=fleet/#/state");
		fails(BadListeners.class);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"Topic filter 'fleet/#/state' (@MqttSubscribe on BadListeners.bad): '#' may only be the last level",
				"topics = \"${listener.filter}\" (@MqttSubscribe on BadListeners.bad) cannot be resolved: Could not "
						+ "resolve placeholder 'listener.filter'",
				"Correct the listener.");
	}

	private static void fails(String... arguments) {
		fails(Object.class, arguments);
	}

	private static void fails(Class<?> listeners, String... arguments) {
		SpringApplication application = new SpringApplicationBuilder(Application.class, listeners)
			.web(WebApplicationType.NONE)
			.build();
		assertThatException().isThrownBy(() -> application.run(arguments));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MqttAutoConfiguration.class, PropertyPlaceholderAutoConfiguration.class })
	static class Application {

	}

	static class BadListeners {

		@MqttSubscribe("${listener.filter}")
		void bad(String payload) {
		}

	}

}
