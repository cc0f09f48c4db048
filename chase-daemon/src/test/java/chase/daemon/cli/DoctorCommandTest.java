package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody;
import chase.daemon.fixtures.NoLocalActions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a daemon; {@code DoctorOnHostTest} has one. */
class DoctorCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();

  private int doctor(List<CheckBody> checks, String... more) {
    return run(checks, List.of("--socket", directory.resolve("chase.sock").toString()), more);
  }

  private int run(List<CheckBody> checks, List<String> before, String... more) {
    List<String> args = new ArrayList<>(before);
    args.add("doctor");
    args.addAll(List.of(more));
    return ChaseCommand.run(
        args.toArray(String[]::new),
        new Host(checks, directory.resolve("configured.sock")),
        new PrintWriter(out),
        new PrintWriter(new StringWriter()));
  }

  private static final class Host extends NoLocalActions {
    private final List<CheckBody> checks;
    private final Path socket;

    Host(List<CheckBody> checks, Path socket) {
      this.checks = checks;
      this.socket = socket;
    }

    @Override
    public Optional<Path> socket(Path config) {
      return Optional.of(socket);
    }

    @Override
    public List<CheckBody> checkConfiguration(Optional<Path> config) {
      return checks;
    }

    @Override
    public List<CheckBody> checkHost(Optional<Long> daemon) {
      return List.of(CheckBody.ok("clock", "synchronised"));
    }
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  @Test
  void withoutADaemonItIsLookedFromTheCallersSide() {
    assertThat(doctor(List.of(CheckBody.ok("driver", "NVIDIA 570.00, 8 GPUs")))).isZero();
    String text = String.join(" ", lines()).replaceAll("\\s+", " ");
    assertThat(text)
        .contains(
            "note daemon none runs on " + directory.resolve("chase.sock"),
            "how the user " + System.getProperty("user.name") + " sees it");
    assertThat(lines())
        .endsWith("ok       driver    NVIDIA 570.00, 8 GPUs", "ok       clock     synchronised");
  }

  @Test
  void whatFailedIsExitCodeOneAndAWarningIsNot() {
    assertThat(doctor(List.of(CheckBody.warning("rivals", "DCGM runs")))).isZero();
    assertThat(
            doctor(
                List.of(
                    CheckBody.ok("a", "b"),
                    CheckBody.failed("carbon", "bad key: x").withRemedy("another key"))))
        .isEqualTo(1);
    assertThat(lines())
        .contains(
            "warning  rivals    DCGM runs",
            "failed   carbon    bad key: x",
            "                   -> another key");
  }

  @Test
  void noLineIsWiderThanATerminal() {
    String words = "electricity-maps ".repeat(12).strip();
    assertThat(doctor(List.of(CheckBody.failed("carbon", words).withRemedy(words)))).isEqualTo(1);
    assertThat(lines())
        .filteredOn(line -> line.contains("electricity-maps"))
        .hasSizeGreaterThan(6)
        .allMatch(line -> line.length() <= 80);
    assertThat(out.toString().replaceAll("\\s+", " ")).contains(words + " -> " + words);
  }

  @Test
  void aSocketWithoutAnAnswerFails() throws Exception {
    Files.createFile(directory.resolve("chase.sock"));
    assertThat(doctor(List.of())).isEqualTo(1);
    assertThat(out.toString()).startsWith("failed   daemon    no daemon answers on");
  }

  @Test
  void theConfigurationsSocketIsAskedUnlessOneIsNamed() {
    assertThat(run(List.of(), List.of(), "--config", "a.yaml", "--json")).isZero();
    assertThat(out.toString()).contains("none runs on " + directory.resolve("configured.sock"));
    assertThat(doctor(List.of(), "--config", "a.yaml", "--json")).isZero();
    assertThat(out.toString()).contains("none runs on " + directory.resolve("chase.sock"));
  }

  @Test
  void programsGetJson() {
    assertThat(doctor(List.of(CheckBody.ok("driver", "there")), "--json")).isZero();
    assertThat(out.toString())
        .contains(
            "\"side\" : \"caller\"",
            "\"result\" : \"ok\"",
            "\"about\" : \"driver\"",
            "\"text\" : \"there\"");
  }
}
