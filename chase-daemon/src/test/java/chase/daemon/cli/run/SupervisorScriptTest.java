package chase.daemon.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The script that waits for the command of {@code chase run}, under the shells that are here. */
@Timeout(60)
class SupervisorScriptTest {
  private static final Path SCRIPT = Path.of("src/main/sh/supervise.sh").toAbsolutePath();
  private static final Path LAUNCHER =
      Path.of("src/test/resources/run/launcher.sh").toAbsolutePath();

  /** Says when it is ready, then the signals that reach it, until it is told to go. */
  private static final String LISTENER =
      """
      for s in HUP INT QUIT TERM USR1; do trap "echo got $s" $s; done
      echo ready
      while [ ! -e "$LOG.go" ]; do sleep 0.02; done
      exit 5
      """;

  @TempDir private Path directory;

  private static Stream<String> shells() {
    return Stream.of("sh", "bash", "dash")
        .filter(shell -> Files.isExecutable(Path.of("/bin", shell)));
  }

  private Path log() {
    return directory.resolve("log");
  }

  private void answer(String answer) throws IOException {
    Files.writeString(directory.resolve("log.answer"), answer);
  }

  private Process start(String shell, String... command) throws IOException {
    return start("run", shell, command);
  }

  private Process start(String subcommand, String shell, String[] command) throws IOException {
    return start(directory, subcommand, shell, List.of("--name", "a", "--"), command);
  }

