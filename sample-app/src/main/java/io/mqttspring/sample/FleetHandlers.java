package io.mqttspring.sample;

import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.stereotype.Component;

import io.mqttspring.annotation.MqttSubscribe;

/**
 * Takes in what the vans say.
 */
@Component
final class FleetHandlers {

	private final Readings readings;

	private final LiveFeed liveFeed;

	FleetHandlers(Readings readings, LiveFeed liveFeed) {
		this.readings = readings;
		this.liveFeed = liveFeed;
	}

	@MqttSubscribe("fleet/{deviceId}/telemetry")
	void telemetry(Telemetry telemetry, @DestinationVariable String deviceId) {
		Reading reading = new Reading(deviceId, telemetry);
		this.readings.save(reading);
		this.liveFeed.send("telemetry", reading);
	}

	@MqttSubscribe("fleet/{deviceId}/answer")
	void answer(Answer answer) {
		this.liveFeed.send("answer", answer);
	}

}
