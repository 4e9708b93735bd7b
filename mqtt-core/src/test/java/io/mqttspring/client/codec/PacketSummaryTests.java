package io.mqttspring.client.codec;

import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PacketSummaryTests {

	@Test
	void tellsTypePacketIdAndLengthOfEachPacket() {
		// PUBLISH QoS 1 'a/b' id 7 'x', PUBLISH QoS 0, PUBACK 10, PINGREQ
		assertThat(summary("3209 0003612f62 0007 00 78", "3005 0001 63 00 79", "4002 000a", "c000"))
			.containsExactly("PUBLISH 7, 11 bytes", "PUBLISH, 7 bytes", "PUBACK 10, 4 bytes", "PINGREQ, 2 bytes");
	}

	@Test
	void leavesOutWhatIsNotWholeYet() {
		assertThat(summary("4002 000a", "4002 00")).containsExactly("PUBACK 10, 4 bytes");
	}

	@Test
	void tellsNothingSecret() {
		// CONNECT with user name 'u' and password 'secret'
		assertThat(summary("1017 00044d515454 04 c2 003c 0000 0001 75 0006 736563726574"))
			.containsExactly("CONNECT, 25 bytes");
	}

	private static List<String> summary(String... packets) {
		byte[] bytes = HexFormat.of().parseHex(String.join("", packets).replace(" ", ""));
		return PacketSummary.of(bytes, 0, bytes.length);
	}

}
