package io.mqttspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

/**
 * Makes {@link MqttSubscribe} work, with the clients that are beans. Spring Boot's
 * auto-configuration does it by itself.
 *
 * <pre class="code">
 * &#64;Configuration
 * &#64;EnableMqtt
 * class MqttConfiguration {
 *
 *     &#64;Bean
 *     MqttClient mqttClient() {
 *         return MqttClient.builder("mqtt://broker.example").clientId("adapter-1").build();
 *     }
 *
 * }
 * </pre>
 *
 * Handlers are handed to the clients in the phase
 * {@link io.mqttspring.core.MqttLifecyclePhases#LISTENERS}. So that they are there before
 * the first message, call {@code start()} of a client later than that, in a
 * {@code SmartLifecycle} of the phase
 * {@link io.mqttspring.core.MqttLifecyclePhases#CLIENT}, and close it there, too.
 * <p>
 * A bean named {@code mqttListenerContainerFactory} sets the defaults; without one there
 * are those of {@link io.mqttspring.listener.MqttListenerContainerFactory}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Import(MqttBootstrapConfiguration.class)
public @interface EnableMqtt {

}
