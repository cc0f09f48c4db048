package chase.daemon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.faults.RequestTally.Sent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that are clumsy or hostile, on every listener of a real daemon: each is answered or
 * closed, none is failed, the control loop goes on, and the limits go back in the midst of it.
 */
class FuzzedRequestsTest {
  private static final int REQUESTS = FaultTable.count(2_000, 100_000);
  private static final int CONNECTIONS = FaultTable.count(300, 5_000);
  private static final int THREADS = 4;
  private static final Duration UNFINISHED = Duration.ofMillis(10);

  private static final List<String> FEW_FILES =
      List.of("sh", "-c", "ulimit -n 150 && exec \"$@\"", "sh");

  private static final Pattern OURS =
      Pattern.compile("failed, reference|a fault|a bug|OutOfMemory");

  @TempDir Path directory;
  private final FaultTable table =
      new FaultTable(
          "requests",
          "clients",
          "tried",
          "answered 2xx",
          "refused 4xx",
          "closed",
          "5xx",
          "hung",
          "slowest",
          "the control loop's longest pause",
          "most memory so far");
  private final HostileRequests requests = new HostileRequests();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

  @Test
  void everyClientIsAnsweredOrClosedAndTheLimitsGoBack() throws Exception {
    DaemonImage image = DaemonImage.packed(directory);
    try (FloodedHost host = new FloodedHost(directory.resolve("flooded"), image, List.of())) {
      flood(host);
      stopWhileFlooded(host, "SIGTERM while all of this goes on");
    }
    try (FloodedHost host = new FloodedHost(directory.resolve("few-files"), image, FEW_FILES)) {
      hold(host, "at most 150 descriptors: connections", CONNECTIONS / 2, host.control(), "");
      hold(host, "the same on TCP", CONNECTIONS / 2, host.metrics(), "GET / HT");
      send(
          host,
          "the same, and requests",
          REQUESTS / 50,
          random ->
              new Sent(
                  host.control(),
                  requests.wellFormed(HostileRequests.CONTROL, random),
                  Sent.FINISHED));
      stopWhileFlooded(host, "SIGTERM while all of this goes on");
    }
    table.publish();
    assertThat(faults).as("seed %d", FaultTable.seed()).isEmpty();
  }

  private interface SentMaker {
    Sent make(RandomGenerator random);
  }

