package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.carbon.CarbonUnavailable;
import chase.carbon.fixtures.TestClock;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProviderHttpThreadsTest {
  private final AtomicReference<Throwable> outcome = new AtomicReference<>();

  @Test
  void anInterruptedCallerIsLetGoAndTheConnectionClosed() throws Exception {
    try (ServerSocket mute = new ServerSocket(0);
        HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT)) {
      Thread caller = Thread.ofVirtual().start(() -> ask(http(transport), mute));
      try (Socket connection = mute.accept()) {
        connection.getInputStream().read();
        caller.interrupt();
        caller.join();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        connection.setSoTimeout(5000);
        assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
      }
    }
  }

  @Test
  void closingEndsACallInTheAirAndLeavesNoThreadOfOurs() throws Exception {
    try (ServerSocket mute = new ServerSocket(0)) {
      HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT);
      Thread caller = Thread.ofVirtual().start(() -> ask(http(transport), mute));
      try (Socket connection = mute.accept()) {
        connection.getInputStream().read();
        transport.close();
        caller.join();
      }
      assertThat(outcome.get()).isInstanceOf(CarbonUnavailable.class);
      await().until(() -> threads().noneMatch(thread -> thread.getName().contains("carbon-http")));
      assertThat(threads().filter(thread -> thread.getName().startsWith("Ok")))
          .allMatch(Thread::isDaemon);
    }
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

  private void ask(ProviderHttp http, ServerSocket server) {
    URI url = URI.create("http://localhost:" + server.getLocalPort());
    try {
      http.get(ProviderRequest.to("test", url, "now"));
    } catch (CarbonUnavailable | InterruptedException end) {
      outcome.set(end);
    }
  }
}
