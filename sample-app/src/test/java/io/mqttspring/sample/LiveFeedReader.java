package io.mqttspring.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Reads the server-sent events as a page does.
 */
final class LiveFeedReader implements AutoCloseable {

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final Stream<String> body;

	private final CompletableFuture<Void> reading;

	LiveFeedReader(int port) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/events")).build();
		HttpResponse<Stream<String>> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
		this.body = response.body();
		// Not on the common pool, whose threads are few and this one is taken till the
		// end
		this.reading = CompletableFuture.runAsync(() -> this.body.forEach(this.lines::add),
				(read) -> new Thread(read, "live-feed").start());
	}

	List<String> lines() {
		return List.copyOf(this.lines);
	}

	boolean isOver() {
		return this.reading.isDone();
	}

	@Override
	public void close() {
		this.body.close();
	}

}
