package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.events.Notification;
import chase.daemon.fixtures.NotedActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChaseCommandTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final List<String> done = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String deployment = "";

  ChaseCommandTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
  }

  @BeforeEach
  void open() throws TimeoutException {
    deployment = vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void anOverrideIsSetAndReleased() {
    assertThat(chase("override 0 600 --for 30m")).isZero();
    assertThat(chase("release gpu-6e8a0")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "GPU 0 is held at 600 W for 30 min more, until 12:30 UTC",
            "GPU 0 is released; its limit is 420 W");
  }

  @Test
  void anotherPolicyIsChosen() {
    assertThat(chase("policy fixed:600")).isZero();

    assertThat(out.toString()).isEqualTo("fixed:600" + System.lineSeparator());
    assertThat(daemon.snapshot().policy().spec()).isEqualTo("fixed:600");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explain 7 | chase: no GPU is called '7'; known: 0 (",
        "override 0 90 --for 30m | chase: 90 W is outside 420 W to 700 W",
        "override 0 600 --for soon | chase: --for: 'soon' is not a time such as",
        "override 0 NaN --for 30m | chase: field 'limit_watts' must be a finite number, not NaN",
        "policy best | chase: policy 'best': not one of max, fixed:WATTS",
        "pause 9 | chase: no GPU is called '9'; known: 0 (",
        "pause --for soon | chase: --for: 'soon' is not a time such as",
        "explain a/../%2f | chase: no GPU is called 'a/../%2f'",
      })
  void whatTheDaemonCannotDoForAnyoneIsWrongUsageInOneLine(String line, String error) {
    assertThat(chase(line)).isEqualTo(2);

    assertThat(err.toString()).startsWith(error).hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aJobThatIsNotThereIsNoWrongUsage() {
    assertThat(chase("jobs end x")).isEqualTo(1);
    assertThat(err.toString()).startsWith("chase: no job 'x' runs here").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stats | chase: chase has no command 'stats'; did you mean 'status'?",
        "gpu | chase: chase has no command 'gpu'; did you mean 'gpus'?",
        "xyzzy | chase: chase has no command 'xyzzy'",
        "status --jsn | chase: chase status has no option --jsn; did you mean '--json'?",
        "status 0 | chase: chase status takes no argument: '0'",
        "explain | chase: chase explain needs GPU",
        "explain 0 1 | chase: chase explain takes no more arguments: '1'",
        "jobs a b | chase: chase jobs takes no more arguments: 'b'",
        "override 0 much --for 30m | chase: WATTS: 'much' is not a number",
        "override 0 600 | chase: chase override needs --for TIME",
        "pause --for 1h --for 2h | chase: --for stands there twice",
        "status --socket | chase: --socket needs PATH",
        "run --label a -- true | chase: --label: 'a' is not KEY=TEXT",
        "policy max --gpu 0 --job 7 | chase: --gpu and --job exclude each other: leave one out",
        "config | chase: config needs a command: check or show",
        "config chek | chase: chase config has no command 'chek'; did you mean 'check'?",
        "completion | chase: chase completion needs SHELL",
        "completion tcsh | chase: SHELL: 'tcsh' is not one of bash, zsh, fish",
        "help jobz | chase: chase has no command 'jobz'; did you mean 'jobs'?",
      })
  void wrongUsageIsReportedAndPointsToTheHelp(String line, String error) {
    assertThat(chaseBare(line.split(" "))).isEqualTo(2);

    assertThat(err.toString()).startsWith(error).contains("--help'.");
  }

  @Test
  void withoutADaemonTheCommandExitsWithThree() {
    Path astray = socket.resolveSibling("none.sock");

    assertThat(chaseBare("status", "--socket", astray.toString())).isEqualTo(3);
    assertThat(err.toString().strip())
        .isEqualTo(
            "chase: no daemon answers on %s: is chased running? (systemctl status chased)"
                .formatted(astray));
  }

  @Test
  void aDaemonThatDiesBeforeItAnswersHasItsOwnMessage() throws TimeoutException {
    Path dying = serve(request -> request.connection().close());

    assertThat(chaseBare("status", "--socket", dying.toString())).isEqualTo(3);
    assertThat(err.toString().strip())
        .isEqualTo("chase: the daemon on %s went away before it answered".formatted(dying));
  }

  @Test
  void aDaemonThatDiesEndsTheEvents() throws TimeoutException {
    Path dying =
        serve(request ->
            request
                .response()
                .setChunked(true)
                .write(": begun")
                .onComplete(written -> request.connection().close()));

    assertThat(chaseBare("events", "--socket", dying.toString())).isEqualTo(1);
    assertThat(err.toString().strip()).isEqualTo("chase: the daemon closed the stream");
  }

  @Test
  void anAnswerThatIsNotFromChaseHasItsOwnMessage() throws TimeoutException {
    Path stranger = serve(request -> request.response().end("<html>"));

    assertThat(chaseBare("status", "--socket", stranger.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("chase: what answers on %s is not Chase: ".formatted(stranger))
        .hasLineCount(1);
  }

  @Test
  void eventsEndWhenTheOutputIsClosed() throws Exception {
    PrintWriter broken =
        new PrintWriter(
            new FilterWriter(Writer.nullWriter()) {
              @Override
              public void flush() throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    CompletableFuture<Integer> events =
        CompletableFuture.supplyAsync(() ->
            ChaseCommand.run(
                new String[] {"events", "--socket", socket.toString()},
                new NotedActions(done),
                TestTerminal.PIPE,
                broken,
                new PrintWriter(err, true)));
    await()
        .until(() -> {
          daemon.publish(signalNotice());
          return events.isDone();
        });

    assertThat(events.get()).isZero();
  }

  @Test
  void eventsArePrintedUntilTheDaemonGoes() throws Exception {
    CompletableFuture<Integer> events = CompletableFuture.supplyAsync(() -> chase("events"));
    await()
        .until(() -> {
          daemon.publish(signalNotice());
          return !out.toString().isEmpty();
        });

    vertx.undeploy(deployment).await(10, TimeUnit.SECONDS);

    assertThat(events.get(10, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(out.toString().lines())
        .first()
        .isEqualTo("12:00:00 UTC  signal   CISO is at 412 gCO2/kWh");
    assertThat(err.toString().strip()).isEqualTo("chase: Chase is stopping");
  }

  @Test
  void localActionsRunWithoutADaemon() {
    assertThat(chaseBare("daemon", "--config", "a.yaml")).isEqualTo(11);
    assertThat(chaseBare("daemon")).isEqualTo(11);
    assertThat(chaseBare("demo")).isEqualTo(12);
    assertThat(chaseBare("restore")).isEqualTo(13);
    assertThat(chaseBare("restore", "--config", "b.yaml")).isEqualTo(13);
    assertThat(chaseBare("version")).isZero();

    assertThat(done)
        .containsExactly(
            "daemon a.yaml",
            "daemon /etc/chase/chase.yaml",
            "demo",
            "restore Optional.empty",
            "restore Optional[b.yaml]");
    assertThat(out.toString().strip()).isEqualTo("chase development");
  }

  @ParameterizedTest
  @ValueSource(strings = {"daemon", "demo"})
  void aSocketOfAnotherDaemonIsRefusedWhereOneIsStarted(String command) {
    assertThat(chaseBare(command, "--socket", "x.sock")).isEqualTo(2);
    assertThat(chaseBare("--socket", "x.sock", command)).isEqualTo(2);
    assertThat(err.toString()).contains("socket").doesNotContain("Exception");
    assertThat(done).isEmpty();
  }

  @Test
  void withoutArgumentsTheHelpIsShown() {
    assertThat(chaseBare()).isZero();

    assertThat(out.toString())
        .contains("Usage: chase", "status", "override", "restore", "Exit codes: 0 done");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "daemon",
        "demo",
        "status",
        "gpus",
        "signal",
        "explain",
        "policy",
        "override",
        "release",
        "pause",
        "resume",
        "events",
        "restore",
        "version"
      })
  void everyCommandHasHelp(String command) {
    assertThat(chaseBare(command, "--help")).isZero();

    assertThat(out.toString()).startsWith("Usage: chase " + command).contains("--help");
  }

  private int chase(String line) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    args.addAll(List.of("--socket", socket.toString()));
    return chaseBare(args.toArray(String[]::new));
  }

  private int chaseBare(String... args) {
    return ChaseCommand.run(
        args,
        new NotedActions(done),
        TestTerminal.PIPE,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  @Test
  void aWarningOfTheDaemonGoesToTheErrorsAndTheCommandIsDone() throws TimeoutException {
    Path path =
        serve(request ->
            request
                .response()
                .putHeader("Chase-Warning", "not saved: the disk is full")
                .end("{\"policy\":\"max\"}"));
    assertThat(chaseBare("policy", "--json", "max", "--socket", path.toString())).isZero();
    assertThat(err).hasToString("chase: warning: not saved: the disk is full\n");
  }

  private Path serve(Handler<HttpServerRequest> answer) throws TimeoutException {
    Path path = socket.resolveSibling("other.sock");
    vertx
        .createHttpServer()
        .requestHandler(answer)
        .listen(SocketAddress.domainSocketAddress(path.toString()))
        .await(10, TimeUnit.SECONDS);
    return path;
  }

  private static Notification signalNotice() {
    return new Notification(
        TestDaemon.NOON,
        Notification.NotificationKind.SIGNAL,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "CISO is at 412 gCO2/kWh");
  }
}
