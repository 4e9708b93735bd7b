package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process has open: for tests that nothing is left.
 */
public final class Leftovers {

	private static final int VIRTUAL_THREADS_SINCE = 21;

	private static final Pattern NAME = Pattern.compile("\"name\": \"(mqtt-[^\"]*)\"");

	private Leftovers() {
	}

	/**
	 * Return the names of the threads of a client, virtual ones too.
	 */
	public static List<String> threads(String client) {
		String prefix = "mqtt-" + client + "-";
		Stream<String> names = Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
		if (Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
			names = Stream.concat(names, threadsInDump());
		}
		return names.filter((name) -> name.startsWith(prefix)).toList();
	}

	// The only way to see virtual threads
	private static Stream<String> threadsInDump() {
		try {
			Path folder = Files.createTempDirectory("threads-");
			Path file = folder.resolve("threads.json");
			try {
				ManagementFactory.getPlatformMBeanServer()
					.invoke(new ObjectName("com.sun.management:type=HotSpotDiagnostic"), "dumpThreads",
							new Object[] { file.toString(), "JSON" },
							new String[] { String.class.getName(), String.class.getName() });
				return NAME.matcher(Files.readString(file)).results().map((name) -> name.group(1)).toList().stream();
			}
			finally {
				Files.deleteIfExists(file);
				Files.delete(folder);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether sockets can be counted here.
	 */
	public static boolean canCountSockets() {
		return Files.isReadable(Path.of("/proc/self/net/tcp")) && Files.isReadable(Path.of("/proc/self/net/tcp6"));
	}

	/**
	 * Count the sockets of this process that are, or were, connected to a port.
	 */
	public static long socketsTo(int port) {
		try {
			Set<String> own = ownSockets();
			return Stream.of("tcp", "tcp6")
				.flatMap(Leftovers::connections)
				.map((line) -> line.trim().split("\\s+"))
				.filter((fields) -> fields[2].endsWith(":%04X".formatted(port)))
				.filter((fields) -> own.contains(fields[9]))
				.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Set<String> ownSockets() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map(Leftovers::target)
				.map(Pattern.compile("socket:\\[(\\d+)]")::matcher)
				.flatMap((matcher) -> matcher.results().map((MatchResult result) -> result.group(1)))
				.collect(Collectors.toSet());
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return ""; // closed meanwhile
		}
	}

	private static Stream<String> connections(String table) {
		try {
			return Files.readAllLines(Path.of("/proc/self/net", table)).stream().skip(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
