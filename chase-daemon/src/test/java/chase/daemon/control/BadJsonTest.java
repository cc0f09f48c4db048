package chase.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.TestDaemon;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that are no JSON. */
class BadJsonTest {
  private final Vertx vertx = Vertx.vertx();
  private final ControlClient api;
  private final ControlServer server;

  BadJsonTest(@TempDir Path directory) {
    Path socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
    server = new TestDaemon(vertx).server(socket);
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(server).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Nobody needs to know which library read it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | it ends too early",
        "{\"name\":\"a | it ends too early",
        "nothing | Unrecognized token 'nothing'",
        "{name:1} | Unexpected character ('n')",
        "{\"name\" 1} | Unexpected character ('1')",
        "{\"steps\":01} | Invalid numeric value: Leading zeroes not allowed",
      })
  void whatIsNoJsonIsRefusedInPlainWords(String body, String why) {
    assertThat(api.call(HttpMethod.POST, "/v1/jobs", body).error())
        .startsWith("400 bad_json: the body is not JSON: line 1, column ")
        .endsWith(": " + why);
  }
}