  private Process start(
      Path temporary, String subcommand, String shell, List<String> options, String... command)
      throws IOException {
    // What starts the tests may ignore signals, as nohup does, and a shell cannot undo that.
    List<String> line =
        new ArrayList<>(List.of("env", "--default-signal", "--", shell, SCRIPT.toString()));
    line.addAll(List.of(LAUNCHER.toString(), subcommand));
    line.addAll(options);
    line.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("LOG", log().toString());
    builder.environment().put("TMPDIR", temporary.toString());
    return builder.start();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private List<String> steps() throws IOException {
    return Files.readAllLines(log());
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("chase-run-"));
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aCommandThatFailsFailsWithItsOwnExitCode(String shell) throws Exception {
    Process run = start(shell, "sh", "-c", "echo job $CHASE_JOB; exit 7");
    assertThat(output(run)).isEqualTo("job start\nreceipt of start\n");
    assertThat(run.waitFor()).isEqualTo(7);
    assertThat(steps()).containsExactly("start", "end");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aCommandThatIsKilledHasTheExitCodeThatShellsGiveIt(String shell) throws Exception {
    Process run = start(shell, "sh", "-c", "kill -KILL $$");
    assertThat(output(run)).isEqualTo("receipt of start\n");
    assertThat(run.waitFor()).isEqualTo(128 + 9);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatKillsTheRunKillsTheCommandUnlessItSaysOtherwise(String shell) throws Exception {
    Process run = start(shell, "sh", "-c", "echo ready; exec sleep 60");
    BufferedReader lines = run.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    run.toHandle().destroy();
    assertThat(lines.lines()).containsExactly("receipt of start");
    assertThat(run.waitFor()).isEqualTo(128 + 15);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void signalsReachTheCommandWhichDecidesWhatTheyMean(String shell) throws Exception {
    Process run = start(shell, "sh", "-c", LISTENER);
    BufferedReader lines = run.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    for (String signal : List.of("HUP", "INT", "QUIT", "TERM", "USR1")) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(run.pid())).start().waitFor();
      assertThat(lines.readLine()).isEqualTo("got " + signal);
    }
    Files.createFile(directory.resolve("log.go"));
    assertThat(lines.lines()).containsExactly("receipt of start");
    assertThat(run.waitFor()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void inputAndArgumentsAreTheCommandsOwn(String shell) throws Exception {
    Process run = start(shell, "sh", "-c", "printf '%s|' \"$@\"; cat", "x", "--", "a b", "", "*");
    try (var input = run.outputWriter()) {
      input.write("from outside");
    }
    assertThat(output(run)).isEqualTo("--|a b||*|from outsidereceipt of start\n");
    assertThat(run.waitFor()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"usage, 2, chase: wrong usage", "refused, 3, ''"})
  void whatMustNotRunDoesNot(String answer, int exitCode, String text) throws Exception {
    answer(answer);
    Process run = start("sh", "touch", directory.resolve("ran").toString());
    assertThat(output(run).strip()).isEqualTo(text);
    assertThat(run.waitFor()).isEqualTo(exitCode);
    assertThat(directory.resolve("ran")).doesNotExist();
    assertThat(steps()).containsExactly("start");
  }

  @Test
  void aChaseThatDoesNotStartKeepsNoCommandFromRunning() throws Exception {
    answer("broken");
    Process run = start("sh", "sh", "-c", "echo ran; exit 4");
    assertThat(output(run).lines())
        .containsExactly(
            "chase: not registered: Chase itself does not start; the command runs all the same",
            "ran");
    assertThat(run.waitFor()).isEqualTo(4);
    assertThat(steps()).containsExactly("start");
  }

  @Test
  void whatCouldNotBeRegisteredIsRegisteredWhileItRuns() throws Exception {
    answer("later");
    Process run = start("sh", "sh", "-c", LISTENER);
    BufferedReader lines = run.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    Awaitility.await().until(() -> steps().contains("again"));
    Files.createFile(directory.resolve("log.go"));
    assertThat(lines.lines()).containsExactly("receipt of again");
    assertThat(run.waitFor()).isEqualTo(5);
  }

  @Test
  void theCommandOutlivesASupervisorThatIsKilledAndItsProcessIsTheOneThatIsRegistered()
      throws Exception {
    Process run = start("sh", "sh", "-c", "echo $$; exec sleep 60");
    long pid = Long.parseLong(run.inputReader().readLine());
    Optional<ProcessHandle> command = ProcessHandle.of(pid);
    assertThat(command.flatMap(ProcessHandle::parent).map(ProcessHandle::pid)).contains(run.pid());
    run.destroyForcibly().waitFor();
    assertThat(command).get().matches(ProcessHandle::isAlive);
    command.orElseThrow().destroy();
  }

  private Process startWaiting(String shell, String... command) throws IOException {
    return start("wait", shell, command);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatWaitsIsStartedOnceItHasWaited(String shell) throws Exception {
    Process run = startWaiting(shell, "sh", "-c", "echo job $CHASE_JOB; exit 7");
    assertThat(output(run)).isEqualTo("job start\nreceipt of start\n");
    assertThat(run.waitFor()).isEqualTo(7);
    assertThat(steps()).containsExactly("wait", "start", "end");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aSignalEndsTheWaitAndStartsNothing(String shell) throws Exception {
    answer("forever");
    Map<String, Integer> exitCodes =
        Map.of("HUP", 129, "INT", 130, "TERM", 143, "USR1", 138, "USR2", 140);
    for (String signal : exitCodes.keySet()) {
      Process run = startWaiting(shell, "touch", directory.resolve("ran").toString());
      BufferedReader lines = run.inputReader();
      assertThat(lines.readLine()).isEqualTo("waiting");
      new ProcessBuilder("kill", "-" + signal, Long.toString(run.pid())).start().waitFor();
      assertThat(lines.lines())
          .containsExactly("chase: stopped before the command; nothing was started");
      assertThat(run.waitFor()).isEqualTo(exitCodes.get(signal));
    }
    assertThat(directory.resolve("ran")).doesNotExist();
    assertThat(steps()).containsOnly("wait");
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aSignalThatComesWhenTheWaitIsOverStillStartsNothing(String shell) throws Exception {
    answer("late-signal");
    Process run = startWaiting(shell, "touch", directory.resolve("ran").toString());
    assertThat(output(run)).isEqualTo("chase: stopped before the command; nothing was started\n");
    assertThat(run.waitFor()).isEqualTo(143);
    assertThat(directory.resolve("ran")).doesNotExist();
    assertThat(steps()).containsExactly("wait");
    assertNothingIsLeft();
  }

  /** Where there is no place for a file, nobody is left to believe that a command was started. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait | --until policy -- | 1 | , and chase wait needs one; nothing was started",
        "run | --name a | 1 | ; nothing was started: what stands behind -- would run all the same,"
            + " unless --require is there",
        "run | --require -- | 1 | ; nothing was started: what stands behind -- would run all the"
            + " same, unless --require is there",
        "run | --name a -- | 0 | ; the command runs all the same",
      })
  void withoutARecordTheCommandRunsOrItIsSaidThatItDoesNot(
      String subcommand, String options, int exitCode, String end) throws Exception {
    Path nowhere = directory.resolve("gone");
    Path ran = directory.resolve("ran");
    Process run =
        start(nowhere, subcommand, "sh", List.of(options.split(" ")), "touch", ran.toString());
    assertThat(output(run).lines())
        .singleElement()
        .asString()
        .startsWith("chase: ")
        .contains("no file can be made in " + nowhere + " (No such file or directory)")
        .endsWith(end);
    assertThat(run.waitFor()).isEqualTo(exitCode);
    assertThat(Files.exists(ran)).isEqualTo(exitCode == 0);
    assertThat(log()).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aWaitThatEndsWithoutARecordStartsNothing(String shell) throws Exception {
    answer("in-vain");
    Process run = startWaiting(shell, "touch", directory.resolve("ran").toString());
    assertThat(output(run)).isEmpty();
    assertThat(run.waitFor()).isEqualTo(1);
    assertThat(directory.resolve("ran")).doesNotExist();
    assertThat(steps()).containsExactly("wait");
    assertNothingIsLeft();
  }
}
