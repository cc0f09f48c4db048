package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonUnavailable;
import chase.carbon.fixtures.TestClock;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderHttpThreadsTest {
  /** Much sooner than any time limit of a call. */
  private static final Duration SOON = Duration.ofSeconds(4);

  private static final String HALF_A_RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\": ";

  private final AtomicReference<Throwable> outcome = new AtomicReference<>();

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void anInterruptedCallerReturnsAndTheConnectionIsClosed(String scheme) throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT)) {
      Thread caller = call(transport, scheme, silent);
      try (Socket connection = silent.accept()) {
        connection.getInputStream().read();
        interrupt(caller);
        connection.setSoTimeout(5000);
        assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
      }
    }
  }

  @Test
  void aCallerThatIsInterruptedInTheMiddleOfABodyReturns() throws Exception {
    try (ServerSocket slow = new ServerSocket(0);
        HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT)) {
      Thread caller = call(transport, "http", slow);
      try (Socket connection = slow.accept()) {
        connection.getInputStream().read();
        connection.getOutputStream().write(HALF_A_RESPONSE.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
        await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
        interrupt(caller);
      }
    }
  }

  @Test
  void aCallerThatWasInterruptedBeforeMakesNoConnection() throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT)) {
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                Thread.currentThread().interrupt();
                call(http(transport), "http", silent);
              });
      assertThat(caller.join(SOON)).isTrue();
      assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void closingEndsARunningCallAndLeavesNoThreadOfOurs() throws Exception {
    Set<Thread> before = threads().collect(Collectors.toSet());
    try (ServerSocket silent = new ServerSocket(0)) {
      HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
      Thread caller = call(transport, "http", silent);
      try (Socket connection = silent.accept()) {
        connection.getInputStream().read();
        assertThat(newPlatformThreads(before)).allMatch(ProviderHttpThreadsTest::isOfLibraries);
        transport.close();
        assertThat(caller.join(SOON)).isTrue();
      }
      assertThat(outcome.get()).isInstanceOf(CarbonUnavailable.class);
      assertThat(newPlatformThreads(before)).allMatch(Thread::isDaemon);
    }
  }

  @Test
  void aClosedTransportMakesNoCall() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
      transport.close();
      Thread caller = call(transport, "http", silent);
      assertThat(caller.join(SOON)).isTrue();
      assertThat(outcome.get()).isInstanceOf(CarbonUnavailable.class);
    }
  }

  private void interrupt(Thread caller) throws InterruptedException {
    caller.interrupt();
    assertThat(caller.join(SOON)).isTrue();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
  }

  private static List<Thread> newPlatformThreads(Set<Thread> before) {
    return threads().filter(thread -> !before.contains(thread)).toList();
  }

  private static boolean isOfLibraries(Thread thread) {
    return thread.isDaemon()
        && Stream.of("Ok", "ForkJoinPool", "VirtualThread", "Read-Poller", "Write-Poller")
            .anyMatch(thread.getName()::startsWith);
  }

  private static Stream<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream();
  }

  private static ProviderHttp http(HttpTransport transport) {
    return new ProviderHttp(
        transport,
        CallLimiter.CallRules.defaults("test", 100),
        new TestClock("2026-01-01T00:00:00Z"));
  }

  private Thread call(HttpTransport transport, String scheme, ServerSocket server) {
    return Thread.ofVirtual().start(() -> call(http(transport), scheme, server));
  }

  private void call(ProviderHttp http, String scheme, ServerSocket server) {
    URI url = URI.create(scheme + "://localhost:" + server.getLocalPort());
    try {
      http.get(ProviderRequest.to("test", url, "now"));
    } catch (CarbonUnavailable | InterruptedException end) {
      outcome.set(end);
    }
  }
}
