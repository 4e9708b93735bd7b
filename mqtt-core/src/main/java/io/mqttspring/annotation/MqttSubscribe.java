package io.mqttspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

import io.mqttspring.client.MqttQos;

/**
 * Makes a method of a bean the handler of messages. {@link EnableMqtt} has to be there
 * for it, which Spring Boot's auto-configuration sees to.
 *
 * <pre class="code">
 * &#64;MqttSubscribe("fleet/{deviceId}/telemetry")
 * void telemetry(Reading reading, &#64;DestinationVariable String deviceId) { … }
 * </pre>
 *
 * The method has at most one parameter for the payload, of any type: {@code byte[]} and
 * {@code String} (UTF-8) are given as they are, all others are converted, from JSON
 * unless set otherwise. It may have more for
 * <ul>
 * <li>{@link org.springframework.messaging.handler.annotation.DestinationVariable
 * &#64;DestinationVariable}: what a named level of the topic holds;</li>
 * <li>{@link org.springframework.messaging.handler.annotation.Header &#64;Header} and
 * {@link org.springframework.messaging.handler.annotation.Headers &#64;Headers}, by the
 * names in {@link io.mqttspring.core.MqttHeaders}; the topic is
 * {@link io.mqttspring.core.MqttHeaders#RECEIVED_TOPIC};</li>
 * <li>{@link org.springframework.messaging.Message Message&lt;T&gt;}, with payload and
 * headers;</li>
 * <li>{@link io.mqttspring.client.MqttMessage}, the message as the client has it.</li>
 * </ul>
 * It returns {@code void}. A message of QoS 1 or 2 is acknowledged when it is done. What
 * it throws is logged with the topic and the packet id; the message is acknowledged, and
 * the connection lives on.
 * <p>
 * Each annotated method gets each message once, also where the filters of several methods
 * overlap. All attributes that are strings take <code>${…}</code> and <code>#{…}</code>;
 * a blank one means what the container factory says.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@Repeatable(MqttSubscriptions.class)
public @interface MqttSubscribe {

	/**
	 * Alias for {@link #topics}.
	 * @return topic filters
	 */
	@AliasFor("topics")
	String[] value() default {};

	/**
	 * Topic filters. A level can have a name: <code>{name}</code> stands for {@code +}
	 * and, as the last one, <code>{name*}</code> for {@code #}. An expression may give
	 * several, as an array or a collection. Each is a subscription: filters of one method
	 * should not overlap, because it gets the message for each.
	 * @return topic filters, at least one
	 */
	@AliasFor("value")
	String[] topics() default {};

	/**
	 * Id of the container, which also names the handler in logs, thread names and the
	 * client's status.
	 * @return the id (default: the names of bean and method)
	 */
	String id() default "";

	/**
	 * Name of the client that the messages come from.
	 * @return the name (default: the primary client)
	 */
	String client() default "";

	/**
	 * Maximum QoS asked for.
	 * @return one QoS, or none for what the container factory says, which is
	 * {@link MqttQos#AT_LEAST_ONCE} unless set otherwise (default)
	 */
	MqttQos[] qos() default {};

	/**
	 * Bean name of the {@link io.mqttspring.listener.MqttListenerContainerFactory}.
	 * @return the name (default: {@code mqttListenerContainerFactory})
	 */
	String containerFactory() default "";

	/**
	 * How many messages may be handled at a time, 1 to 1,024. Messages of one topic are
	 * always handled one after the other, in order.
	 * @return a number (default: 1 unless the container factory says otherwise)
	 */
	String concurrency() default "";

	/**
	 * Whether the handler gets messages from the start of the application on. If not, its
	 * container is started by hand, from the
	 * {@link io.mqttspring.listener.MqttListenerEndpointRegistry}.
	 * @return {@code true} or {@code false} (default: {@code true} unless the container
	 * factory says otherwise)
	 */
	String autoStartup() default "";

}
