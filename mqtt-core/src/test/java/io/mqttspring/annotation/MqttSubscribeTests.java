package io.mqttspring.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.messaging.handler.annotation.DestinationVariable;

import io.mqttspring.FakeMqttClient;
import io.mqttspring.client.MqttClient;
import io.mqttspring.client.MqttQos;
import io.mqttspring.client.SubscribeOptions;
import io.mqttspring.core.MqttLifecyclePhases;
import io.mqttspring.listener.MqttListenerContainer;
import io.mqttspring.listener.MqttListenerContainerFactory;
import io.mqttspring.listener.MqttListenerEndpoint;
import io.mqttspring.listener.MqttListenerEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class MqttSubscribeTests {

	private final FakeMqttClient client = new FakeMqttClient();

	@Test
	void handlerIsSubscribedBeforeItsClientConnects() throws Exception {
		try (var context = context(FleetHandlers.class, ClientStarter.class)) {
			assertThat(this.client.events()).containsExactly("subscribe fleet/+/telemetry", "start");
			assertThat(this.client.deliver("fleet/7/telemetry", "{\"value\":1.5}")).isOne();
			assertThat(context.getBean(FleetHandlers.class).calls).containsExactly("7: Reading[value=1.5]");
		}
		assertThat(this.client.events()).endsWith("close").doesNotContain("unsubscribe fleet/+/telemetry");
	}

	@Test
	void containerIsNamedByBeanAndMethod() {
		try (var context = context(FleetHandlers.class)) {
			assertThat(ids(context)).containsExactly("mqttSubscribeTests.FleetHandlers.telemetry");
			assertThat(this.client.subscribed()).extracting(SubscribeOptions::name)
				.containsExactly("mqttSubscribeTests.FleetHandlers.telemetry");
		}
	}

	@Test
	void handlersWhoseFiltersOverlapEachGetTheMessageOnce() throws Exception { // PAINS 16
		try (var context = context(Overlapping.class)) {
			this.client.deliver("fleet/7/state", "on");
			assertThat(context.getBean(Overlapping.class).calls).containsExactlyInAnyOrder("all on", "states on",
					"seven on");
		}
	}

	@Test
	void expressionsAreResolvedInAllAttributes() {
		try (var context = context(Expressions.class, Factories.class, OtherClient.class)) {
			FakeMqttClient plant = (FakeMqttClient) context.getBean("plant");
			assertThat(plant.subscribed()).containsExactlyInAnyOrder(
					SubscribeOptions.of("acme/+/state", MqttQos.EXACTLY_ONCE)
						.withName("by-expression")
						.withConcurrency(4),
					SubscribeOptions.of("acme/a", MqttQos.EXACTLY_ONCE).withName("by-expression").withConcurrency(4),
					SubscribeOptions.of("acme/b", MqttQos.EXACTLY_ONCE).withName("by-expression").withConcurrency(4));
			assertThat(this.client.subscribed()).isEmpty();
			MqttListenerContainer stopped = context.getBean(MqttListenerEndpointRegistry.class)
				.getListenerContainer("not-started");
			assertThat(stopped).isNotNull();
			assertThat(stopped.isRunning()).isFalse();
		}
	}

	@Test
	void annotationCanBeRepeatedAndComposed() {
		try (var context = context(Repeated.class)) {
			assertThat(this.client.subscribed()).containsExactlyInAnyOrder(
					SubscribeOptions.of("a", MqttQos.AT_LEAST_ONCE).withName("mqttSubscribeTests.Repeated.repeated"),
					SubscribeOptions.of("b", MqttQos.AT_MOST_ONCE).withName("mqttSubscribeTests.Repeated.repeated#2"),
					SubscribeOptions.of("alarms/+", MqttQos.EXACTLY_ONCE)
						.withName("mqttSubscribeTests.Repeated.composed"));
			assertThat(ids(context)).hasSize(3);
		}
	}

	@Test
	void defaultFactoryIsTheBeanOfThatName() {
		try (var context = context(FleetHandlers.class, DefaultFactory.class)) {
			assertThat(this.client.subscribed()).extracting(SubscribeOptions::qos)
				.containsExactly(MqttQos.EXACTLY_ONCE);
			assertThat(ids(context)).hasSize(1);
		}
	}

	@Test
	void lazyBeanIsSubscribedWhenItIsMade() throws Exception {
		try (var context = context(LazyHandlers.class)) {
			assertThat(this.client.subscribed()).isEmpty();
			LazyHandlers handlers = context.getBean(LazyHandlers.class);
			this.client.deliver("late", "1");
			assertThat(handlers.calls).containsExactly("1");
		}
	}

	@Test
	void proxiedBeanIsCalledThroughItsProxy() throws Exception {
		try (var context = context(Overlapping.class, Proxies.class)) {
			this.client.deliver("fleet/7/state", "on");
			assertThat(context.getBean(Proxies.class).advised).contains("seven", "all", "states");
		}
	}

	@Test
	void beanBehindAnInterfaceIsCalledThroughItsProxy() throws Exception {
		try (var context = context(Commands.class, InterfaceProxies.class)) {
			this.client.deliver("fleet/7/command", "stop");
			assertThat(context.getBean(InterfaceProxies.class).advised).containsExactly("command");
		}
	}

	@Test
	void containerThatIsNotToStartByItselfDoesNotWhenItIsRegisteredLate() {
		try (var context = context(FleetHandlers.class)) {
			MqttListenerEndpointRegistry registry = context.getBean(MqttListenerEndpointRegistry.class);
			MqttListenerContainerFactory factory = new MqttListenerContainerFactory();
			factory.setBeanFactory(context.getBeanFactory());
			MqttListenerContainer late = registry.register(MqttListenerEndpoint.of("late", List.of("a"), (message) -> {
			}).withAutoStartup(false), factory);
			assertThat(late.isRunning()).isFalse();
			MqttListenerContainer started = registry
				.register(MqttListenerEndpoint.of("started", List.of("b"), (message) -> {
				}), factory);
			assertThat(started.isRunning()).isTrue();
		}
	}

	@Test
	void badFilterFailsTheStartWithClassAndMethod() {
		failsToStart(BadFilter.class,
				"Topic filter 'fleet/#/state' (@MqttSubscribe on BadFilter.telemetry): '#' may only be the last level; use '+', or move '#' to the end");
	}

	@Test
	void badFilterIsToldAsItWasWritten() {
		failsToStart(BadNamedFilter.class,
				"Topic filter 'fleet/{deviceId}/a+' (@MqttSubscribe on BadNamedFilter.telemetry): '+' has to be a level of its own, between slashes");
		failsToStart(BadName.class,
				"Topic filter 'fleet/dev-{id}' (@MqttSubscribe on BadName.telemetry): 'dev-{id}' is no named level, which looks like '{name}' and stands between slashes; use '+' for a level that has braces");
		failsToStart(EmptyFilter.class,
				"Topic filter '' (@MqttSubscribe on EmptyFilter.telemetry): Topic filter is empty: it has to have at least one character");
	}

	@Test
	void attributeThatDoesNotFitFailsTheStart() {
		failsToStart(NoTopic.class, "No topic filter (@MqttSubscribe on NoTopic.telemetry): name at least one");
		failsToStart(BadConcurrency.class,
				"concurrency = \"${missing:many}\" is 'many' (@MqttSubscribe on BadConcurrency.telemetry): it has to be a number");
		failsToStart(BadAutoStartup.class,
				"autoStartup = \"yes\" is 'yes' (@MqttSubscribe on BadAutoStartup.telemetry): it has to be true or false");
		failsToStart(TwoQos.class, "qos has 2 values (@MqttSubscribe on TwoQos.telemetry): it can have one");
		failsToStart(NumberAsTopic.class,
				"topics = \"#{42}\" is '42' (@MqttSubscribe on NumberAsTopic.telemetry): it has to be a String, or an array or collection of them");
		failsToStart(NumberAsId.class,
				"id = \"#{42}\" is '42' (@MqttSubscribe on NumberAsId.telemetry): it has to be a String");
		failsToStart(UnknownClient.class,
				"No MQTT client is named 'plant' (@MqttSubscribe on UnknownClient.telemetry): there are 'default'");
		failsToStart(UnknownFactory.class,
				"No container factory 'mine' (@MqttSubscribe on UnknownFactory.telemetry): define a bean of that name and of type MqttListenerContainerFactory");
		failsToStart(Returning.class,
				"@MqttSubscribe on Returning.telemetry: the method returns String: what a handler returns is not sent anywhere, so it has to be void");
	}

	@Test
	void handlerMethodsAreKeptForNativeImages() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, FleetHandlers.class, Repeated.class);
		Method telemetry = FleetHandlers.class.getDeclaredMethod("telemetry", Reading.class, String.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(telemetry)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Repeated.class, "repeated")).accepts(hints);
	}

	private void failsToStart(Class<?> handlers, String message) {
		assertThatException().isThrownBy(() -> context(handlers).close()).withMessage(message);
	}

	private AnnotationConfigApplicationContext context(Class<?>... classes) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("tenant", "acme", "lanes", "4", "off", "false")));
		context.registerBean("mqttClient", MqttClient.class, () -> this.client,
				(definition) -> definition.setPrimary(true));
		context.register(Enabled.class);
		context.register(classes);
		context.refresh();
		return context;
	}

	private static List<String> ids(GenericApplicationContext context) {
		return context.getBean(MqttListenerEndpointRegistry.class)
			.getListenerContainers()
			.stream()
			.map(MqttListenerContainer::getId)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMqtt
	static class Enabled {

	}

	/**
	 * Stands in for who starts and closes the client.
	 */
	static class ClientStarter implements SmartLifecycle {

		private final MqttClient client;

		private boolean running;

		ClientStarter(MqttClient client) {
			this.client = client;
		}

		@Override
		public int getPhase() {
			return MqttLifecyclePhases.CLIENT;
		}

		@Override
		public void start() {
			this.client.start();
			this.running = true;
		}

		@Override
		public void stop() {
			this.client.close();
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	record Reading(double value) {
	}

	static class FleetHandlers {

		private final List<String> calls = new ArrayList<>();

		@MqttSubscribe("fleet/{deviceId}/telemetry")
		void telemetry(Reading reading, @DestinationVariable String deviceId) {
			this.calls.add(deviceId + ": " + reading);
		}

	}

	static class Overlapping {

		final List<String> calls = new ArrayList<>();

		@MqttSubscribe("fleet/#")
		void all(String payload) {
			this.calls.add("all " + payload);
		}

		@MqttSubscribe(topics = "fleet/+/state")
		void states(byte[] payload) {
			this.calls.add("states " + new String(payload));
		}

		@MqttSubscribe("fleet/7/state")
		void seven(String payload) {
			this.calls.add("seven " + payload);
		}

	}

	static class Expressions {

		@MqttSubscribe(topics = { "${tenant}/{deviceId}/state", "#{'${tenant}/a,${tenant}/b'.split(',')}" },
				id = "#{'by-' + 'expression'}", client = "#{@plantName}", concurrency = "${lanes}",
				containerFactory = "#{'exactlyOnce'}")
		void state(String payload) {
		}

		@MqttSubscribe(topics = "other", id = "not-started", autoStartup = "${off}")
		void other(String payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Factories {

		@Bean
		MqttListenerContainerFactory exactlyOnce() {
			MqttListenerContainerFactory factory = new MqttListenerContainerFactory();
			factory.setQos(MqttQos.EXACTLY_ONCE);
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DefaultFactory {

		@Bean
		MqttListenerContainerFactory mqttListenerContainerFactory() {
			return new Factories().exactlyOnce();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherClient {

		@Bean
		MqttClient plant() {
			return new FakeMqttClient("plant");
		}

		@Bean
		String plantName() {
			return "plant";
		}

	}

	static class Repeated {

		@MqttSubscribe("a")
		@MqttSubscribe(topics = "b", qos = MqttQos.AT_MOST_ONCE)
		void repeated(String payload) {
		}

		@AlarmHandler("alarms/+")
		void composed(String payload) {
		}

	}

	@MqttSubscribe(qos = MqttQos.EXACTLY_ONCE)
	@Retention(RetentionPolicy.RUNTIME)
	@interface AlarmHandler {

		@AliasFor(annotation = MqttSubscribe.class, attribute = "topics")
		String[] value();

	}

	@Lazy
	static class LazyHandlers {

		private final List<String> calls = new ArrayList<>();

		@MqttSubscribe("late")
		void late(String payload) {
			this.calls.add(payload);
		}

	}

	interface CommandHandler {

		void command(String payload);

	}

	static class Commands implements CommandHandler {

		@Override
		@MqttSubscribe("fleet/+/command")
		public void command(String payload) {
		}

	}

	static class InterfaceProxies implements BeanPostProcessor, PriorityOrdered {

		private final List<String> advised = new ArrayList<>();

		@Override
		public int getOrder() {
			return 0;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof Commands)) {
				return bean;
			}
			ProxyFactory proxyFactory = new ProxyFactory(bean); // of its interfaces
			proxyFactory.addAdvice((MethodInterceptor) (invocation) -> {
				this.advised.add(invocation.getMethod().getName());
				return invocation.proceed();
			});
			return proxyFactory.getProxy();
		}

	}

	static class Proxies implements BeanPostProcessor, PriorityOrdered {

		private final List<String> advised = new ArrayList<>();

		@Override
		public int getOrder() {
			return 0;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof Overlapping)) {
				return bean;
			}
			ProxyFactory proxyFactory = new ProxyFactory(bean);
			proxyFactory.setProxyTargetClass(true);
			proxyFactory.addAdvice((MethodInterceptor) (invocation) -> {
				this.advised.add(invocation.getMethod().getName());
				return invocation.proceed();
			});
			return proxyFactory.getProxy();
		}

	}

	static class BadFilter {

		@MqttSubscribe("fleet/#/state")
		void telemetry(String payload) {
		}

	}

	static class BadNamedFilter {

		@MqttSubscribe("fleet/{deviceId}/a+")
		void telemetry(String payload) {
		}

	}

	static class BadName {

		@MqttSubscribe("fleet/dev-{id}")
		void telemetry(String payload) {
		}

	}

	static class EmptyFilter {

		@MqttSubscribe("${missing:}")
		void telemetry(String payload) {
		}

	}

	static class NoTopic {

		@MqttSubscribe
		void telemetry(String payload) {
		}

	}

	static class BadConcurrency {

		@MqttSubscribe(topics = "a", concurrency = "${missing:many}")
		void telemetry(String payload) {
		}

	}

	static class BadAutoStartup {

		@MqttSubscribe(topics = "a", autoStartup = "yes")
		void telemetry(String payload) {
		}

	}

	static class TwoQos {

		@MqttSubscribe(topics = "a", qos = { MqttQos.AT_MOST_ONCE, MqttQos.EXACTLY_ONCE })
		void telemetry(String payload) {
		}

	}

	static class NumberAsTopic {

		@MqttSubscribe("#{42}")
		void telemetry(String payload) {
		}

	}

	static class NumberAsId {

		@MqttSubscribe(topics = "a", id = "#{42}")
		void telemetry(String payload) {
		}

	}

	static class UnknownClient {

		@MqttSubscribe(topics = "a", client = "plant")
		void telemetry(String payload) {
		}

	}

	static class UnknownFactory {

		@MqttSubscribe(topics = "a", containerFactory = "mine")
		void telemetry(String payload) {
		}

	}

	static class Returning {

		@MqttSubscribe("a")
		String telemetry(String payload) {
			return payload;
		}

	}

}
