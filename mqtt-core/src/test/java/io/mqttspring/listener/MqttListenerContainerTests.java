package io.mqttspring.listener;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import io.mqttspring.FakeMqttClient;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.core.MqttLifecyclePhases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MqttListenerContainerTests {

	private final FakeMqttClient client = new FakeMqttClient();

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final MqttListenerContainerFactory factory = new MqttListenerContainerFactory();

	private final MqttListenerEndpointRegistry registry = new MqttListenerEndpointRegistry();

	private final List<String> received = new ArrayList<>();

	private final MqttListenerEndpoint endpoint = MqttListenerEndpoint.of("readings",
			List.of("fleet/{deviceId}/a", "fleet/+/b"), (message) -> this.received.add(message.topic()));

	MqttListenerContainerTests() {
		this.beans.registerSingleton("mqttClient", this.client);
		this.factory.setBeanFactory(this.beans);
	}

	@Test
	void startSubscribesToEachFilterAndStopUnsubscribes() throws Exception {
		MqttListenerContainer container = this.factory.createContainer(this.endpoint);
		assertThat(container.isRunning()).isFalse();
		assertThat(this.client.events()).isEmpty();
		container.start();
		container.start();
		assertThat(container.isRunning()).isTrue();
		assertThat(this.client.events()).containsExactly("subscribe fleet/+/a", "subscribe fleet/+/b");
		this.client.deliver("fleet/7/b", "1");
		container.stop();
		container.stop();
		assertThat(container.isRunning()).isFalse();
		assertThat(this.client.events()).endsWith("unsubscribe fleet/+/a", "unsubscribe fleet/+/b").hasSize(4);
		assertThat(this.received).containsExactly("fleet/7/b");
		container.start();
		this.client.deliver("fleet/7/a", "2");
		assertThat(this.received).containsExactly("fleet/7/b", "fleet/7/a");
	}

	@Test
	void whatTheEndpointDoesNotSayTheFactoryDoes() {
		this.factory.setQos(MqttQos.EXACTLY_ONCE);
		this.factory.setConcurrency(4);
		this.factory.setAutoStartup(false);
		MqttListenerContainer container = this.factory.createContainer(this.endpoint);
		container.start();
		assertThat(container.isAutoStartup()).isFalse();
		assertThat(this.client.subscribed()).first()
			.isEqualTo(SubscribeOptions.of("fleet/+/a", MqttQos.EXACTLY_ONCE).withName("readings").withConcurrency(4));
	}

	@Test
	void whatTheEndpointSaysHolds() {
		this.factory.setQos(MqttQos.EXACTLY_ONCE);
		this.factory.setConcurrency(4);
		this.factory.setAutoStartup(false);
		MqttListenerContainer container = this.factory
			.createContainer(this.endpoint.withQos(MqttQos.AT_MOST_ONCE).withConcurrency(2).withAutoStartup(true));
		container.start();
		assertThat(container.isAutoStartup()).isTrue();
		assertThat(this.client.subscribed()).first()
			.isEqualTo(SubscribeOptions.of("fleet/+/a", MqttQos.AT_MOST_ONCE).withName("readings").withConcurrency(2));
	}

	@Test
	void clientIsFoundByItsName() {
		FakeMqttClient plant = new FakeMqttClient("plant");
		this.beans.registerSingleton("anyBeanName", plant);
		assertThat(this.factory.createContainer(this.endpoint.withClient("plant")).getClient()).isSameAs(plant);
	}

	@Test
	void unknownClientIsToldWithTheKnownOnes() {
		this.beans.registerSingleton("anyBeanName", new FakeMqttClient("plant"));
		assertThatIllegalStateException()
			.isThrownBy(() -> this.factory.createContainer(this.endpoint.withClient("palnt")))
			.withMessage("No MQTT client is named 'palnt' (listener 'readings'): there are 'default', 'plant'");
	}

	@Test
	void severalClientsNeedAPrimaryOneOrAName() {
		this.beans.registerSingleton("anyBeanName", new FakeMqttClient("plant"));
		assertThatIllegalStateException().isThrownBy(() -> this.factory.createContainer(this.endpoint))
			.withMessage(
					"More than one MQTT client and none is primary (listener 'readings'): name one with 'client', there are 'default', 'plant'");
	}

	@Test
	void missingClientIsTold() {
		MqttListenerContainerFactory factory = new MqttListenerContainerFactory();
		factory.setBeanFactory(new DefaultListableBeanFactory());
		assertThatIllegalStateException().isThrownBy(() -> factory.createContainer(this.endpoint))
			.withMessage("No MQTT client to subscribe with (listener 'readings'): define a bean of type MqttClient");
		assertThatIllegalStateException().isThrownBy(() -> factory.createContainer(this.endpoint.withClient("plant")))
			.withMessage("No MQTT client is named 'plant' (listener 'readings'): there is none at all");
	}

	@Test
	void concurrencyOutOfRangeIsToldWithThePlace() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.factory.createContainer(this.endpoint.withConcurrency(0)))
			.withMessage("concurrency of subscription 'fleet/+/a' is 0: it can be 1 to 1,024 (listener 'readings')");
	}

	@Test
	void endpointNeedsAnIdAndATopic() {
		assertThatIllegalArgumentException().isThrownBy(() -> MqttListenerEndpoint.of(" ", List.of("a"), (message) -> {
		})).withMessage("The id of listener ' ' is blank: it names the container");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MqttListenerEndpoint.of("readings", List.of(), (message) -> {
			}))
			.withMessage("No topic filter (listener 'readings'): name at least one");
	}

	@Test
	void registryStartsContainersBeforeClientsConnect() {
		assertThat(this.registry.getPhase()).isEqualTo(MqttLifecyclePhases.LISTENERS)
			.isLessThan(MqttLifecyclePhases.CLIENT);
		this.registry.register(this.endpoint, this.factory);
		assertThat(this.client.events()).isEmpty();
		this.registry.start();
		assertThat(this.client.events()).hasSize(2);
	}

	@Test
	void containerThatIsNotToStartByItselfIsStartedByHand() {
		this.registry.register(this.endpoint.withAutoStartup(false), this.factory);
		this.registry.start();
		assertThat(this.client.events()).isEmpty();
		MqttListenerContainer container = this.registry.getListenerContainer("readings");
		assertThat(container).isNotNull();
		container.start();
		assertThat(this.client.events()).hasSize(2);
	}

	@Test
	void containerRegisteredAfterTheStartStartsAtOnce() {
		this.registry.start();
		assertThat(this.registry.register(this.endpoint, this.factory).isRunning()).isTrue();
	}

	@Test
	void endOfTheApplicationIsNotTheEndOfTheSubscriptions() {
		this.registry.register(this.endpoint, this.factory);
		this.registry.start();
		this.registry.stop();
		assertThat(this.registry.isRunning()).isFalse();
		assertThat(this.client.subscribed()).hasSize(2);
		this.registry.start();
		assertThat(this.client.subscribed()).hasSize(2);
	}

	@Test
	void idsAreUnique() {
		this.registry.register(this.endpoint, this.factory);
		assertThatIllegalStateException().isThrownBy(() -> this.registry.register(this.endpoint, this.factory))
			.withMessage("There is a listener container 'readings' already: give listener 'readings' an id of its own");
		assertThat(this.registry.getListenerContainers()).hasSize(1);
		assertThat(this.registry.getListenerContainer("other")).isNull();
	}

}
