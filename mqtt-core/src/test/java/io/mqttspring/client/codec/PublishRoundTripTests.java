package io.mqttspring.client.codec;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * PUBLISH is the one packet that goes both ways: what was encoded is decoded to the same.
 * The literal bytes of both are pinned elsewhere, so they cannot agree on a mistake.
 */
class PublishRoundTripTests {

	@Property(edgeCases = EdgeCasesMode.NONE)
	void whatWasEncodedIsDecodedToTheSame(@ForAll MqttVersion version, @ForAll("messages") MqttMessage message,
			@ForAll @IntRange(min = 1, max = 65_535) int packetId, @ForAll boolean duplicate) {
		boolean qos0 = message.qos() == MqttQos.AT_MOST_ONCE;
		OutputBuffer out = new OutputBuffer();
		new PacketEncoder(version).publish(out, message, packetId, duplicate && !qos0,
				PacketEncoder.expirySeconds(message));
		DecodedPackets packets = DecodedPackets.decode(version, Arrays.copyOf(out.bytes(), out.length()));
		MqttMessage decoded = packets.messages.get(0);
		assertThat(packets.lines.get(0)).startsWith("PUBLISH " + (qos0 ? 0 : packetId) + " QoS");
		assertThat(decoded.topic()).isEqualTo(message.topic());
		assertThat(decoded.topicLength()).isEqualTo(message.topicLength());
		assertThat(decoded.payload()).isEqualTo(message.payload());
		assertThat(decoded.qos()).isEqualTo(message.qos());
		assertThat(decoded.retained()).isEqualTo(message.retained());
		assertThat(decoded.duplicate()).isEqualTo(duplicate && !qos0);
		assertThat(decoded.properties()).usingRecursiveComparison()
			.isEqualTo((version == MqttVersion.MQTT_5) ? message.properties() : MqttMessageProperties.NONE);
	}

	@Provide
	Arbitrary<MqttMessage> messages() {
		Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
		Arbitrary<MqttMessageProperties> properties = Combinators
			.combine(Arbitraries.of(true, false), Arbitraries.longs().between(0, 0xFFFF_FFFFL).injectNull(0.5),
					texts(0).injectNull(0.5), texts(1).injectNull(0.5), bytes.injectNull(0.5), userProperties())
			.as((utf8, expiry, contentType, responseTopic, correlationData,
					userProperties) -> new MqttMessageProperties(utf8,
							(expiry != null) ? Duration.ofSeconds(expiry) : null, contentType, responseTopic,
							correlationData, userProperties, List.of()));
		return Combinators
			.combine(texts(1), bytes, Arbitraries.of(MqttQos.class), Arbitraries.of(true, false),
					properties.injectNull(0.3))
			.as((topic, payload, qos, retained, found) -> MqttMessage.received(topic, payload, qos, retained, false,
					(found != null) ? found : MqttMessageProperties.NONE));
	}

	private static Arbitrary<List<MqttUserProperty>> userProperties() {
		return Combinators.combine(texts(0), texts(0)).as(MqttUserProperty::new).list().ofMaxSize(4);
	}

	private static Arbitrary<String> texts(int leastParts) {
		return Arbitraries
			.of("a", "/", "$", "long level ", "\u007F", "\u0080", "ä", "\u07FF", "\u0800", "\uFEFF", "\uFFFF",
					"\uD83D\uDE00")
			.list()
			.ofMinSize(leastParts)
			.ofMaxSize(30)
			.map((parts) -> String.join("", parts));
	}

}
