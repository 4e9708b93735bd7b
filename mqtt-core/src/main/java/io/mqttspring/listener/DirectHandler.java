package io.mqttspring.listener;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mqttspring.client.MqttMessage;
import io.mqttspring.client.MqttMessageHandler;

/**
 * Calls a method whose arguments come straight from the message.
 */
final class DirectHandler implements MqttMessageHandler {

	// (Object[])void
	private final MethodHandle method;

	private final Argument[] arguments;

	private DirectHandler(MethodHandle method, Argument[] arguments) {
		this.method = method;
		this.arguments = arguments;
	}

	static MqttMessageHandler of(MethodHandle method, List<Argument> arguments) {
		if (arguments.size() == 1) {
			return new OneArgument(method.asType(MethodType.methodType(void.class, Object.class)), arguments.get(0));
		}
		MethodHandle spread = method.asType(method.type().changeReturnType(void.class))
			.asSpreader(Object[].class, arguments.size());
		return new DirectHandler(spread, arguments.toArray(Argument[]::new));
	}

	@Override
	public void handle(MqttMessage message) throws Exception {
		@Nullable Object[] values = new @Nullable Object[this.arguments.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.arguments[i].from(message);
		}
		try {
			this.method.invokeExact(values);
		}
		catch (Throwable ex) {
			throw asException(ex);
		}
	}

	private static Exception asException(Throwable thrown) {
		if (thrown instanceof Error error) {
			throw error;
		}
		return (thrown instanceof Exception ex) ? ex : new IllegalStateException(thrown);
	}

	/**
	 * Finds what a parameter is given.
	 */
	@FunctionalInterface
	interface Argument {

		@Nullable Object from(MqttMessage message) throws Exception;

	}

	/**
	 * The everyday handler, without an array for its argument.
	 *
	 * @param method {@code (Object)void}
	 * @param argument finds its argument
	 */
	private record OneArgument(MethodHandle method, Argument argument) implements MqttMessageHandler {

		@Override
		public void handle(MqttMessage message) throws Exception {
			Object value = this.argument.from(message);
			try {
				this.method.invokeExact(value);
			}
			catch (Throwable ex) {
				throw asException(ex);
			}
		}

	}

}
