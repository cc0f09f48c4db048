package chase.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RivalChecksTest {
  @TempDir Path directory;
  private Path processes = Path.of("");
  private Path units = Path.of("");

  @BeforeEach
  void makeAHost() throws Exception {
    processes = Files.createDirectory(directory.resolve("proc"));
    units = Files.createDirectory(directory.resolve("units"));
    Files.writeString(processes.resolve("uptime"), "no process");
  }

  private void run(long pid, String... command) throws Exception {
    Path folder = Files.createDirectory(processes.resolve(Long.toString(pid)));
    Files.writeString(folder.resolve("cmdline"), String.join("\0", command) + "\0");
  }

  private List<CheckBody> all(Optional<Long> daemon) {
    return new RivalChecks(processes, List.of(units, directory.resolve("crontab"))).all(daemon);
  }

  @Test
  void aQuietHostHasNone() throws Exception {
    run(2, "");
    run(7, "/usr/bin/python3", "train.py", "--power", "agent");
    run(9, "/usr/bin/java", "-cp", "chase-daemon.jar", "chase.daemon.Main", "status");
    assertThat(all(Optional.empty()))
        .containsExactly(
            CheckBody.ok("rivals", "nothing else here is known to set limits or clocks"));
  }

  @Test
  void eachKnownProgramIsNamedWithItsProcessAndWhatToDo() throws Exception {
    run(11, "/usr/bin/nv-hostengine", "-n");
    run(12, "/usr/bin/nvidia-powerd");
    run(13, "python3", "/opt/dynamo/power_agent/main.py");
    run(14, "/usr/local/bin/zeusd");
    run(15, "/usr/sbin/slurmd", "-D");
    run(16, "/usr/bin/lact", "daemon");
    List<CheckBody> found = all(Optional.empty());
    assertThat(found)
        .hasSize(6)
        .allMatch(one -> one.result() == CheckResult.WARNING && one.remedy().isPresent());
    assertThat(found)
        .extracting(CheckBody::text)
        .anyMatch(text -> text.endsWith("(nv-hostengine, process 11)"))
        .anyMatch(text -> text.endsWith("(python3, process 13)"));
  }

  @Test
  void persistenceIsNoRivalAndItsEffectIsNamed() throws Exception {
    run(21, "/usr/bin/nvidia-persistenced", "--user", "nvidia-persistenced");
    assertThat(all(Optional.empty()))
        .extracting(CheckBody::result)
        .containsOnly(CheckResult.OK)
        .hasSize(2);
  }

  @Test
  void aDaemonIsNotItsOwnRival() throws Exception {
    run(31, "java", "-cp", "chase.jar", "chase.daemon.Main", "daemon", "--config", "a.yaml");
    assertThat(all(Optional.of(31L))).extracting(CheckBody::result).containsOnly(CheckResult.OK);
    assertThat(all(Optional.empty()))
        .containsExactly(
            CheckBody.note("rivals", "Chase runs (process 31), and has not answered here")
                .withRemedy("name its --socket or --config"));
    run(32, "java", "-cp", "chase.jar", "chase.daemon.Main", "demo");
    run(33, "java", "-cp", "chase.jar", "chase.daemon.Main", "daemon");
    assertThat(all(Optional.of(31L)))
        .containsExactly(
            CheckBody.warning("rivals", "another Chase daemon runs here (process 33)")
                .withRemedy("let only one of them set limits"));
  }

  @Test
  void aDaemonOnSimulatedGpusIsNobodysRival() throws Exception {
    Path config = Files.writeString(directory.resolve("try.yaml"), "gpu: {backend: simulated}\n");
    run(41, "java", "chase.daemon.Main", "daemon", "--config", config.toString());
    assertThat(all(Optional.of(31L))).extracting(CheckBody::result).containsOnly(CheckResult.OK);
    Files.writeString(config, "gpu: {backend: nvml}\n");
    assertThat(all(Optional.of(31L))).extracting(CheckBody::result).contains(CheckResult.WARNING);
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aProcessThatNamesAPipeAsItsConfigurationHoldsNobodyUp() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    run(41, "java", "chase.daemon.Main", "daemon", "--config", pipe.toString());
    assertThat(all(Optional.of(31L))).extracting(CheckBody::result).contains(CheckResult.WARNING);
  }

  @Test
  void unitsAndCronThatSetLimitsAreFound() throws Exception {
    Path unit = units.resolve("gpu-limit.service");
    Files.writeString(unit, "[Service]\nExecStart=/usr/bin/nvidia-smi -i 0 -pl 250\n");
    Files.writeString(units.resolve("query.service"), "ExecStart=/usr/bin/nvidia-smi -q -d POWER");
    Files.writeString(units.resolve("off.service"), "# ExecStart=/usr/bin/nvidia-smi -pl 250");
    Path cron = directory.resolve("crontab");
    Files.writeString(cron, "@reboot root nvidia-smi --lock-gpu-clocks=1200\n");
    assertThat(all(Optional.empty()))
        .extracting(CheckBody::text)
        .containsExactly(
            unit + " sets limits or clocks by nvidia-smi",
            cron + " sets limits or clocks by nvidia-smi");
  }
}
