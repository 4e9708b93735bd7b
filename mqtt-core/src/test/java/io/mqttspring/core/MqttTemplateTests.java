package io.mqttspring.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;

import io.mqttspring.FakeMqttClient;
import io.mqttspring.client.MqttException;
import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageProperties;
import io.mqttspring.client.MqttPublishException;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.MqttQueueFullException;
import io.mqttspring.client.MqttReasonCode;
import io.mqttspring.client.MqttTimeoutException;
import io.mqttspring.client.MqttUserProperty;
import io.mqttspring.client.Wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MqttTemplateTests {

	private final FakeMqttClient client = new FakeMqttClient();

	private final MqttTemplate template = new MqttTemplate(this.client);

	@Test
	void waitsForTheAcknowledgementOfQos1ByDefault() {
		this.template.send("fleet/7/command", "stop");
		FakeMqttClient.Published published = this.client.onlyPublished();
		assertThat(published.message().topic()).isEqualTo("fleet/7/command");
		assertThat(published.payload()).isEqualTo("stop");
		assertThat(published.message().qos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
		assertThat(published.message().retained()).isFalse();
		assertThat(published.message().properties()).isSameAs(MqttMessageProperties.NONE);
		assertThat(published.waitFor()).isEqualTo(Wait.ACKNOWLEDGED);
	}

	@Test
	void bytesAreNotCopied() {
		byte[] payload = { 1 };
		this.template.send("fleet/7/command", payload);
		assertThat(this.client.onlyPublished().message().payload()).isSameAs(payload);
	}

	@Test
	void objectsAreSentAsJson() {
		this.template.send("fleet/7/command", new Command("reboot"));
		assertThat(this.client.onlyPublished().payload()).isEqualTo("{\"name\":\"reboot\"}");
		assertThat(this.client.onlyPublished().message().properties().contentType()).isEqualTo("application/json");
	}

	@Test
	void qosAndRetainedAreSetPerCall() {
		this.template.send("a", "1", MqttQos.AT_MOST_ONCE);
		this.template.send("b", new Command("reboot"), MqttQos.EXACTLY_ONCE, true);
		assertThat(this.client.published()).extracting((published) -> published.message().qos())
			.containsExactly(MqttQos.AT_MOST_ONCE, MqttQos.EXACTLY_ONCE);
		assertThat(this.client.published()).extracting((published) -> published.message().retained())
			.containsExactly(false, true);
	}

	@Test
	void everyKindOfPayloadIsSentWithEveryQosAndFlag() {
		List<Object> payloads = List.of("text", new byte[] { 1 }, new Command("reboot"));
		for (Object payload : payloads) {
			for (MqttQos qos : MqttQos.values()) {
				for (boolean retained : new boolean[] { false, true }) {
					FakeMqttClient client = new FakeMqttClient();
					MqttTemplate template = new MqttTemplate(client);
					template.send("a", payload, qos, retained);
					template.sendAsync("a", payload, qos, retained);
					template.newMessage(payload).withTopic("a").withQos(qos).withRetained(retained).send();
					assertThat(client.published()).hasSize(3).allSatisfy((published) -> {
						assertThat(published.message().qos()).isEqualTo(qos);
						assertThat(published.message().retained()).isEqualTo(retained);
					});
				}
			}
		}
	}

	@Test
	void defaultRetainedHoldsWhereOnlyTheQosIsSaid() {
		this.template.setDefaultRetained(true);
		this.template.send("a", "1", MqttQos.AT_MOST_ONCE);
		this.template.sendAsync("a", "2", MqttQos.AT_MOST_ONCE);
		assertThat(this.client.published()).hasSize(2).allMatch((published) -> published.message().retained());
	}

	@Test
	void defaultsHoldForAllWaysToSend() {
		this.template.setDefaultTopic("fleet/all");
		this.template.setDefaultQos(MqttQos.EXACTLY_ONCE);
		this.template.setDefaultRetained(true);
		this.template.setDefaultWait(Wait.SENT);
		this.template.setDefaultContentType("application/vnd.fleet+json");
		this.template.send("text");
		this.template.send(new Command("reboot"));
		this.template.send(new GenericMessage<>("text"));
		this.template.newMessage("text").send();
		assertThat(this.client.published()).hasSize(4).allSatisfy((published) -> {
			assertThat(published.message().topic()).isEqualTo("fleet/all");
			assertThat(published.message().qos()).isEqualTo(MqttQos.EXACTLY_ONCE);
			assertThat(published.message().retained()).isTrue();
			assertThat(published.message().properties().contentType()).isEqualTo("application/vnd.fleet+json");
			assertThat(published.waitFor()).isEqualTo(Wait.SENT);
		});
	}

	@Test
	void sendingWithoutATopicSaysHowToSetOne() {
		String message = "No topic to send to: name one, by the header 'mqtt_topic' of a Message, or set a default (mqtt.template.default-topic)";
		assertThatIllegalStateException().isThrownBy(() -> this.template.send("text")).withMessage(message);
		assertThatIllegalStateException().isThrownBy(() -> this.template.send(new GenericMessage<>("text")))
			.withMessage(message);
		assertThatIllegalStateException().isThrownBy(() -> this.template.sendAsync("text")).withMessage(message);
		assertThatIllegalStateException().isThrownBy(() -> this.template.newMessage("text").send())
			.withMessage(message);
	}

	@Test
	void messageIsSentAsItsHeadersSay() {
		Message<Command> message = MessageBuilder.withPayload(new Command("reboot"))
			.setHeader(MqttHeaders.TOPIC, "fleet/7/command")
			.setHeader(MqttHeaders.QOS, 0)
			.setHeader(MqttHeaders.RETAINED, true)
			.setHeader(MqttHeaders.RESPONSE_TOPIC, "answers")
			.setHeader("internal", "stays here")
			.build();
		this.template.send(message);
		MqttMessage sent = this.client.onlyPublished().message();
		assertThat(sent.topic()).isEqualTo("fleet/7/command");
		assertThat(sent.payloadAsString()).isEqualTo("{\"name\":\"reboot\"}");
		assertThat(sent.qos()).isEqualTo(MqttQos.AT_MOST_ONCE);
		assertThat(sent.retained()).isTrue();
		assertThat(sent.properties().responseTopic()).isEqualTo("answers");
		assertThat(sent.properties().contentType()).isEqualTo("application/json");
		assertThat(sent.properties().userProperties()).isEmpty();
	}

	@Test
	void messageDeclaredAsAnObjectIsStillAMessage() {
		Object message = new GenericMessage<>("text", Map.of(MqttHeaders.TOPIC, "fleet/7/command"));
		this.template.send(message);
		this.template.sendAsync(message);
		assertThat(this.client.published()).hasSize(2).allSatisfy((published) -> {
			assertThat(published.message().topic()).isEqualTo("fleet/7/command");
			assertThat(published.payload()).isEqualTo("text");
		});
	}

	@Test
	void messageIsRefusedAsAPayload() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.template.send("a", MqttMessage.of("fleet/7/command", "stop")))
			.withMessage(
					"A payload cannot be a MqttMessage, which has a topic of its own: send a Message by send(Message), and a MqttMessage by getClient().publish(MqttMessage)");
	}

	@Test
	void asyncSendTellsReasonCodeAndTime() {
		this.client.hold();
		CompletableFuture<MqttSendResult> future = this.template.sendAsync("fleet/7/command", "stop");
		assertThat(future).isNotDone();
		this.client.onlyPublished().delivery().acknowledge(MqttReasonCode.NO_MATCHING_SUBSCRIBERS);
		assertThat(future).isCompletedWithValueMatching((result) -> result.topic().equals("fleet/7/command")
				&& result.reasonCode() == MqttReasonCode.NO_MATCHING_SUBSCRIBERS
				&& result.timeToAcknowledgement().compareTo(Duration.ZERO) > 0);
	}

	@Test
	void allAsyncVariantsSend() {
		this.template.setDefaultTopic("fleet/all");
		assertThat(this.template.sendAsync("1")).isCompleted();
		assertThat(this.template.sendAsync("a", "2")).isCompleted();
		assertThat(this.template.sendAsync("a", "3", MqttQos.AT_MOST_ONCE)).isCompleted();
		assertThat(this.template.sendAsync("a", "4", MqttQos.AT_MOST_ONCE, true)).isCompleted();
		assertThat(this.template.sendAsync(new GenericMessage<>("5"))).isCompleted();
		assertThat(this.client.published()).extracting(FakeMqttClient.Published::payload)
			.containsExactly("1", "2", "3", "4", "5");
	}

	@Test
	void asyncSendEndsWithTheFailureOfTheDelivery() {
		this.client.hold();
		CompletableFuture<MqttSendResult> future = this.template.sendAsync("fleet/7/command", "stop");
		MqttPublishException failure = new MqttPublishException("refused", MqttReasonCode.NOT_AUTHORIZED);
		this.client.onlyPublished().delivery().fail(failure);
		assertThat(future).isCompletedExceptionally();
		assertThatExceptionOfType(MqttPublishException.class).isThrownBy(() -> resultOf(future)).isSameAs(failure);
	}

	@Test
	void asyncSendHasAFullQueueInItsFuture() {
		MqttQueueFullException failure = new MqttQueueFullException("full");
		this.client.failWith(failure);
		CompletableFuture<MqttSendResult> future = this.template.sendAsync("fleet/7/command", "stop");
		assertThatExceptionOfType(MqttQueueFullException.class).isThrownBy(() -> resultOf(future)).isSameAs(failure);
	}

	@Test
	void asyncSendHasWhateverTheClientThrowsInItsFuture() {
		for (MqttException failure : List.of(new MqttException("closed"), new MqttPublishException("offline", null))) {
			this.client.failWith(failure);
			CompletableFuture<MqttSendResult> future = this.template.sendAsync("fleet/7/command", "stop");
			assertThatExceptionOfType(MqttException.class).isThrownBy(() -> resultOf(future)).isSameAs(failure);
		}
	}

	@Test
	void asyncSendThrowsWhatIsWrongWithTheCall() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.sendAsync("fleet/+", "stop"));
		assertThatExceptionOfType(MessageConversionException.class)
			.isThrownBy(() -> this.template.newMessage(new Command("reboot"))
				.withTopic("fleet/7")
				.withContentType("application/cbor")
				.sendAsync());
	}

	@Test
	void builderSetsAllThatAMessageCanSay() {
		byte[] correlation = { 1 };
		this.template.newMessage(new Command("reboot"))
			.withTopic("fleet/{deviceId}/command/{command}", 42, "reboot")
			.withQos(MqttQos.EXACTLY_ONCE)
			.withRetained(true)
			.withContentType("application/vnd.fleet+json")
			.withExpiry(Duration.ofMinutes(1))
			.withResponseTopic("answers")
			.withCorrelationData(correlation)
			.withUserProperty("a", "1")
			.withUserProperty("a", "2")
			.withWait(Wait.NONE)
			.send();
		FakeMqttClient.Published published = this.client.onlyPublished();
		assertThat(published.waitFor()).isEqualTo(Wait.NONE);
		MqttMessage sent = published.message();
		assertThat(sent.topic()).isEqualTo("fleet/42/command/reboot");
		assertThat(sent.qos()).isEqualTo(MqttQos.EXACTLY_ONCE);
		assertThat(sent.retained()).isTrue();
		MqttMessageProperties properties = sent.properties();
		assertThat(properties.contentType()).isEqualTo("application/vnd.fleet+json");
		assertThat(properties.messageExpiry()).isEqualTo(Duration.ofMinutes(1));
		assertThat(properties.responseTopic()).isEqualTo("answers");
		assertThat(properties.correlationData()).isSameAs(correlation);
		assertThat(properties.userProperties()).containsExactly(new MqttUserProperty("a", "1"),
				new MqttUserProperty("a", "2"));
	}

	@Test
	void topicWithoutVariablesIsTakenAsItIs() {
		this.template.newMessage("text").withTopic("odd/{but}/legal").send();
		assertThat(this.client.onlyPublished().message().topic()).isEqualTo("odd/{but}/legal");
	}

	@Test
	void topicVariableIsTakenToTheLetter() {
		this.template.newMessage("text").withTopic("fleet/{id}/command", "a$1\\b").send();
		assertThat(this.client.onlyPublished().message().topic()).isEqualTo("fleet/a$1\\b/command");
	}

	@Test
	void topicVariablesHaveToFit() {
		MqttOperations.SendMessageBuilder builder = this.template.newMessage("text");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.withTopic("fleet/{id}/command", 1, 2))
			.withMessage("Topic 'fleet/{id}/command' has 1 names in braces, and 2 values were given for them");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.withTopic("fleet/{id}/command", "7/../8"))
			.withMessage("Value '7/../8' for {id} of topic 'fleet/{id}/command' is not one level of a topic");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.withTopic("fleet/{id}/command", ""))
			.withMessage("Value '' for {id} of topic 'fleet/{id}/command' is not one level of a topic");
	}

	@Test
	void builderWaitsForAsLongAsItIsTold() {
		Duration timeout = Duration.ofSeconds(1);
		this.template.newMessage("1").withTopic("a").withTimeout(timeout).send();
		this.template.newMessage("2").withTopic("a").withWait(Wait.SENT).withTimeout(timeout).send();
		assertThat(this.client.published()).extracting(FakeMqttClient.Published::waitFor)
			.containsExactly(Wait.NONE, Wait.NONE);
		assertThat(this.client.published()).flatExtracting((published) -> published.delivery().waits())
			.containsExactly("ACKNOWLEDGED PT1S", "SENT PT1S");
	}

	@Test
	void timeoutWithNothingToWaitForIsRefused() {
		MqttOperations.SendMessageBuilder builder = this.template.newMessage("text").withTopic("a");
		assertThatIllegalStateException()
			.isThrownBy(() -> builder.withWait(Wait.NONE).withTimeout(Duration.ofSeconds(1)).send())
			.withMessage(
					"A timeout of PT1S and nothing to wait for: set withWait to SENT or ACKNOWLEDGED, or leave out withTimeout");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.withTimeout(Duration.ZERO))
			.withMessage("timeout is PT0S: it has to be more than zero");
		assertThat(this.client.published()).isEmpty();
	}

	@Test
	void waitOfAnAsyncSendIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.template.newMessage("text").withTopic("a").withWait(Wait.SENT).sendAsync())
			.withMessage("withWait(SENT) is for send(): the future of sendAsync() always tells of the acknowledgement");
		assertThat(this.client.published()).isEmpty();
	}

	@Test
	void asyncSendEndsAfterItsTimeout() {
		this.client.hold();
		CompletableFuture<MqttSendResult> future = this.template.newMessage("text")
			.withTopic("fleet/7/command")
			.withTimeout(Duration.ofMillis(1))
			.sendAsync();
		assertThat(future).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(MqttTimeoutException.class)
			.withMessage("The message to 'fleet/7/command' was not acknowledged within PT0.001S; it is not given up");
	}

	@Test
	void asyncSendWithinItsTimeoutEndsWell() {
		CompletableFuture<MqttSendResult> future = this.template.newMessage("text")
			.withTopic("fleet/7/command")
			.withTimeout(Duration.ofMinutes(1))
			.sendAsync();
		assertThat(future).isCompleted();
	}

	@Test
	void clearingARetainedMessageSendsARetainedOneOfZeroBytes() {
		this.template.clearRetained("fleet/7/state");
		MqttMessage sent = this.client.onlyPublished().message();
		assertThat(sent.topic()).isEqualTo("fleet/7/state");
		assertThat(sent.payload()).isEmpty();
		assertThat(sent.retained()).isTrue();
		assertThat(this.client.onlyPublished().waitFor()).isEqualTo(Wait.ACKNOWLEDGED);
	}

	@Test
	void contentTypeOfAMessageIsItsOwn() {
		this.template.setDefaultContentType("text/plain");
		this.template.send(new GenericMessage<>("{}",
				Map.of(MqttHeaders.TOPIC, "a", MessageHeaders.CONTENT_TYPE, "application/json")));
		assertThat(this.client.onlyPublished().message().properties().contentType()).isEqualTo("application/json");
	}

	private static void resultOf(CompletableFuture<MqttSendResult> future) throws Throwable {
		try {
			future.get();
		}
		catch (ExecutionException ex) {
			throw ex.getCause();
		}
	}

	record Command(String name) {
	}

}
