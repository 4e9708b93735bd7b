package io.mqttspring.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.InOrder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

import io.mqttspring.boot.autoconfigure.MqttProperties.StartupPolicy;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttClientListener;
import io.mqttspring.client.MqttClientState;
import io.mqttspring.client.MqttConnectException;
import io.mqttspring.client.MqttReasonCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link MqttClientLifecycle}.
 */
@ExtendWith(OutputCaptureExtension.class)
class MqttClientLifecycleTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final ApplicationContext context = new StaticApplicationContext();

	private final MqttClient client = mock();

	private final List<MqttClientLifecycle> lifecycles = new ArrayList<>();

	private MqttClientListener listener;

	MqttClientLifecycleTests() {
		status(MqttClientState.RECONNECTING);
		willAnswer((call) -> this.listener = call.getArgument(0)).given(this.client).addListener(any());
	}

	@AfterEach
	void destroy() {
		this.lifecycles.forEach(MqttClientLifecycle::destroy);
	}

	@Test
	void continueStartsAndDoesNotWait() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		assertThat(lifecycle.isRunning()).isTrue();
		then(this.client).should().start();
	}

	@Test
	void allClientsAreStartedWhateverThePolicyIs() {
		for (StartupPolicy policy : StartupPolicy.values()) {
			List<MqttClient> several = List.of(connected(), connected(), connected());
			MqttClientLifecycle lifecycle = new MqttClientLifecycle(this.context, several, policy, LONG);
			this.lifecycles.add(lifecycle);
			lifecycle.start();
			assertThat(several).allSatisfy((one) -> then(one).should().start());
		}
	}

	private static MqttClient connected() {
		MqttClient client = mock();
		given(client.status()).willReturn(TestStatus.of(MqttClientState.CONNECTED, Instant.EPOCH));
		return client;
	}

	@Test
	void waitReturnsWhenConnected() {
		willAnswer((call) -> {
			this.listener.connected(this.client, false);
			return null;
		}).given(this.client).start();
		lifecycle(StartupPolicy.WAIT, LONG).start();
		then(this.client).should().removeListener(this.listener);
	}

	@Test
	void waitReturnsWhenConnectedBefore() {
		status(MqttClientState.CONNECTED);
		lifecycle(StartupPolicy.WAIT, LONG).start();
		then(this.client).should().start();
	}

	@Test
	void waitGoesOnWithWarningAfterTimeout(CapturedOutput output) {
		lifecycle(StartupPolicy.WAIT, SHORT).start();
		assertThat(output).contains("WARN")
			.contains("No connection to the MQTT broker at mqtt://broker.example:1883: Connection refused; "
					+ "the application starts without it (mqtt.startup.policy=wait)");
		then(this.client).should().removeListener(this.listener);
		then(this.client).should(never()).disconnect();
	}

	@Test
	void failThrowsAfterTimeoutWithAddressAndCause() {
		MqttConnectException cause = refusal(true);
		fails(cause);
		assertThatExceptionOfType(MqttStartupException.class)
			.isThrownBy(() -> lifecycle(StartupPolicy.FAIL, SHORT).start())
			.withMessage("No connection to the MQTT broker at mqtt://broker.example:1883: Connection refused")
			.withCause(cause);
		then(this.client).should().removeListener(this.listener);
	}

	@Test
	void failDoesNotWaitForWhatDoesNotGetBetterByItself() {
		fails(refusal(false));
		assertThatExceptionOfType(MqttStartupException.class)
			.isThrownBy(() -> lifecycle(StartupPolicy.FAIL, LONG).start());
	}

	@Test
	void failTellsWhyAlsoWhereTheClientGaveUpBeforeItsListenersWereTold() {
		given(this.client.status()).willReturn(TestStatus.of(MqttClientState.DISCONNECTED, Instant.EPOCH));
		assertThatExceptionOfType(MqttStartupException.class)
			.isThrownBy(() -> lifecycle(StartupPolicy.FAIL, LONG).start())
			.withMessage("No connection to the MQTT broker at mqtt://broker.example:1883: Connection refused");
	}

	@Test
	void failDoesNotWaitWhenTheClientHasGivenUp() {
		// As the client does: first the state, then the listeners, on another thread
		AtomicReference<MqttClientState> state = new AtomicReference<>(MqttClientState.RECONNECTING);
		given(this.client.status()).willAnswer((call) -> TestStatus.of(state.get(), Instant.EPOCH));
		willAnswer((call) -> CompletableFuture.runAsync(() -> {
			state.set(MqttClientState.DISCONNECTED);
			this.listener.connectionFailed(this.client, refusal(true), 2);
		})).given(this.client).start();
		assertThatExceptionOfType(MqttStartupException.class)
			.isThrownBy(() -> lifecycle(StartupPolicy.FAIL, LONG).start());
	}

	@Test
	void keepsTheJvmAliveWhileThereIsSomethingToListenTo() {
		given(this.client.status()).willReturn(TestStatus.busy(Instant.EPOCH));
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		Thread thread = keepAliveThread().orElseThrow();
		assertThat(thread.isDaemon()).isFalse();
		lifecycle.stop();
		Awaitility.await().until(() -> !thread.isAlive());
	}

	@Test
	void doesNotKeepTheJvmAliveForPublishersOnly() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		assertThat(keepAliveThread()).isEmpty();
	}

	@Test
	void failedStartCanBeStopped() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.FAIL, SHORT);
		assertThatExceptionOfType(MqttStartupException.class).isThrownBy(lifecycle::start);
		assertThat(lifecycle.isRunning()).isTrue();
		lifecycle.stop();
		then(this.client).should().disconnect();
	}

	@Test
	void interruptedWaitEndsTheStart() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(MqttStartupException.class)
			.isThrownBy(() -> lifecycle(StartupPolicy.WAIT, LONG).start())
			.withMessageContaining("interrupted");
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void stopDisconnectsSoThatTheClientCanBeStartedAgain() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		lifecycle.stop();
		assertThat(lifecycle.isRunning()).isFalse();
		lifecycle.start();
		InOrder order = inOrder(this.client);
		then(this.client).should(order).start();
		then(this.client).should(order).disconnect();
		then(this.client).should(order).start();
		then(this.client).should(never()).close();
	}

	@Test
	void stopOfClosedContextCloses() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		lifecycle.onApplicationEvent(new ContextClosedEvent(this.context));
		lifecycle.stop();
		then(this.client).should().close();
		then(this.client).should(never()).disconnect();
	}

	@Test
	void stopAfterCloseOfChildContextDoesNotClose() {
		MqttClientLifecycle lifecycle = lifecycle(StartupPolicy.CONTINUE, LONG);
		lifecycle.start();
		lifecycle.onApplicationEvent(new ContextClosedEvent(new StaticApplicationContext(this.context)));
		lifecycle.stop();
		then(this.client).should(never()).close();
	}

	@Test
	void startsBeforeTheWebServerAndStopsAfterIt() {
		assertThat(lifecycle(StartupPolicy.CONTINUE, LONG).getPhase())
			.isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
			.isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
	}

	private MqttClientLifecycle lifecycle(StartupPolicy policy, Duration timeout) {
		MqttClientLifecycle lifecycle = new MqttClientLifecycle(this.context, List.of(this.client), policy, timeout);
		this.lifecycles.add(lifecycle);
		return lifecycle;
	}

	private static Optional<Thread> keepAliveThread() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mqtt-keep-alive"))
			.findFirst();
	}

	private void status(MqttClientState state) {
		given(this.client.status()).willReturn(TestStatus.of(state, Instant.EPOCH));
	}

	private void fails(MqttConnectException cause) {
		willAnswer((call) -> {
			this.listener.connectionFailed(this.client, cause, 1);
			return null;
		}).given(this.client).start();
	}

	private static MqttConnectException refusal(boolean retryable) {
		return new MqttConnectException("Connection refused", MqttReasonCode.NOT_AUTHORIZED, null, retryable, null);
	}

}
