package chase.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.config.ChaseConfig;
import chase.daemon.grid.GridSources;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GridChecksTest {
  @TempDir private Path directory;
  private HttpServer server;
  private int calls;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls++;
          Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
          boolean second = Instant.now().isAfter(hour.plus(Duration.ofMinutes(30)));
          Instant from = second ? hour.plus(Duration.ofMinutes(30)) : hour;
          byte[] body =
              """
              {"data":[{"from":"%s","to":"%s","intensity":{"forecast":121,"actual":120}}]}
              """
                  .formatted(minutes(from), minutes(from.plus(Duration.ofMinutes(30))))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static String minutes(Instant time) {
    return time.toString().replace(":00Z", "Z");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Of five calls an hour one may be sent at once. */
  @Test
  void theNumberNowIsShownEvenWhereTheBudgetHasOneCallLeftAndNoneIsNoFailure() throws Exception {
    String text =
        """
        gpu: {backend: simulated}
        carbon:
          provider: neso
          region: GB
          neso: {base-url: 'http://127.0.0.1:%s', calls-per-hour: 5}
        """
            .formatted(server.getAddress().getPort());
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, Map.of());
    GridChecks checks = new GridChecks(config, Map.of());
    try (GridSources grid = GridSources.of(config, Map.of(), InstantSource.system())) {
      List<CheckBody> first = checks.of(grid, Instant.now());
      assertThat(first).extracting(CheckBody::result).containsExactly(CheckResult.OK);
      assertThat(first.getFirst().text()).startsWith("neso GB: 120 gCO2/kWh now, ");
      assertThat(checks.of(grid, Instant.now()))
          .containsExactly(
              CheckBody.warning(
                      "carbon",
                      "not asked now: neso GB: held back by Chase, which may send 5 calls an hour")
                  .withRemedy("chase signal shows the last number"));
    }
    assertThat(calls).isEqualTo(1);
  }
}
