package io.mqttspring.client.codec;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.mqttspring.client.MqttVersion;
import io.mqttspring.client.codec.BrokerCodec.IllegalPacketException;
import io.mqttspring.client.codec.ClientPacket.Ack;
import io.mqttspring.client.codec.ClientPacket.Connect;
import io.mqttspring.client.codec.ClientPacket.Disconnect;
import io.mqttspring.client.codec.ClientPacket.Filter;
import io.mqttspring.client.codec.ClientPacket.Kind;
import io.mqttspring.client.codec.ClientPacket.PingReq;
import io.mqttspring.client.codec.ClientPacket.Publish;
import io.mqttspring.client.codec.ClientPacket.Subscribe;
import io.mqttspring.client.codec.ClientPacket.Unsubscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Holds the broker of the tests against bytes written out from the specification.
 */
class BrokerCodecTests {

	// Client id "c", clean start, keep-alive 60 s, session expiry 10 s, Receive Maximum 5
	private static final String CONNECT_5 = "10 16 00044d515454 05 02 003c 08 11 0000000a 21 0005 0001 63";

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

	@Test
	void readsConnectOfVersion5() {
		BrokerCodec codec = new BrokerCodec();
		Connect connect = (Connect) codec.decode(bytes(CONNECT_5)).get(0);
		assertThat(codec.isVersion5()).isTrue();
		assertThat(connect.clientId()).isEqualTo("c");
		assertThat(connect.cleanStart()).isTrue();
		assertThat(connect.keepAlive()).isEqualTo(60);
		assertThat(connect.properties().number(0x11, 0)).isEqualTo(10);
		assertThat(connect.properties().number(0x21, 0)).isEqualTo(5);
		assertThat(connect.will()).isNull();
	}

	@Test
	void readsConnectWithWillAndCredentialsOfVersion311() {
		BrokerCodec codec = new BrokerCodec();
		Connect connect = (Connect) codec
			.decode(bytes("10 1a 00044d515454 04 ee 000a 0001 63 0001 77 0002 6869 0001 75 0001 70"))
			.get(0);
		assertThat(codec.isVersion5()).isFalse();
		assertThat(connect.will().topic()).isEqualTo("w");
		assertThat(connect.will().payload()).asString().isEqualTo("hi");
		assertThat(connect.will().qos()).isEqualTo(1);
		assertThat(connect.will().retained()).isTrue();
		assertThat(connect.username()).isEqualTo("u");
		assertThat(connect.password()).asString().isEqualTo("p");
	}

	@Test
	void readsPacketsOfVersion5FromAnySplit() {
		// PUBLISH QoS 2, DUP, RETAIN
		byte[] all = bytes("3d 0b 0003 612f62 0007 02 01 01 68" + "40 02 0009" + "62 03 0007 92" // PUBACK,
																									// PUBREL
				+ "82 0b 0008 02 0b03 0003 612f23 2e" // SUBSCRIBE
				// …, PINGREQ, DISCONNECT
				+ "a2 08 000a 00 0003 612f23" + "c0 00" + "e0 01 81");
		for (int split = 0; split <= all.length; split++) {
			BrokerCodec codec = new BrokerCodec(MqttVersion.MQTT_5);
			List<ClientPacket> packets = new ArrayList<>();
			codec.decode(all, 0, split, packets::add);
			codec.decode(all, split, all.length, packets::add);
			assertThat(codec.pending()).isZero();
			Publish publish = (Publish) packets.get(0);
			assertThat(publish.topic()).isEqualTo("a/b");
			assertThat(publish.payload()).asString().isEqualTo("h");
			assertThat(publish).extracting(Publish::qos, Publish::duplicate, Publish::retained, Publish::packetId)
				.containsExactly(2, true, true, 7);
			assertThat(publish.properties().number(0x01, 0)).isEqualTo(1);
			assertThat(packets.subList(1, 3)).containsExactly(new Ack(Kind.PUBACK, 9, 0, PacketProperties.NONE),
					new Ack(Kind.PUBREL, 7, 0x92, PacketProperties.NONE));
			Subscribe subscribe = (Subscribe) packets.get(3);
			assertThat(subscribe.packetId()).isEqualTo(8);
			assertThat(subscribe.properties().number(0x0B, 0)).isEqualTo(3);
			assertThat(subscribe.filters()).containsExactly(new Filter("a/#", 2, true, true, 2));
			assertThat(packets.subList(4, 7)).containsExactly(
					new Unsubscribe(10, List.of("a/#"), PacketProperties.NONE), new PingReq(),
					new Disconnect(0x81, PacketProperties.NONE));
		}
	}

