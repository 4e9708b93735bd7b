package io.mqttspring.annotation;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

import io.mqttspring.listener.InvalidMqttListenerException;

/**
 * Resolves <code>${…}</code> and <code>#{…}</code> in the attributes of one annotation.
 */
final class AttributeResolver {

	private final ConfigurableBeanFactory beanFactory;

	private final String origin;

	AttributeResolver(ConfigurableBeanFactory beanFactory, String origin) {
		this.beanFactory = beanFactory;
		this.origin = origin;
	}

	String string(String name, String value) {
		Object resolved = resolve(name, value);
		if (resolved == null || resolved instanceof String) {
			return (resolved != null) ? (String) resolved : "";
		}
		throw wrong(name, value, resolved, "a String");
	}

	/**
	 * Return all strings; an expression may give several.
	 */
	List<String> strings(String name, String[] values) {
		List<String> strings = new ArrayList<>();
		for (String value : values) {
			add(strings, name, value, resolve(name, value));
		}
		return strings;
	}

	private void add(List<String> strings, String name, String value, @Nullable Object resolved) {
		if (resolved instanceof String string) {
			strings.add(string);
		}
		else if (resolved instanceof Object[] array) {
			for (Object element : array) {
				add(strings, name, value, element);
			}
		}
		else if (resolved instanceof Iterable<?> elements) {
			elements.forEach((element) -> add(strings, name, value, element));
		}
		else {
			throw wrong(name, value, resolved, "a String, or an array or collection of them");
		}
	}

	/**
	 * Return a number, or {@code null} if the attribute is blank.
	 */
	@Nullable Integer integer(String name, String value) {
		Object resolved = resolve(name, value);
		if (isBlank(resolved)) {
			return null;
		}
		if (resolved instanceof Number number) {
			return number.intValue();
		}
		try {
			return Integer.valueOf(String.valueOf(resolved).trim());
		}
		catch (NumberFormatException ex) {
			throw wrong(name, value, resolved, "a number");
		}
	}

	/**
	 * Return a truth value, or {@code null} if the attribute is blank.
	 */
	@Nullable Boolean bool(String name, String value) {
		Object resolved = resolve(name, value);
		if (isBlank(resolved)) {
			return null;
		}
		return switch (String.valueOf(resolved).trim()) {
			case "true" -> true;
			case "false" -> false;
			default -> throw wrong(name, value, resolved, "true or false");
		};
	}

	/**
	 * Return the only value of an attribute that is an array to have none, too.
	 */
	<T> @Nullable T atMostOne(String name, T[] values) {
		if (values.length > 1) {
			throw new InvalidMqttListenerException(
					"%s has %d values (%s): it can have one".formatted(name, values.length, this.origin), null);
		}
		return (values.length == 1) ? values[0] : null;
	}

	private @Nullable Object resolve(String name, String value) {
		try {
			String withoutPlaceholders = this.beanFactory.resolveEmbeddedValue(value);
			BeanExpressionResolver expressions = this.beanFactory.getBeanExpressionResolver();
			return (expressions != null)
					? expressions.evaluate(withoutPlaceholders, new BeanExpressionContext(this.beanFactory, null))
					: withoutPlaceholders;
		}
		catch (IllegalArgumentException | BeansException ex) {
			throw new InvalidMqttListenerException(
					"%s = \"%s\" (%s) cannot be resolved: %s".formatted(name, value, this.origin, ex.getMessage()), ex);
		}
	}

	private static boolean isBlank(@Nullable Object resolved) {
		return resolved == null || (resolved instanceof String string && string.isBlank());
	}

	private IllegalArgumentException wrong(String name, String value, @Nullable Object resolved, String right) {
		return new InvalidMqttListenerException(
				"%s = \"%s\" is '%s' (%s): it has to be %s".formatted(name, value, resolved, this.origin, right), null);
	}

}
