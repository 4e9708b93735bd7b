package io.mqttspring.sample;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import io.mqttspring.event.MqttEvent;

/**
 * Pushes what happens to all open pages, as server-sent events. It does so on a thread of
 * its own (see {@code spring.task.execution} in {@code application.yaml}), so that a slow
 * browser holds up no MQTT handler.
 */
@Component
final class LiveFeed {

	private static final long NO_TIMEOUT = 0;

	private final Set<SseEmitter> pages = ConcurrentHashMap.newKeySet();

	private final TaskExecutor executor;

	private volatile boolean closed;

	LiveFeed(TaskExecutor applicationTaskExecutor) {
		this.executor = applicationTaskExecutor;
	}

	SseEmitter open() {
		SseEmitter page = new SseEmitter(NO_TIMEOUT);
		page.onCompletion(() -> this.pages.remove(page));
		this.pages.add(page);
		if (this.closed) {
			page.complete();
		}
		return page;
	}

	void send(String event, Object data) {
		try {
			this.executor.execute(() -> this.pages.forEach((page) -> send(page, event, data)));
		}
		catch (TaskRejectedException ex) {
			// A page is too slow: it misses this one, and finds it in the history.
		}
	}

	private void send(SseEmitter page, String event, Object data) {
		try {
			page.send(SseEmitter.event().name(event).data(data));
		}
		catch (IOException | IllegalStateException ex) {
			// The page is gone: Spring has completed the emitter.
			this.pages.remove(page);
		}
	}

	@EventListener
	void onMqttEvent(MqttEvent event) {
		send("status", event.getClient().status().state());
	}

	@EventListener(ContextClosedEvent.class)
	void close() {
		// Else a graceful shutdown would wait for the pages to go.
		this.closed = true;
		this.pages.forEach(SseEmitter::complete);
	}

}