	@ParameterizedTest
	@CsvSource({ "[MQTT-3.3.2-2], 30 06 0003 612f23 00", "[MQTT-4.7.3-1], 30 03 0000 00",
			"[MQTT-3.3.1-4], 36 06 0001 61 0001 00", "[MQTT-3.3.1-2], 38 04 0001 61 00",
			"[MQTT-2.2.1-3], 32 06 0001 61 0000 00", "0x0B has no place, 30 06 0001 61 02 0b01",
			"0x01 comes twice, 30 08 0001 61 04 0100 0101", "0x24 has no place, 30 06 0001 61 02 2401",
			"no property 0x7F, 30 06 0001 61 02 7f01", "[MQTT-1.5.4-2], 30 04 0001 00 00",
			"[MQTT-1.5.4-1], 30 06 0003 eda080 00", "flags 0 [MQTT-2.1.3-1], 60 02 0001",
			"reason code 0x92, 40 03 0001 92", "1 bytes follow its end, c0 01 00", "too early, 40 01 00",
			"[MQTT-1.5.5-1], c0 80 00", "more than four bytes, 30 80 80 80 80 01", "[MQTT-3.8.3-2], 82 03 0001 00",
			"[MQTT-3.8.3-5], 82 07 0001 00 0001 61 40", "[MQTT-3.8.3-4], 82 10 0001 00 000a 2473686172652f672f61 04",
			"[MQTT-4.7.1-1], 82 08 0001 00 0002 612b 00", "[MQTT-3.10.3-2], a2 03 0001 00",
			"reason code 0x8E is not a client's, e0 01 8e", "[MQTT-3.14.4-1], e0 00 c0 00",
			"[MQTT-3.1.0-1], " + CONNECT_5, "Type 13 is not for a client, d0 00" })
	void refuses(String why, String hex) {
		BrokerCodec codec = new BrokerCodec(MqttVersion.MQTT_5);
		assertThatExceptionOfType(IllegalPacketException.class).isThrownBy(() -> codec.decode(bytes(hex)))
			.withMessageContaining(why);
	}

	@Test // [MQTT-3.1.0-1]
	void refusesAnythingBeforeConnect() {
		BrokerCodec codec = new BrokerCodec();
		assertThatExceptionOfType(IllegalPacketException.class).isThrownBy(() -> codec.decode(bytes("c0 00")));
	}

	@Test
	void writesPacketsOfVersion5() {
		BrokerCodec codec = new BrokerCodec(MqttVersion.MQTT_5);
		PacketProperties none = PacketProperties.NONE;
		assertThat(codec.connAck(true, 0, none.with(0x21, 5).with(0x27, 1000L)))
			.isEqualTo(bytes("20 0b 01 00 08 21 0005 27 000003e8"));
		assertThat(codec.publish("a", bytes("68"), 1, true, false, 300, none.with(0x0B, 200)))
			.isEqualTo(bytes("33 0a 0001 61 012c 03 0b c801 68"));
		assertThat(codec.ack(Kind.PUBREL, 5)).isEqualTo(bytes("62 02 0005"));
		assertThat(codec.ack(Kind.PUBREC, 5, 0x97, none.with(0x1F, "no")))
			.isEqualTo(bytes("50 09 0005 97 05 1f 0002 6e6f"));
		assertThat(codec.subAck(7, none, 1, 0x87)).isEqualTo(bytes("90 05 0007 00 01 87"));
		assertThat(codec.unsubAck(7, none, 0x11)).isEqualTo(bytes("b0 04 0007 00 11"));
		assertThat(codec.disconnect(0x8E, none)).isEqualTo(bytes("e0 02 8e 00"));
		assertThat(codec.auth(0x18, none.with(0x15, "m"))).isEqualTo(bytes("f0 06 18 04 15 0001 6d"));
		assertThat(codec.pingResp()).isEqualTo(bytes("d0 00"));
	}

	@Test
	void leavesOutWhatVersion311HasNoPlaceFor() {
		BrokerCodec codec = new BrokerCodec(MqttVersion.MQTT_3_1_1);
		PacketProperties some = PacketProperties.NONE.with(0x1F, "no");
		assertThat(codec.connAck(false, 0, some)).isEqualTo(bytes("20 02 00 00"));
		assertThat(codec.publish("a", bytes("68"), 0, false, false, 0, some)).isEqualTo(bytes("30 04 0001 61 68"));
		assertThat(codec.ack(Kind.PUBACK, 5, 0x97, some)).isEqualTo(bytes("40 02 0005"));
		assertThat(codec.subAck(7, some, 0x80)).isEqualTo(bytes("90 03 0007 80"));
		assertThat(codec.unsubAck(7, some, 0x11)).isEqualTo(bytes("b0 02 0007"));
	}

}
