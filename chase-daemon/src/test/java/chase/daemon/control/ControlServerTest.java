package chase.daemon.control;

import static chase.daemon.control.ControlClient.await;
import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.ControlClient.Reply;
import chase.daemon.events.CommandFailed;
import chase.daemon.fixtures.TestDaemon;
import chase.zeus.engine.Event;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlServerTest {
  private static final String OVERRIDE = "/v1/gpus/0/override";
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final ControlClient api;
  private final ControlServer server;

  ControlServerTest(@TempDir Path directory) {
    Path socket = directory.resolve("chase.sock");
    api = new ControlClient(vertx, socket);
    server = daemon.server(socket);
  }

  @BeforeEach
  void open() {
    await(vertx.deployVerticle(server));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/status, status.json",
    "/v1/gpus, gpus.json",
    "/v1/gpus/0, gpu.json",
    "/v1/gpus/0/explain, explain.json",
    "/v1/signal, signal.json",
    "/v1/policy, policy.json",
    "/v1/nothing, error.json",
  })
  void answersLookLikeTheirGoldenFiles(String path, String golden) {
    assertThat(api.get(path).json().toPrettyString()).isEqualTo(golden(golden).toPrettyString());
  }

  @ParameterizedTest
  @CsvSource({"0", "GPU-6e8a0f6c-0000-4000-8000-000000000000", "GPU-6e8a0", "6E8A0"})
  void aGpuGoesByIndexUuidAndStartOfUuid(String name) {
    assertThat(api.get("/v1/gpus/" + name).json().path("index").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6e8a | 400 ambiguous_gpu: '6e8a' may mean several; known: 0"
            + " (GPU-6e8a0f6c-0000-4000-8000-000000000000), 1"
            + " (GPU-6e8a1b2c-0000-4000-8000-000000000001)",
        "7 | 404 unknown_gpu: no GPU is called '7'; known: 0"
            + " (GPU-6e8a0f6c-0000-4000-8000-000000000000), 1"
            + " (GPU-6e8a1b2c-0000-4000-8000-000000000001)",
        "6e8 | 404 unknown_gpu: no GPU is called '6e8'; known: 0"
            + " (GPU-6e8a0f6c-0000-4000-8000-000000000000), 1"
            + " (GPU-6e8a1b2c-0000-4000-8000-000000000001)",
      })
  void aNameThatFitsNoGpuOrSeveralIsRefusedWithTheKnownOnes(String name, String error) {
    assertThat(api.get("/v1/gpus/" + name).error()).isEqualTo(error);
    assertThat(api.call(HttpMethod.DELETE, "/v1/gpus/" + name + "/override", "").error())
        .isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"limit_watts\":250, | 400 bad_json: the body is not JSON: line 1, column 20: Unexpected"
            + " end-of-input",
        "{\"limit_watts\":25O} | 400 bad_json: the body is not JSON: line 1, column 18: Unexpected"
            + " character ('O'",
        "{\"limit_watts\":1,\"limit_watts\":2} | 400 bad_json: the body is not JSON: line 1, column"
            + " 31: Duplicate field 'limit_watts'",
        "{} x | 400 bad_json",
        "[] | 400 wrong_type: the body must be a JSON object, not an array",
        "~~ | 400 wrong_type: the body must be a JSON object, not nothing",
        "{\"limit_wats\":500,\"for\":\"1h\"} | 400 unknown_field: unknown field 'limit_wats'; did"
            + " you mean 'limit_watts'?",
        "{\"limit_watts\":500} | 400 missing_field: field 'for' is missing",
        "{\"limit_watts\":\"500\",\"for\":\"1h\"} | 400 wrong_type: field 'limit_watts' must be a"
            + " number, not a string",
        "{\"limit_watts\":500,\"for\":30} | 400 wrong_type: field 'for' must be a string, not a"
            + " number",
        "{\"limit_watts\":null,\"for\":\"1h\"} | 400 wrong_type: field 'limit_watts' must be a"
            + " number, not null",
        "{\"limit_watts\":500,\"for\":\"soon\"} | 422 bad_value: field 'for': 'soon' is not a time"
            + " such as 500ms, 90s, 1h30m or 2d",
        "{\"limit_watts\":500,\"for\":\"0s\"} | 422 out_of_range: field 'for' must lie above 0s and"
            + " up to 30d: '0s'",
        "{\"limit_watts\":500,\"for\":\"31d\"} | 422 out_of_range: field 'for' must lie above 0s"
            + " and up to 30d: '31d'",
        "{\"limit_watts\":-5,\"for\":\"1h\"} | 422 out_of_range: limit_watts must be above 0, 420 W"
            + " to 700 W on this GPU: -5.0",
        "{\"limit_watts\":1e999,\"for\":\"1h\"} | 422 out_of_range: limit_watts must be above 0,"
            + " 420 W to 700 W on this GPU: Infinity",
        "{\"limit_watts\":90,\"for\":\"1h\"} | 422 out_of_range: 90 W is outside 420 W to 700 W,"
            + " what Chase may set on GPU 0",
      })
  void aBadOverrideIsRefusedByNameAndChangesNothing(String body, String error) {
    Reply reply = api.call(HttpMethod.PUT, OVERRIDE, body);

    assertThat(reply.error()).startsWith(error);
    assertThat(explainReason()).isEqualTo("chosen");
  }

  @Test
  void aPolicyThatIsNoneIsRefusedWithTheForms() {
    assertThat(api.call(HttpMethod.PUT, "/v1/policy", "{\"policy\":\"best\"}").error())
        .isEqualTo(
            "422 bad_value: policy 'best': not one of max, fixed:WATTS, zeus:ETA,"
                + " chase:ETA[:REFERENCE] or budget:BOUND");
  }

  @Test
  void aPathThatIsNotThereIsNamed() {
    assertThat(api.get("/v2/status").error())
        .isEqualTo("404 unknown_path: there is nothing at /v2/status");
  }

  @Test
  void aPathThatCannotBeDecodedIsNamed() {
    assertThat(api.get("/v1/gpus/%zz").error())
        .isEqualTo("400 bad_request: malformed request for /v1/gpus/%zz");
  }

  @Test
  void aMethodThatAPathDoesNotKnowIsNamed() {
    assertThat(api.call(HttpMethod.DELETE, "/v1/status", "").error())
        .isEqualTo("405 method_not_allowed: DELETE is not possible at /v1/status");
    assertThat(api.call(HttpMethod.GET, "/v1/pause", "").status()).isEqualTo(405);
  }

  @Test
  void aHugeBodyIsRefused() {
    assertThat(api.call(HttpMethod.PUT, "/v1/policy", "x".repeat(65 * 1024)).error())
        .isEqualTo("413 too_large: a body has at most 65536 bytes");
  }

  @Test
  void anOverrideOfAnUnwritableGpuConflicts() {
    Reply reply =
        api.call(HttpMethod.PUT, "/v1/gpus/1/override", "{\"limit_watts\":500,\"for\":\"1h\"}");

    assertThat(reply.error()).startsWith("409 not_writable: ").contains("GPU 1", "MIG is on");
  }

  @Test
  void anOverrideThatTheDriverRefusesIsNotOk() {
    daemon.refuseWrites();

    Reply reply = api.call(HttpMethod.PUT, OVERRIDE, "{\"limit_watts\":600,\"for\":\"30m\"}");

    assertThat(reply.error())
        .startsWith("409 not_applied: the limit was not set: GPU 0")
        .contains("no permission");
  }

  @Test
  void anOverrideHoldsUntilReleased() {
    Reply held = api.call(HttpMethod.PUT, OVERRIDE, "{\"limit_watts\":600,\"for\":\"30m\"}");

    assertThat(held.json().path("reason").asText()).isEqualTo("overridden");
    assertThat(held.json().path("until").asText()).isEqualTo("2026-11-23T12:30:00Z");
    assertThat(held.json().at("/power_limit/requested_watts").asDouble()).isEqualTo(600);

    Reply released = api.call(HttpMethod.DELETE, OVERRIDE, "");
    assertThat(released.json().path("reason").asText()).isNotEqualTo("overridden");
    assertThat(released.json().path("override_held").asBoolean()).isTrue();
    assertThat(api.call(HttpMethod.DELETE, OVERRIDE, "").json().path("override_held").asText())
        .isEqualTo("false");
  }

  @Test
  void pauseAndResumeAnswerWithTheStatusAfterwards() {
    Reply paused = api.call(HttpMethod.POST, "/v1/pause", "");
    assertThat(paused.json().path("paused").asBoolean()).isTrue();
    assertThat(paused.json().at("/gpus/0/power_limit/requested_watts").asDouble()).isEqualTo(700);

    Reply resumed = api.call(HttpMethod.POST, "/v1/resume", "");
    assertThat(resumed.json().path("paused").asBoolean()).isFalse();
  }

  @Test
  void aPauseMayHaveAnEndAndBeOfOneGpu() {
    JsonNode host = api.call(HttpMethod.POST, "/v1/pause", "{\"for\":\"1h\"}").json();
    assertThat(host.path("paused_since").asText()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(host.path("paused_until").asText()).isEqualTo("2026-11-23T13:00:00Z");
    assertThat(host.at("/gpus/0/until").asText()).isEqualTo("2026-11-23T13:00:00Z");
    api.call(HttpMethod.POST, "/v1/resume", "");

    JsonNode gpu = api.call(HttpMethod.POST, "/v1/gpus/0/pause", "{\"for\":\"2m\"}").json();
    assertThat(gpu.path("reason").asText()).isEqualTo("paused");
    assertThat(gpu.path("paused_since").asText()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(gpu.path("until").asText()).isEqualTo("2026-11-23T12:02:00Z");
    assertThat(api.get("/v1/gpus/0/explain").json().path("text").asText())
        .contains("an operator paused this GPU until 2026-11-23T12:02:00Z");
    assertThat(api.get("/v1/status").json().path("paused").asBoolean()).isFalse();
    assertThat(api.call(HttpMethod.POST, "/v1/gpus/0/resume", "").json().path("reason").asText())
        .isEqualTo("chosen");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/pause | {\"for\":\"soon\"} | 422 bad_value: field 'for': 'soon' is not a time such as",
        "/v1/pause | {\"for\":\"31d\"} | 422 out_of_range: field 'for' must lie above 0s and up to"
            + " 30d",
        "/v1/pause | {\"for\":\"0s\"} | 422 out_of_range: field 'for' must lie above 0s",
        "/v1/pause | {\"fro\":\"1h\"} | 400 unknown_field: unknown field 'fro'; did you mean"
            + " 'for'?",
        "/v1/gpus/7/pause | {} | 404 unknown_gpu: no GPU is called '7'",
        "/v1/gpus/7/resume | {} | 404 unknown_gpu: no GPU is called '7'",
      })
  void aPauseThatCannotBeIsRefusedAndChangesNothing(String path, String body, String error) {
    assertThat(api.call(HttpMethod.POST, path, body).error()).startsWith(error);
    assertThat(api.get("/v1/status").json().path("paused").asBoolean()).isFalse();
  }

  @Test
  void aPolicyIsAnsweredOnlyOnceItIsInForce() {
    Promise<Void> release = daemon.holdCommands();
    Future<Reply> waiting = api.send(HttpMethod.PUT, "/v1/policy", "{\"policy\":\"fixed:600\"}");

    assertThat(api.get("/v1/policy").json().path("policy").asText()).isEqualTo("chase:0.24");
    assertThat(waiting.isComplete()).isFalse();

    release.complete();
    assertThat(await(waiting).json().path("policy").asText()).isEqualTo("fixed:600");
    assertThat(daemon.snapshot().gpu(TestDaemon.FIRST).orElseThrow().target())
        .contains(new Watts(600));
  }

  @Test
  void whileStoppingQuestionsWorkAndCommandsDoNot() {
    daemon.handle(new Event.Stopping(TestDaemon.NOON));

    assertThat(api.call(HttpMethod.POST, "/v1/pause", "").error())
        .isEqualTo("503 stopping: Chase is stopping and takes no commands");
    assertThat(api.get("/v1/status").status()).isEqualTo(200);
  }

  @Test
  void aServerThatIsStoppingRefusesCommands() {
    server.refuseCommands();

    assertThat(api.call(HttpMethod.POST, "/v1/resume", "").status()).isEqualTo(503);
  }

  @Test
  void aCommandThatAGpuDidNotCarryOutIsNotOk() {
    daemon.holdCommands().fail(new CommandFailed("GPU 0 stays at 700 W: timeout", false));

    assertThat(api.call(HttpMethod.POST, "/v1/pause", "").error())
        .isEqualTo("409 not_applied: GPU 0 stays at 700 W: timeout");
  }

  @Test
  void aFaultOfOurOwnShowsAReferenceAndNothingElse() {
    daemon.holdCommands().fail(new IllegalStateException("a secret"));

    assertThat(api.call(HttpMethod.POST, "/v1/pause", "").error())
        .matches(
            "500 internal: Chase failed at this; its log says more under reference [0-9a-f]{8}");
  }

  @Test
  void manyClientsAreAnsweredAtOnce() {
    List<Future<Reply>> asked =
        IntStream.range(0, 50).mapToObj(i -> api.send(HttpMethod.GET, "/v1/status", "")).toList();

    assertThat(asked).allSatisfy(reply -> assertThat(await(reply).status()).isEqualTo(200));
  }

  private String explainReason() {
    return api.get("/v1/gpus/0/explain").json().path("reason").asText();
  }

  private static JsonNode golden(String name) {
    try (InputStream file = ControlServerTest.class.getResourceAsStream("/control/" + name)) {
      return new JsonMapper().readTree(Objects.requireNonNull(file, name));
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }
}
