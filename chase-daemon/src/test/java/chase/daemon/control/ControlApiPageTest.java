package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.TestDaemon;
import chase.daemon.ledger.LedgerKeeper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/control-api.md} to what the socket really does. */
class ControlApiPageTest {
  private static final Pattern CURL =
      Pattern.compile("curl .*?(?:-X (\\w+) )?(?:-d '([^']*)' )?http://chase(/v1/[^\\s\"]+)");

  @Test
  void everyCurlLineOfThePageWorks(@TempDir Path directory) throws IOException {
    Vertx vertx = Vertx.vertx();
    Path socket = directory.resolve("chase.sock");
    TestDaemon daemon = new TestDaemon(vertx);
    LedgerKeeper ledger = daemon.ledger(directory);
    await(vertx.deployVerticle(ledger));
    await(vertx.deployVerticle(daemon.server(ledger, socket)));
    ControlClient api = new ControlClient(vertx, socket);

    List<MatchResult> lines = CURL.matcher(page()).results().toList();

    assertThat(lines).hasSize(23);
    assertThat(lines).allSatisfy(line -> assertThat(status(daemon, api, line)).isBetween(200, 201));
    await(vertx.close());
  }

  @Test
  void theGpuOnThePageIsTheGoldenOne() throws IOException {
    String page = page();
    int start = page.indexOf("```json") + "```json".length();
    JsonMapper mapper = new JsonMapper();

    assertThat(mapper.readTree(page.substring(start, page.indexOf("```", start))))
        .isEqualTo(
            mapper.readTree(Files.readString(Path.of("src/test/resources/control/gpu.json"))));
  }

  /** A job that an earlier line began stands for the page's {@code ID}. */
  private static int status(TestDaemon daemon, ControlClient api, MatchResult line) {
    String job =
        daemon.snapshot().jobs().stream().map(j -> j.id().value()).findFirst().orElse("none");
    String path = line.group(3).replace("/ID", "/" + job);
    HttpMethod method = line.group(1) == null ? HttpMethod.GET : HttpMethod.valueOf(line.group(1));
    String body = line.group(2) == null ? "" : line.group(2);
    return path.equals("/v1/events")
        ? api.follow(path).statusCode()
        : api.call(method, path, body).status();
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/control-api.md"));
  }
}
