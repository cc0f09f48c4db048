package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.UnixHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that cannot be written stops no request, and nobody takes one for kept that is not. */
class UnsavedRequestsTest {
  private static final String OVERRIDE = "/v1/gpus/0/override";

  @TempDir Path directory;

  @Test
  void anEndThatCannotBeSavedIsAnsweredWithAWarningUntilItIs() throws Exception {
    try (SimulatedHost host =
        new SimulatedHost(directory, SimulatedHost.socketAt(directory) + "}\n")) {
      await().until(() -> host.view(0).reading().isPresent());
      UnixHttp.call(host.socket(), "PUT", OVERRIDE, "{\"limit_watts\":450,\"for\":\"1h\"}");
      Path saved = directory.resolve("state/restart.json");
      assertThat(saved).content().contains("450");
      Files.delete(saved);
      Path inTheWay = Files.createDirectories(saved.resolve("in the way"));

      assertThat(UnixHttp.head(host.socket(), "DELETE", OVERRIDE))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("chase-warning: not saved: a restart would forget newer overrides")
          .contains("bring back those that ended since: ");
      assertThat(UnixHttp.head(host.socket(), "GET", "/v1/status"))
          .doesNotContainIgnoringCase("chase-warning");

      Files.delete(inTheWay);
      Files.delete(saved);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(saved).content().doesNotContain("450")); // without another request
      assertThat(UnixHttp.head(host.socket(), "POST", "/v1/gpus/0/resume"))
          .doesNotContainIgnoringCase("chase-warning");
    }
  }
}
