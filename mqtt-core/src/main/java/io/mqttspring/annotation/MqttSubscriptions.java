package io.mqttspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Holds several {@link MqttSubscribe} annotations of one method. The compiler adds it
 * where they are repeated.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface MqttSubscriptions {

	/**
	 * Return the annotations.
	 * @return one or more
	 */
	MqttSubscribe[] value();

}
