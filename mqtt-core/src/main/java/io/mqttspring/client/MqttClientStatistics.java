package io.mqttspring.client;

import java.time.Duration;
import java.util.Map;

/**
 * What a client has done since it was built. Counts only grow.
 *
 * @param connects connections made
 * @param connectFailures attempts that failed, by reason: the name of a
 * {@link MqttReasonCode}, or {@code NETWORK}
 * @param published messages given to be written, by QoS; also again after a lost
 * connection
 * @param received messages arrived, by QoS
 * @param accepted messages handed to {@code publish} and taken
 * @param acknowledged messages brought to a good end, by QoS; QoS 0 when it was written
 * @param acknowledgeTime the sum of the times from {@code publish} to that end, by QoS
 * @param failed messages of QoS 1 and 2 that the broker refused
 * @param dropped messages that went no further, by cause
 * @param bytesOut bytes written to the socket
 * @param bytesIn bytes read from the socket
 * @param heldBack messages taken in beyond the capacity of a lane because a handler was
 * waiting for an acknowledgement
 * @param lanesBusy lanes that run a handler now; the one figure that falls again
 */
public record MqttClientStatistics(long connects, Map<String, Long> connectFailures, Map<MqttQos, Long> published,
		Map<MqttQos, Long> received, long accepted, Map<MqttQos, Long> acknowledged,
		Map<MqttQos, Duration> acknowledgeTime, long failed, Map<MqttDropCause, Long> dropped, long bytesOut,
		long bytesIn, long heldBack, int lanesBusy) {
}
