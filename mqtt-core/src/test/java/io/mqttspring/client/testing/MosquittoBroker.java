package io.mqttspring.client.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A Mosquitto of its own, from the binary that is installed here: to be stopped, killed,
 * frozen and started again on the same port. {@link #close()} leaves neither a process
 * nor a file, nor does the end of the JVM.
 */
public final class MosquittoBroker implements TestBroker, AutoCloseable {

	private static final List<String> PLACES = List.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto",
			"/usr/local/sbin/mosquitto", "/usr/local/bin/mosquitto", "/opt/homebrew/sbin/mosquitto");

	private static final Duration START = Duration.ofSeconds(15);

	private static final long STOP_SECONDS = 15;

	private static final int ATTEMPTS = 5;

	private final Path folder;

	private final String config;

	private final Thread atExit = new Thread(this::end);

	private int port;

	private Process process;

	private MosquittoBroker(Path folder, String config) {
		this.folder = folder;
		this.config = config;
	}

	/**
	 * Start a broker that takes anonymous clients, if there is a binary: else the test is
	 * skipped.
	 * @param config further lines of its configuration; {@code %s} stands for its folder
	 */
	public static MosquittoBroker running(String... config) {
		return startWith("allow_anonymous true", config);
	}

	/**
	 * Start a broker that takes one user only.
	 */
	public static MosquittoBroker runningWithUser(String user, String password, String... config) {
		assumeInstalled();
		MosquittoBroker broker = create("allow_anonymous false\npassword_file %s/passwords\n" + lines(config));
		try {
			run("mosquitto_passwd", "-b", "-c", broker.folder.resolve("passwords").toString(), user, password);
		}
		catch (RuntimeException ex) {
			broker.close();
			throw ex;
		}
		return broker.startOnFreePort();
	}

	private static MosquittoBroker startWith(String first, String... config) {
		assumeInstalled();
		return create(first + "\n" + lines(config)).startOnFreePort();
	}

	/**
	 * Skip the test where there is no binary.
	 */
	public static void assumeInstalled() {
		Assumptions.assumeTrue(binary().isPresent(),
				"Mosquitto is not installed here (apt-get install mosquitto): tests against it are skipped");
	}

	private static Optional<String> binary() {
		Stream<String> path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
			.map((folder) -> folder + "/mosquitto");
		return Stream.concat(path, PLACES.stream()).filter((file) -> Files.isExecutable(Path.of(file))).findFirst();
	}

	private static String lines(String... config) {
		return String.join("\n", config) + "\n";
	}

	private static MosquittoBroker create(String config) {
		try {
			MosquittoBroker broker = new MosquittoBroker(Files.createTempDirectory("mosquitto-"), config);
			Runtime.getRuntime().addShutdownHook(broker.atExit);
			return broker;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private MosquittoBroker startOnFreePort() {
		for (int attempt = 1;; attempt++) {
			this.port = FreePort.next();
			try {
				start();
				return this;
			}
			catch (AssertionError ex) { // another process was quicker to take the port
				if (attempt == ATTEMPTS) {
					close();
					throw ex;
				}
			}
		}
	}

	@Override
	public int port() {
		return this.port;
	}

	/**
	 * Start it again, on the same port.
	 */
	public void start() {
		try {
			// As root it would give up its rights, and then not be able to write here
			Path file = this.folder.resolve("mosquitto.conf");
			Files.writeString(file, "user root\nset_tcp_nodelay true\nlistener %d 127.0.0.1\n".formatted(this.port)
					+ this.config.replace("%s", this.folder.toString()));
			this.process = new ProcessBuilder(binary().orElseThrow(), "-c", file.toString()).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitListening();
	}

	private void awaitListening() {
		Awaitility.await("Mosquitto listens on port " + this.port)
			.atMost(START)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> !this.process.isAlive() || isListening(this.port));
		if (!this.process.isAlive()) {
			throw new AssertionError("Mosquitto has ended with %d right after its start on port %d:%n%s"
				.formatted(this.process.exitValue(), this.port, readLog()));
		}
	}

	private static boolean isListening(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Wait until another of its listeners is there: they come one after the other.
	 */
	public MosquittoBroker awaitListening(int port) {
		Awaitility.await("Mosquitto listens on port " + port).atMost(START).until(() -> isListening(port));
		return this;
	}

	private Path log() {
		return this.folder.resolve("mosquitto.log");
	}

	private String readLog() {
		try {
			return Files.readString(log());
		}
		catch (IOException ex) {
			return "its log cannot be read: " + ex;
		}
	}

	/**
	 * Let it end as it wants to: with persistence it saves its sessions.
	 */
	public void stop() {
		this.process.destroy();
		awaitEnd();
	}

	/**
	 * End it at once, as a crash would.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError("Mosquitto (pid %d) does not end".formatted(this.process.pid()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while Mosquitto ends", ex);
		}
	}

	/**
	 * Stop it in the middle of whatever it does: connections stay, and nothing comes.
	 */
	public void freeze() {
		run("kill", "-STOP", Long.toString(this.process.pid()));
	}

	/**
	 * Let it go on after {@link #freeze()}.
	 */
	public void thaw() {
		run("kill", "-CONT", Long.toString(this.process.pid()));
	}

	private static void run(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String said = new String(process.getInputStream().readAllBytes());
			if (process.waitFor() != 0) {
				throw new AssertionError("%s failed: %s".formatted(command[0], said));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while %s runs".formatted(command[0]), ex);
		}
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.atExit);
		end();
	}

	private void end() {
		if (this.process != null) {
			this.process.destroyForcibly(); // ends a frozen one too
			awaitEnd();
		}
		try (Stream<Path> files = Files.walk(this.folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return "Mosquitto";
	}

}
