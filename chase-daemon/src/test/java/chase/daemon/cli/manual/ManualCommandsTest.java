package chase.daemon.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.cli.ChaseCommand;
import chase.daemon.fixtures.NoLocalActions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManualCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private String chase(String... line) {
    int exitCode =
        ChaseCommand.run(line, new NoLocalActions(), new PrintWriter(out), new PrintWriter(err));
    assertThat(exitCode).as(err.toString()).isZero();
    return out.toString();
  }

  private static boolean isHere(String program) {
    return Stream.of("/bin", "/usr/bin").anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
  }

  private static String run(String... line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  @Test
  void helpShowsWhatTheCommandsOwnHelpShows() {
    assertThat(chase("help", "jobs", "end")).startsWith("Usage: chase jobs end").contains("JOB");
  }

  @Test
  void helpAloneShowsAllCommands() {
    assertThat(chase("help")).startsWith("Usage: chase").contains("pause", "run", "completion");
  }

  /** The list shows the first line of each description. */
  @Test
  void theListOfCommandsCutsNoSentence() {
    String help = chase("help");
    String list = help.substring(help.indexOf("Commands:\n"));
    String entries = list.substring(0, list.indexOf("\n\n")).replaceAll("\n {4,}", " ");
    assertThat(entries.lines().skip(1))
        .hasSizeGreaterThan(25)
        .allSatisfy(entry -> assertThat(entry).endsWith("."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V", "version"})
  void theVersionIsPrintedEitherWay(String word) {
    assertThat(chase(word)).isEqualTo("chase development" + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void aCompletionScriptKnowsEveryCommandAndIsValidInItsShell(String shell) throws Exception {
    String script = chase("completion", shell);
    assertThat(script).contains("batch-size", "deferrable", "signal", "check", "run");
    Assumptions.assumeTrue(isHere(shell));
    Path file = Files.writeString(directory.resolve("script"), script);
    assertThat(run(shell, "-n", file.toString())).isEmpty();
  }

  @Test
  void fishCompletesCommandsAndOptions() throws Exception {
    Path file = Files.writeString(directory.resolve("script"), chase("completion", "fish"));
    Assumptions.assumeTrue(isHere("fish"));
    String ask = "source " + file + "; complete -C '%s'";
    assertThat(run("fish", "--no-config", "-c", ask.formatted("chase sta"))).startsWith("status\t");
    assertThat(run("fish", "--no-config", "-c", ask.formatted("chase jobs en")))
        .startsWith("end\t");
    assertThat(run("fish", "--no-config", "-c", ask.formatted("chase run --bo")))
        .startsWith("--bound\t");
    assertThat(run("fish", "--no-config", "-c", ask.formatted("chase completion z")))
        .startsWith("zsh");
  }

  @Test
  void everyCommandHasAManualPage() throws Exception {
    chase("man", directory.toString());
    List<String> pages;
    try (Stream<Path> files = Files.list(directory)) {
      pages = files.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(pages)
        .contains("chase.1", "chase-run.1", "chase-jobs-end.1", "chase-config-check.1");
    assertThat(Files.readString(directory.resolve("chase-run.1")))
        .startsWith(".TH \"CHASE-RUN\" 1 ")
        .contains(
            ".SH NAME\n\\&chase\\-run \\- Run a command as a job", "\\fB\\-\\-bound=BOUND\\fR");
  }

  @Test
  void theManualPageOfChaseItselfListsTheCommands() {
    assertThat(chase("man")).contains(".SH COMMANDS", "\\fBpause\\fR", "chase\\-run(1)");
  }
}
