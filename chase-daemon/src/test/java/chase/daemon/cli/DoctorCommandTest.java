package chase.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.cli.simulate.SimulateCommand;
import chase.daemon.text.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();

  private int doctor(List<LocalActions.Finding> findings, String... more) {
    List<String> args =
        new ArrayList<>(List.of("--socket", directory.resolve("chase.sock").toString(), "doctor"));
    args.addAll(List.of(more));
    return ChaseCommand.run(
        args.toArray(String[]::new),
        new Patient(findings),
        new PrintWriter(out),
        new PrintWriter(new StringWriter()));
  }

  private record Patient(List<LocalActions.Finding> findings) implements LocalActions {
    @Override
    public int daemon(Path config, Optional<LogLevel> level) {
      return 0;
    }

    @Override
    public int demo() {
      return 0;
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public List<LocalActions.Finding> checkConfig(Optional<Path> file) {
      throw new AssertionError("a configuration was checked");
    }

    @Override
    public List<LocalActions.Setting> showConfig(Optional<Path> file) {
      throw new AssertionError("a configuration was shown");
    }

    @Override
    public Callable<Integer> simulateCommand() {
      return new SimulateCommand();
    }

    @Override
    public int restore(Optional<Path> config) {
      return 0;
    }

    @Override
    public List<LocalActions.Finding> diagnose(Optional<Path> config) {
      return findings;
    }
  }

  @Test
  void allWellIsExitCodeZero() {
    assertThat(doctor(List.of(LocalActions.Finding.ok("driver", "570.00, GPUs: 8")))).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "ok     driver         570.00, GPUs: 8",
            "note   daemon         none runs on " + directory.resolve("chase.sock"));
  }

  @Test
  void oneWrongThingIsExitCodeOne() {
    assertThat(
            doctor(
                List.of(
                    LocalActions.Finding.ok("a", "b"),
                    LocalActions.Finding.wrong("carbon", "bad key: x"))))
        .isEqualTo(1);
    assertThat(out.toString()).contains("wrong  carbon         bad key: x");
  }

  @Test
  void aSocketWithoutAnAnswerIsWrong() throws Exception {
    Files.createFile(directory.resolve("chase.sock"));
    assertThat(doctor(List.of())).isEqualTo(1);
    assertThat(out.toString()).startsWith("wrong  daemon         no daemon answers on");
  }

  @Test
  void programsGetJson() {
    assertThat(doctor(List.of(LocalActions.Finding.ok("driver", "there")), "--json")).isZero();
    assertThat(out.toString())
        .contains("\"grade\" : \"ok\"", "\"what\" : \"driver\"", "\"line\" : \"there\"");
  }
}