  private void flood(FloodedHost host) throws Exception {
    send(
        host,
        "control socket: right heads",
        REQUESTS * 4 / 10,
        random ->
            new Sent(
                host.control(),
                requests.wellFormed(HostileRequests.CONTROL, random),
                Sent.FINISHED));
    send(
        host,
        "control socket: broken anywhere, pipelines",
        REQUESTS * 2 / 10,
        random ->
            new Sent(host.control(), requests.broken(HostileRequests.CONTROL, random), UNFINISHED));
    send(
        host,
        "metrics and page: right heads",
        REQUESTS / 10,
        random ->
            new Sent(
                host.metrics(),
                requests.wellFormed(HostileRequests.METRICS, random),
                Sent.FINISHED));
    send(
        host,
        "metrics and page: broken anywhere",
        REQUESTS / 10,
        random ->
            new Sent(host.metrics(), requests.broken(HostileRequests.METRICS, random), UNFINISHED));
    send(
        host,
        "Zeus's API: right heads",
        REQUESTS / 10,
        random ->
            new Sent(
                host.zeus(), requests.wellFormed(HostileRequests.ZEUS, random), Sent.FINISHED));
    send(
        host,
        "Zeus's API: broken anywhere",
        REQUESTS / 20,
        random -> new Sent(host.zeus(), requests.broken(HostileRequests.ZEUS, random), UNFINISHED));
    send(
        host,
        "noise and other protocols, HTTP/2 among them",
        REQUESTS / 20,
        random -> new Sent(anyOf(host, random), HostileRequests.noise(random), UNFINISHED));
    hold(host, "heads that never end", 300, host.control(), "GET /v1/status HTTP/1.1\r\nX: ");
    hold(
        host,
        "bodies that never come",
        300,
        host.zeus(),
        "POST /jobs HTTP/1.1\r\nContent-Length: 9\r\n\r\n{");
    hold(
        host,
        "pipelines that are never read",
        100,
        host.metrics(),
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(300));
    hold(
        host,
        "the same on the control socket",
        100,
        host.control(),
        "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(300));
    hold(
        host,
        "event streams that are never read",
        200,
        host.control(),
        "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    hold(
        host,
        "power streams that are never read",
        100,
        host.control(),
        "GET /gpu/stream_power HTTP/1.1\r\nHost: localhost\r\n\r\n");
    hold(
        host,
        "pages that are never read",
        200,
        host.metrics(),
        "GET /v1/page/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    hold(host, "connections at once: control socket", CONNECTIONS, host.control(), "");
    hold(host, "connections at once: metrics and page", CONNECTIONS, host.metrics(), "");
  }

  private static SocketAddress anyOf(FloodedHost host, RandomGenerator random) {
    return List.of(host.control(), host.metrics(), host.zeus()).get(random.nextInt(3));
  }

  private void send(FloodedHost host, String what, int count, SentMaker maker) throws Exception {
    RequestTally answers = new RequestTally(what, requests, faults);
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        clients.add(
            threads.submit(() -> {
              for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                answers.one(maker.make(random(what, n)), n);
              }
              return null;
            }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    answers.add(host, count, table);
  }

  private static RandomGenerator random(String what, int n) {
    return new SplittableRandom(FaultTable.seed() * 1_000_003 + 31L * what.hashCode() + n);
  }

  /** Opens connections side by side, says {@code text} on each and reads nothing. */
  private void hold(FloodedHost host, String what, int count, SocketAddress to, String text)
      throws Exception {
    RequestTally answers = new RequestTally(what, requests, faults);
    List<SocketChannel> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(opened(to, text));
      }
      answers.add(host, count, table);
    } catch (IOException e) {
      throw new AssertionError(what + ", " + held.size() + ": " + Files.readString(host.log()), e);
    } finally {
      for (SocketChannel channel : held) {
        channel.close();
      }
    }
  }

  private static SocketChannel opened(SocketAddress to, String text) throws IOException {
    SocketChannel channel = RawClient.connect(to);
    channel.configureBlocking(false);
    try {
      var _ = channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException closed) {
      // It had to make room already.
    }
    return channel;
  }

  private void stopWhileFlooded(FloodedHost host, String what) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<SocketChannel> held = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < 50; i++) {
        held.add(
            opened(host.metrics(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100)));
        held.add(opened(host.control(), "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      }
      for (int i = 0; i < THREADS; i++) {
        int client = i;
        threads.submit(() -> {
          for (int n = client; !over.get(); n += THREADS) {
            RandomGenerator random = random(what, n);
            RawClient.send(
                host.control(),
                requests.wellFormed(HostileRequests.CONTROL, random),
                Duration.ofSeconds(2));
          }
          return null;
        });
      }
      long peak = host.peakKib();
      Duration took;
      try {
        took = host.stop();
      } finally {
        over.set(true);
      }
      if (host.leftBehind() > 0 || host.exitCode() != 143) {
        faults.add(
            what + ": " + host.leftBehind() + " limits left behind, exit " + host.exitCode());
      }
      table.add(
          what + ": limits left behind",
          host.leftBehind(),
          "",
          "",
          "",
          "",
          "",
          RequestTally.seconds(took.toNanos()),
          "",
          peak / 1024 + " MB");
    } finally {
      for (SocketChannel channel : held) {
        channel.close();
      }
    }
    logged(host).forEach(fault -> faults.add(what + ": logged " + fault));
  }

  /** Faults of ours that it has met, with what lies under each. */
  private static List<String> logged(FloodedHost host) throws IOException {
    List<String> lines = Files.readAllLines(host.log());
    return IntStream.range(0, lines.size())
        .filter(i -> OURS.matcher(lines.get(i)).find())
        .mapToObj(i -> String.join(" / ", lines.subList(i, Math.min(lines.size(), i + 4))))
        .toList();
  }
}
