package io.mqttspring.client.session;

import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.ConnAck;

/**
 * How many messages of QoS 1 and 2 may be on the wire of one connection (MQTT 5.0 §4.9).
 */
final class SendWindow {

	/**
	 * On 3.1.1 the broker cannot say how many messages it takes ahead. Mosquitto closes
	 * the connection on the 21st in flight (its {@code max_inflight_messages}), and so on
	 * each that is made to send them again. What is of QoS 1 it acknowledges at once, so
	 * that room for one is enough.
	 */
	private static final int QOS2_OF_3_1_1 = 19;

	private int size;

	private int qos2Size;

	private int onWire;

	private int qos2OnWire;

	/**
	 * Begin with an empty wire.
	 */
	void open(MqttVersion version, ConnAck limits, int maxInFlight) {
		this.size = Math.min(limits.receiveMaximum(), maxInFlight);
		this.qos2Size = (version == MqttVersion.MQTT_5) ? this.size : QOS2_OF_3_1_1;
		clear();
	}

	void clear() {
		this.onWire = 0;
		this.qos2OnWire = 0;
	}

	boolean hasRoom(MqttQos qos) {
		return switch (qos) {
			case AT_MOST_ONCE -> true;
			case AT_LEAST_ONCE -> this.onWire < this.size;
			case EXACTLY_ONCE -> this.onWire < this.size && this.qos2OnWire < this.qos2Size;
		};
	}

	void enter(OutboundPublish publish) {
		publish.onWire = true;
		count(publish, 1);
	}

	void leave(OutboundPublish publish) {
		if (publish.onWire) {
			publish.onWire = false;
			count(publish, -1);
		}
	}

	private void count(OutboundPublish publish, int change) {
		this.onWire += change;
		if (publish.message().qos() == MqttQos.EXACTLY_ONCE) {
			this.qos2OnWire += change;
		}
	}

	int onWire() {
		return this.onWire;
	}

}
