package io.mqttspring.client.codec;

import io.mqttspring.client.MqttQos;

/**
 * A topic filter in a SUBSCRIBE, with its options (MQTT 5.0 §3.8.3.1).
 *
 * @param filter the topic filter
 * @param qos the maximum QoS
 * @param noLocal No Local, left out on 3.1.1
 * @param retainAsPublished Retain As Published, left out on 3.1.1
 * @param retainHandling Retain Handling, 0 to 2, left out on 3.1.1
 */
public record SubscribeEntry(String filter, MqttQos qos, boolean noLocal, boolean retainAsPublished,
		int retainHandling) {
}
