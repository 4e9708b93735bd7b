package io.mqttspring.client.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttVersion;

/**
 * Writes down what a decoder found, a line for each packet, in the order in which it
 * came.
 */
final class DecodedPackets implements PacketHandler {

	static final int MAXIMUM_PACKET_SIZE = 268_435_460;

	static final int TOPIC_ALIAS_MAXIMUM = 10;

	final List<String> lines = new ArrayList<>();

	final List<MqttMessage> messages = new ArrayList<>();

	final List<ConnAck> connAcks = new ArrayList<>();

	/**
	 * Decode whole packets, with a decoder of their own.
	 */
	static DecodedPackets decode(MqttVersion version, String... wire) {
		return decode(version, Wire.bytes(wire));
	}

	static DecodedPackets decode(MqttVersion version, byte[] bytes) {
		DecodedPackets packets = new DecodedPackets();
		int end = decoder(version).decode(bytes, 0, bytes.length, packets);
		if (end != bytes.length) {
			throw new AssertionError("%d of %d bytes were decoded".formatted(end, bytes.length));
		}
		return packets;
	}

	static PacketDecoder decoder(MqttVersion version) {
		return new PacketDecoder(version, MAXIMUM_PACKET_SIZE, TOPIC_ALIAS_MAXIMUM);
	}

	@Override
	public void onConnAck(ConnAck connAck) {
		this.connAcks.add(connAck);
		this.lines.add("CONNACK %s%s".formatted(connAck.reason(), connAck.sessionPresent() ? " session present" : ""));
	}

	@Override
	public void onPublish(MqttMessage message, int packetId) {
		this.messages.add(message);
		this.lines.add("PUBLISH %d QoS %d%s%s '%s' '%s'".formatted(packetId, message.qos().level(),
				message.duplicate() ? " DUP" : "", message.retained() ? " RETAIN" : "", message.topic(),
				new String(message.payload(), StandardCharsets.ISO_8859_1)));
	}

	@Override
	public void onPubAck(int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement("PUBACK", packetId, reason, properties);
	}

	@Override
	public void onPubRec(int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement("PUBREC", packetId, reason, properties);
	}

	@Override
	public void onPubRel(int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement("PUBREL", packetId, reason, properties);
	}

	@Override
	public void onPubComp(int packetId, MqttReasonCode reason, ReasonProperties properties) {
		acknowledgement("PUBCOMP", packetId, reason, properties);
	}

	private void acknowledgement(String packet, int packetId, MqttReasonCode reason, ReasonProperties properties) {
		this.lines.add("%s %d %s%s".formatted(packet, packetId, reason, words(properties)));
	}

	@Override
	public void onSubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties) {
		this.lines.add("SUBACK %d %s%s".formatted(packetId, reasons, words(properties)));
	}

	@Override
	public void onUnsubAck(int packetId, List<MqttReasonCode> reasons, ReasonProperties properties) {
		this.lines.add("UNSUBACK %d %s%s".formatted(packetId, reasons, words(properties)));
	}

	@Override
	public void onPingResp() {
		this.lines.add("PINGRESP");
	}

	@Override
	public void onDisconnect(MqttReasonCode reason, ReasonProperties properties, @Nullable String serverReference) {
		this.lines.add("DISCONNECT %s%s%s".formatted(reason, words(properties), quoted(serverReference)));
	}

	@Override
	public void onAuth(MqttReasonCode reason, @Nullable String method, byte @Nullable [] data,
			ReasonProperties properties) {
		this.lines.add("AUTH %s%s%s%s".formatted(reason, quoted(method), (data != null) ? " " + Wire.hex(data) : "",
				words(properties)));
	}

	private static String words(ReasonProperties properties) {
		StringBuilder words = new StringBuilder(quoted(properties.reasonString()));
		properties.userProperties()
			.forEach((property) -> words.append(" %s=%s".formatted(property.name(), property.value())));
		return words.toString();
	}

	private static String quoted(@Nullable String text) {
		return (text != null) ? " '" + text + "'" : "";
	}

}
