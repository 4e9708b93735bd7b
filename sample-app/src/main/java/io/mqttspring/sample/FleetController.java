package io.mqttspring.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import io.mqttspring.client.MqttException;
import io.mqttspring.core.MqttTemplate;

/**
 * What the page asks for.
 */
@RestController
@RequestMapping("/api")
final class FleetController {

	private static final Duration SHOWN = Duration.ofMinutes(5);

	private final MqttTemplate mqttTemplate;

	private final Readings readings;

	private final LiveFeed liveFeed;

	FleetController(MqttTemplate mqttTemplate, Readings readings, LiveFeed liveFeed) {
		this.mqttTemplate = mqttTemplate;
		this.readings = readings;
		this.liveFeed = liveFeed;
	}

	@GetMapping("/readings")
	List<Reading> readings() {
		return this.readings.since(Instant.now().minus(SHOWN));
	}

	@GetMapping("/events")
	SseEmitter events() {
		return this.liveFeed.open();
	}

	@PostMapping("/devices/{deviceId}/target")
	Command setTarget(@PathVariable String deviceId, @RequestBody Target target) {
		if (!this.readings.isKnown(deviceId)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "No van '" + deviceId + "' has been heard of");
		}
		Command command = new Command(UUID.randomUUID().toString(), target.celsius());
		this.mqttTemplate.send("fleet/" + deviceId + "/command", command);
		return command;
	}

	@ExceptionHandler
	ProblemDetail brokerDidNotTakeIt(MqttException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage());
	}

	record Target(double celsius) {
	}

}
