package io.mqttspring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mqttspring.client.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes between the socket and the decoder.
 */
class ReadBufferTests {

	private static final int LARGE = 64 << 10;

	private final ReadBuffer buffer = new ReadBuffer();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void noByteIsLostOrDoubledHoweverTheyCome(long seed) throws Exception {
		Random random = new Random(seed);
		byte[] sent = new byte[2_000_000];
		random.nextBytes(sent);
		Pieces pieces = new Pieces(sent, () -> 1 + random.nextInt(1 << random.nextInt(18)));
		ByteArrayOutputStream taken = new ByteArrayOutputStream();
		while (this.buffer.fill(pieces, 0) >= 0) {
			int available = this.buffer.to() - this.buffer.from();
			// Often all, as whole packets are; else some, with the rest of one left
			int count = random.nextBoolean() ? available : random.nextInt(available + 1);
			taken.write(this.buffer.bytes(), this.buffer.from(), count);
			this.buffer.consumed(this.buffer.from() + count);
		}
		taken.write(this.buffer.bytes(), this.buffer.from(), this.buffer.to() - this.buffer.from());
		assertThat(taken.toByteArray()).isEqualTo(sent);
	}

	@Test
	void growsOnlyWhenItWasFilled() throws Exception {
		Pieces pieces = new Pieces(new byte[1 << 20], () -> 100);
		assertThat(this.buffer.bytes()).hasSize(512);
		// One large packet, whose length was said at its begin
		for (int received = 100; received < 100_000; received += 100) {
			this.buffer.fill(pieces, 0);
			assertThat(this.buffer.bytes().length).isLessThanOrEqualTo(Math.max(512, 2 * received));
		}
	}

	@Test
	void growsWhenItIsFilledAtOnceUpTo64KiB() throws Exception {
		Pieces pieces = new Pieces(new byte[1 << 20], () -> Integer.MAX_VALUE);
		for (int size = 512; size <= LARGE; size *= 2) {
			assertThat(this.buffer.fill(pieces, 0)).isEqualTo(size);
			this.buffer.consumed(this.buffer.to());
		}
		assertThat(this.buffer.fill(pieces, 0)).isEqualTo(LARGE);
	}

	@Test
	void isSmallAgainWhenLittleComes() throws Exception {
		Pieces much = new Pieces(new byte[1 << 20], () -> Integer.MAX_VALUE);
		for (int i = 0; i < 10; i++) {
			this.buffer.fill(much, 0);
			this.buffer.consumed(this.buffer.to());
		}
		assertThat(this.buffer.bytes()).hasSize(LARGE);
		Pieces little = new Pieces(new byte[1 << 20], () -> 10);
		for (int i = 0; i < 40; i++) {
			this.buffer.fill(little, 0);
			this.buffer.consumed(this.buffer.to());
		}
		assertThat(this.buffer.bytes()).hasSize(512);
	}

	@Test
	void spaceOfAVeryLargePacketIsGivenBackAtOnce() throws Exception {
		Pieces pieces = new Pieces(new byte[1 << 20], () -> Integer.MAX_VALUE);
		for (int received = 0; received < 1 << 20;) {
			received += this.buffer.fill(pieces, 0);
		}
		assertThat(this.buffer.bytes().length).isGreaterThanOrEqualTo(1 << 20);
		this.buffer.consumed(this.buffer.to());
		this.buffer.fill(pieces, 0);
		assertThat(this.buffer.bytes()).hasSize(LARGE);
	}

	@Test
	void nothingOfALostConnectionIsLeft() throws Exception {
		this.buffer.fill(new Pieces(new byte[] { 1, 2, 3 }, () -> 3), 0);
		this.buffer.clear();
		this.buffer.fill(new Pieces(new byte[] { 4 }, () -> 1), 0);
		assertThat(this.buffer.to() - this.buffer.from()).isOne();
		assertThat(this.buffer.bytes()[this.buffer.from()]).isEqualTo((byte) 4);
	}

	private interface Size {

		int next();

	}

	private static final class Pieces implements Transport {

		private final byte[] sent;

		private final Size size;

		private int from;

		Pieces(byte[] sent, Size size) {
			this.sent = sent;
			this.size = size;
		}

		@Override
		public int read(byte[] bytes, int from, int count, int timeoutMillis) {
			assertThat(count).isPositive();
			if (this.from == this.sent.length) {
				return -1;
			}
			int read = Math.min(Math.min(count, this.size.next()), this.sent.length - this.from);
			System.arraycopy(this.sent, this.from, bytes, from, read);
			this.from += read;
			return read;
		}

		@Override
		public void write(byte[] bytes, int from, int count) throws IOException {
			throw new IOException("only read");
		}

		@Override
		public void close() {
		}

	}

}
