package io.mqttspring.boot.autoconfigure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

import io.mqttspring.client.MqttQos;

/**
 * Reads a QoS as a number or by its name. From a YAML file the number arrives as one,
 * from elsewhere as text.
 */
class MqttQosConverter implements GenericConverter {

	@Override
	public Set<ConvertiblePair> getConvertibleTypes() {
		return Set.of(new ConvertiblePair(String.class, MqttQos.class),
				new ConvertiblePair(Number.class, MqttQos.class));
	}

	@Override
	public Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		String text = String.valueOf(source).trim();
		return Arrays.stream(MqttQos.values())
			.filter((qos) -> text.equals(String.valueOf(qos.level())) || uniform(text).equals(uniform(qos.name())))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"QoS can be 0, 1, 2, at-most-once, at-least-once or exactly-once"));
	}

	private static String uniform(String name) {
		return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
	}

}
