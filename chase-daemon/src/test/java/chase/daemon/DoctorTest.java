package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.cli.LocalActions;
import chase.daemon.cli.LocalActions.Finding.Grade;
import chase.daemon.config.ChaseConfig;
import chase.daemon.host.Capabilities;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path directory;

  private List<LocalActions.Finding> findings(String text) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, Map.of());
    return findings(config, "0000000000200000", directory.resolve("no.service"));
  }

  private List<LocalActions.Finding> findings(ChaseConfig config, String capabilities, Path unit)
      throws Exception {
    Platform platform =
        new Platform(Map.of(), Clock.systemUTC(), System::nanoTime, eventLoops -> Vertx.vertx());
    return new Doctor(config, platform, status(capabilities), unit).findings();
  }

  /** What the kernel says of a process with these capabilities. */
  private Path status(String capabilities) throws Exception {
    Path status = directory.resolve("status");
    Files.writeString(status, "Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t" + capabilities + "\n");
    return status;
  }

  private static Grade grade(List<LocalActions.Finding> findings, String what) {
    return findings.stream()
        .filter(one -> one.what().equals(what))
        .findFirst()
        .orElseThrow()
        .grade();
  }

  @Test
  void aSimulatedHostWithARecordedGridIsWell() throws Exception {
    Files.createDirectory(directory.resolve("state"));
    Files.writeString(
        directory.resolve("t.csv"),
        "time,grams_per_kwh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,2\n");
    List<LocalActions.Finding> findings =
        findings(
            """
            gpu: {backend: simulated, simulated: [v100, h100-sxm]}
            state-directory: state
            carbon: {provider: trace, trace: {file: t.csv}}
            """);
    assertThat(findings).extracting(LocalActions.Finding::grade).doesNotContain(Grade.WRONG);
    assertThat(findings)
        .contains(
            LocalActions.Finding.note("driver", "the GPUs are simulated (gpu.backend)"),
            LocalActions.Finding.ok("state", directory.resolve("state") + " can be written"),
            LocalActions.Finding.note(
                "carbon", "the grid is a recording (carbon.provider: trace)"));
    assertThat(directory.resolve("state")).isEmptyDirectory();
  }

  @Test
  void whatIsMissingIsWrongAndNamed() throws Exception {
    List<LocalActions.Finding> findings =
        findings(
            """
            gpu: {library: no-such-library.so}
            state-directory: state
            carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-env: T}}
            """);
    assertThat(grade(findings, "driver")).isEqualTo(Grade.WRONG);
    assertThat(findings)
        .contains(
            LocalActions.Finding.note(
                "state",
                directory.resolve("state")
                    + " is not there yet; the daemon makes it when it starts, except in observe"
                    + " mode"));
    assertThat(findings)
        .contains(
            LocalActions.Finding.wrong(
                "carbon",
                "carbon.electricity-maps.token-env: the environment variable T is not set"));
  }

  @Test
  void aProviderThatDoesNotAnswerDiffersFromABadKey() throws Exception {
    List<LocalActions.Finding> findings =
        findings(
            """
            gpu: {backend: simulated}
            state-directory: .
            carbon: {provider: neso, region: GB, neso: {base-url: "http://127.0.0.1:1"}}
            """);
    assertThat(findings)
        .filteredOn(one -> one.what().equals("carbon"))
        .singleElement()
        .extracting(LocalActions.Finding::line)
        .asString()
        .startsWith("provider down: neso GB: ");
  }

  @Test
  void rightsAreThoseOfTheInstalledServiceAndNotOfTheCaller() throws Exception {
    ChaseConfig config =
        ChaseConfig.parse("chase.yaml", "gpu: {library: none.so}\n", directory, Map.of());
    Path unit = Files.createFile(directory.resolve("chased.service"));
    assertThat(grade(findings(config, "0000000000000000", unit), "rights")).isEqualTo(Grade.NOTE);
    Files.delete(unit);
    assertThat(grade(findings(config, "0000000000000000", unit), "rights")).isEqualTo(Grade.WRONG);
  }

  @Test
  void aFileInThePlaceOfTheStateDirectoryIsWrong() throws Exception {
    Files.createFile(directory.resolve("state"));
    assertThat(grade(findings("gpu: {backend: simulated}\nstate-directory: state\n"), "state"))
        .isEqualTo(Grade.WRONG);
  }

  @Test
  void theRightToSetLimitsIsLookedUpAndNotTried() throws Exception {
    assertThat(new Capabilities(status("000001ffffffffff")).hasSysAdmin()).isTrue();
    assertThat(new Capabilities(status("0000000000200000")).hasSysAdmin()).isTrue();
    assertThat(new Capabilities(status("00000000a80425fb")).hasSysAdmin())
        .as("root in a container")
        .isFalse();
    assertThat(new Capabilities(directory.resolve("none")).hasSysAdmin()).isFalse();
  }
}
