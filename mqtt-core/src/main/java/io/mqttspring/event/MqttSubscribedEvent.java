package io.mqttspring.event;

import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttQos;

/**
 * The broker has made a subscription.
 */
public final class MqttSubscribedEvent extends MqttEvent {

	private static final long serialVersionUID = 1L;

	private final String filter;

	private final MqttQos grantedQos;

	/**
	 * Create a new event.
	 * @param client the client
	 * @param filter the topic filter
	 * @param grantedQos the QoS that it grants
	 */
	public MqttSubscribedEvent(MqttClient client, String filter, MqttQos grantedQos) {
		super(client);
		this.filter = filter;
		this.grantedQos = grantedQos;
	}

	/**
	 * Return the topic filter.
	 * @return the filter
	 */
	public String getFilter() {
		return this.filter;
	}

	/**
	 * Return the QoS that the broker grants, which may be less than was asked for.
	 * @return the QoS
	 */
	public MqttQos getGrantedQos() {
		return this.grantedQos;
	}

}
