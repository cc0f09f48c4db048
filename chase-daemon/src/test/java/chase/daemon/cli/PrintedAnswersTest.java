package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.cli.view.Terminal;
import chase.daemon.fixtures.NoLocalActions;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which commands print the daemon's answers. */
class PrintedAnswersTest {
  private static final String ESCAPE = "\u001b[";

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Path socket;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  PrintedAnswersTest(@TempDir Path directory) {
    socket = directory.resolve("chase.sock");
  }

  @BeforeEach
  void open() throws TimeoutException {
    vertx.deployVerticle(daemon.server(socket)).await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "gpus", "signal", "explain 0", "policy"})
  void answersLookLikeTheirGoldenFiles(String line) throws IOException {
    assertThat(chase(line)).isZero();

    assertThat(out.toString()).isEqualTo(golden(line.split(" ", 2)[0] + ".txt"));
  }

  @ParameterizedTest
  @CsvSource({
    "status --json, status",
    "status -o json, status",
    "gpus --json, gpus",
    "signal -o json, signal",
    "explain 0 --json, explain"
  })
  void jsonIsTheDaemonsAnswer(String line, String golden) throws IOException {
    assertThat(chase(line)).isZero();

    assertThat(out.toString()).isEqualTo(golden(golden + ".json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "override 0 600 --for 30m --json",
        "release 0 --json",
        "pause --json",
        "resume -o json",
        "policy fixed:600 --json",
        "policy -o json"
      })
  void whatChangesSomethingPrintsTheResultAsJsonToo(String line) {
    assertThat(chase(line)).isZero();

    assertThat(out.toString()).startsWith("{").contains("\" : ");
  }

  @Test
  void theWideFormHasEveryColumnAndCutsNothing() {
    assertThat(chase("gpus -o wide")).isZero();

    assertThat(out.toString())
        .contains("UUID", "HARDWARE W", "FOREIGN", "REASON", TestDaemon.FIRST.uuid())
        .contains("NVIDIA H100 80GB HBM3 (simulated)");
  }

  @Test
  void columnsAreShownInTheOrderInWhichTheyAreNamed() {
    assertThat(chase("gpus -o power,gpu,UUID --no-headers")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(
            "401.2  0  " + TestDaemon.FIRST.uuid(), "    -  1  " + TestDaemon.SECOND.uuid());
  }

  @Test
  void namesAloneAreForScripts() {
    assertThat(chase("gpus -q")).isZero();

    assertThat(out.toString().lines())
        .containsExactly(TestDaemon.FIRST.uuid(), TestDaemon.SECOND.uuid());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpus -o gpu,powr | -o: no column is called 'powr'; did you mean 'power'? (json, wide, or",
        "jobs -o '' | -o: no column is called ''",
        "status -o yaml | -o: no column is called 'yaml' (json, wide, or some of gpu,model,",
        "report -o gpu,kwh | -o: no column is called 'gpu' (json, wide, or some of group,name,",
        "explain 0 -o wide | -o: there is no table here, so that only json is left",
        "pause -o wide | -o: there is no table here, so that only json is left",
        "status --watch=soon | --watch: 'soon' is no number of seconds",
        "status --watch=0 | --watch: 0 is not from 0.1 to 86400 seconds",
        "status --color=yes | --color: 'yes' is not one of auto",
      })
  void aFormThatThereIsNotIsWrongUsageAndNothingIsAsked(String line, String message) {
    assertThat(run(TestTerminal.PIPE, line.replace("''", "").split(" ", -1))).isEqualTo(2);

    assertThat(err.toString()).startsWith("chase: " + message);
    assertThat(daemon.snapshot().paused()).isFalse();
  }

  @Test
  void aNarrowTerminalLosesColumnsFromTheRightAndWrapsSentences() {
    assertThat(run(terminal("24 40 C"), "status", "--color=never")).isZero();

    assertThat(out.toString())
        .contains(
            """
            GPU  LIMIT W  POWER W  REASON
              0      420    401.2  chosen
              1      700        -  unwritable
            """);
    assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(41));
  }

  @Test
  void topNeedsATerminal() {
    assertThat(chase("top")).isEqualTo(2);
    assertThat(err.toString()).contains("top needs a terminal", "chase status --watch");
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 40})
  void noTableIsWiderThanTheTerminal(int width) {
    for (String line : new String[] {"status", "gpus", "jobs", "signal", "policy", "explain 0"}) {
      assertThat(run(terminal("24 " + width + " C.UTF-8"), (line + " --color=never").split(" ")))
          .isZero();
    }
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
  }

  @Test
  void onlyStatesAreColouredAndOnlyOnATerminal() {
    assertThat(run(terminal("24 80 C.UTF-8"), "status")).isZero();
    assertThat(out.toString()).contains(ESCAPE + "32mchosen", ESCAPE + "33munwritable");
    out.getBuffer().setLength(0);

    assertThat(run(TestTerminal.PIPE, "status")).isZero();
    assertThat(out.toString()).doesNotContain(ESCAPE);

    assertThat(run(terminal("24 80 C.UTF-8"), "status", "--color=never")).isZero();
    assertThat(out.toString()).doesNotContain(ESCAPE);

    assertThat(run(TestTerminal.PIPE, "status", "--color=always")).isZero();
    assertThat(out.toString()).contains(ESCAPE);
  }

  private static Terminal terminal(String launcher) {
    return Terminal.of(
        Map.of("CHASE_TERMINAL", launcher, "TERM", "xterm"), TestTerminal.PIPE.clock());
  }

  private int chase(String line) {
    return run(TestTerminal.PIPE, line.split(" ", -1));
  }

  private int run(Terminal terminal, String... line) {
    List<String> args = new ArrayList<>(List.of(line));
    args.addAll(List.of("--socket", socket.toString()));
    return ChaseCommand.run(
        args.toArray(String[]::new),
        new NoLocalActions(),
        terminal,
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private static String golden(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/control", name));
  }
}
