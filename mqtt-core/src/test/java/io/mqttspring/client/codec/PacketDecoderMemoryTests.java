package io.mqttspring.client.codec;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;

import org.junit.jupiter.api.Test;

import io.mqttspring.client.MqttProtocolException;
import io.mqttspring.client.MqttVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A broker cannot make the client allocate by declaring a length.
 */
class PacketDecoderMemoryTests {

	private static final int LITTLE = 16 << 10; // far more than an exception takes

	private static long allocatedBy(Runnable task) {
		task.run(); // loads classes
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		task.run();
		return threads.getCurrentThreadAllocatedBytes() - before;
	}

	@Test
	void fiveBytesThatDeclare256MegabytesAllocateNothing() {
		for (MqttVersion version : MqttVersion.values()) {
			PacketDecoder decoder = DecodedPackets.decoder(version);
			DecodedPackets packets = new DecodedPackets();
			byte[] bytes = Wire.bytes("30 FF FF FF 7F");
			assertThat(allocatedBy(() -> assertThat(decoder.decode(bytes, 0, bytes.length, packets)).isZero()))
				.isLessThan(LITTLE);
			assertThat(packets.lines).isEmpty();
		}
	}

	@Test
	void lengthsWithinAPacketThatAreNotThereAllocateNothing() {
		for (String wire : new String[] { "30 03 FF FF 'a'", "30 08 00 01 'a' FF FF FF 7F 01",
				"30 0A 00 01 'a' 06 09 FF FF 01 02 03", "30 0A 00 01 'a' 06 03 FF FF 'abc'",
				"30 0B 00 01 'a' 07 26 00 00 FF FF 'ab'" }) {
			byte[] bytes = Wire.bytes(wire);
			PacketDecoder decoder = DecodedPackets.decoder(MqttVersion.MQTT_5);
			assertThat(allocatedBy(() -> assertThatExceptionOfType(MqttProtocolException.class)
				.isThrownBy(() -> decoder.decode(bytes, 0, bytes.length, new DecodedPackets())))).as(wire)
				.isLessThan(LITTLE);
		}
	}

	@Test
	void aHighTopicAliasTakesNoMoreThanItsPlaceInATable() {
		byte[] bytes = Wire.bytes("30 07 | 00 01 'a' | 03 23 FF FF");
		assertThat(allocatedBy(() -> new PacketDecoder(MqttVersion.MQTT_5, 1024, 65_535).decode(bytes, 0, bytes.length,
				new DecodedPackets())))
			.isLessThan((65_536 * 8) + LITTLE);
	}

	@Test
	void aPublishTakesItsPayloadAndLittleMore() {
		PacketDecoder decoder = DecodedPackets.decoder(MqttVersion.MQTT_5);
		byte[] bytes = new byte[1 << 20];
		byte[] head = Wire.bytes("30 FC FF 3F | 00 03 'a/b' | 00");
		System.arraycopy(head, 0, bytes, 0, head.length);
		PacketHandler handler = (PacketHandler) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { PacketHandler.class }, (proxy, method, arguments) -> null);
		assertThat(
				allocatedBy(() -> assertThat(decoder.decode(bytes, 0, bytes.length, handler)).isEqualTo(bytes.length)))
			.isBetween((long) (1 << 20) - 16, (long) (1 << 20) + LITTLE);
	}

}
