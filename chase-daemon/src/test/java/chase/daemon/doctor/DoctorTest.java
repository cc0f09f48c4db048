package chase.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.TestCertificates;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.daemon.host.Capabilities;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path directory;

  private List<CheckBody> checks(String text) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, Map.of());
    return checks(config, "0000000000200000", directory.resolve("no.service"));
  }

  private List<CheckBody> checks(ChaseConfig config, String capabilities, Path unit)
      throws Exception {
    return new Doctor(
            config,
            Map.of(),
            InstantSource.system(),
            System::nanoTime,
            new Capabilities(status(capabilities)),
            unit)
        .checks();
  }

  /** What the kernel says of a process with these capabilities. */
  private Path status(String capabilities) throws Exception {
    Path status = directory.resolve("status");
    Files.writeString(status, "Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t" + capabilities + "\n");
    return status;
  }

  private static CheckResult result(List<CheckBody> checks, String about) {
    return checks.stream()
        .filter(one -> one.about().equals(about))
        .findFirst()
        .orElseThrow()
        .result();
  }

  @Test
  void aSimulatedHostWithARecordedGridIsWellAndShowsTheNumberNow() throws Exception {
    Files.createDirectory(directory.resolve("state"));
    Files.writeString(
        directory.resolve("t.csv"),
        "time,grams_per_kwh\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00Z,1\n");
    List<CheckBody> checks =
        checks(
            """
            gpu: {backend: simulated, simulated: [v100, h100-sxm]}
            state-directory: state
            carbon: {provider: trace, region: DE, trace: {file: t.csv}}
            """);
    assertThat(checks).extracting(CheckBody::result).doesNotContain(CheckResult.FAILED);
    assertThat(checks)
        .contains(
            CheckBody.note("driver", "2 GPUs, simulated (gpu.backend)"),
            CheckBody.ok("state", directory.resolve("state") + " can be written"));
    assertThat(checks)
        .filteredOn(one -> one.about().equals("carbon"))
        .singleElement()
        .satisfies(now ->
            assertThat(now.text())
                .matches(
                    "trace DE: 1 gCO2/kWh now, \\d\\d:\\d\\d to \\d\\d:\\d\\d \\S+ \\(replayed,"
                        + " .*\\)"));
    assertThat(directory.resolve("state")).isEmptyDirectory();
  }

  @Test
  void limitsThatAnEarlierChaseLeftAreNamedUntilTheyAreRestored() throws Exception {
    String text = "{gpu: {backend: simulated}, state-directory: state}";
    Files.createDirectory(directory.resolve("state"));
    LimitJournal journal =
        GpuJournals.open(directory.resolve("state"), InstantSource.system()).limits();
    GpuId gpu = new GpuId("GPU-00000000-0000-0000-0000-000000000000");
    journal.intend(gpu, "V100", new Watts(300), new Watts(200));
    journal.confirm(gpu, new Watts(200), new Watts(200));
    CheckBody left =
        CheckBody.warning(
                "state", "an earlier Chase left limits behind (" + directory.resolve("state") + ")")
            .withRemedy("start the daemon, or restore the original ones: sudo chase restore");
    assertThat(checks(text)).contains(left);
    journal.remove(gpu);
    assertThat(checks(text)).doesNotContain(left);
  }

  @Test
  void whatIsMissingFailsAndIsNamed() throws Exception {
    List<CheckBody> checks =
        checks(
            """
            gpu: {library: no-such-library.so}
            state-directory: state
            carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-env: T}}
            """);
    assertThat(result(checks, "driver")).isEqualTo(CheckResult.FAILED);
    assertThat(checks)
        .contains(
            CheckBody.note(
                "state", directory.resolve("state") + " is not there yet; the daemon makes it"),
            CheckBody.failed(
                "carbon",
                "carbon.electricity-maps.token-env: the environment variable T is not set"));
  }

  @Test
  void withoutAProviderItSaysWhatToDo() throws Exception {
    assertThat(checks("gpu: {backend: simulated}\n"))
        .contains(
            CheckBody.warning(
                    "carbon", "no provider is configured: every GPU keeps its original limit")
                .withRemedy("find one for your region: chase signal zones WORD"));
    assertThat(checks("gpu: {backend: simulated}\ncarbon: {region: GB}\n"))
        .extracting(CheckBody::remedy)
        .contains(
            Optional.of(
                "neso serves GB (Great Britain) without a key: write \"provider: neso\" and"
                    + " \"region: GB\" under carbon"));
  }

  @Test
  void aProviderThatDoesNotAnswerDiffersFromABadKey() throws Exception {
    List<CheckBody> checks =
        checks(
            """
            gpu: {backend: simulated}
            state-directory: .
            carbon: {provider: neso, region: GB, neso: {base-url: "http://127.0.0.1:1"}}
            """);
    assertThat(checks)
        .filteredOn(one -> one.about().equals("carbon"))
        .singleElement()
        .extracting(CheckBody::text)
        .asString()
        .startsWith("provider down: neso GB: ");
  }

  @Test
  void rightsAreThoseOfTheInstalledServiceAndNotOfTheCaller() throws Exception {
    ChaseConfig config =
        ChaseConfig.parse("chase.yaml", "gpu: {library: none.so}\n", directory, Map.of());
    Path unit = Files.createFile(directory.resolve("chased.service"));
    assertThat(result(checks(config, "0000000000000000", unit), "rights"))
        .isEqualTo(CheckResult.NOTE);
    Files.delete(unit);
    assertThat(result(checks(config, "0000000000000000", unit), "rights"))
        .isEqualTo(CheckResult.FAILED);
  }

  @Test
  void aFileInThePlaceOfTheStateDirectoryFails() throws Exception {
    Files.createFile(directory.resolve("state"));
    assertThat(result(checks("gpu: {backend: simulated}\nstate-directory: state\n"), "state"))
        .isEqualTo(CheckResult.FAILED);
  }

  @Test
  void aKeyThatEveryUserCanReadIsNamedWithWhatToDo() throws Exception {
    String text =
        """
        gpu: {backend: simulated}
        carbon:
          provider: watttime
          region: CAISO_NORTH
          watttime:
            username-file: user
            password-file: pass
            base-url: http://127.0.0.1:1
        """;
    Path user = Files.writeString(directory.resolve("user"), "ada");
    Path pass = Files.writeString(directory.resolve("pass"), "secret");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(user, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(pass, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(checks(text))
        .filteredOn(one -> one.about().equals("secrets"))
        .containsExactly(
            CheckBody.warning("secrets", "every user of this host can read " + pass)
                .withRemedy("sudo chmod o-rwx " + pass));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertThat(result(checks(text), "secrets")).isEqualTo(CheckResult.OK);
  }

  @Test
  void whatEverySectionKeepsSecretIsLookedAt() throws Exception {
    String text =
        """
        gpu: {backend: simulated}
        carbon:
          electricity-maps: {token-file: secret}
          watttime: {username-file: secret, password-file: secret}
        http: {proxy: 'http://ada@127.0.0.1:1', proxy-password-file: secret}
        metrics: {token-file: secret, tls: {certificate: crt, key: secret}}
        batch-sizes:
          database: 'jdbc:postgresql://127.0.0.1:1/chase'
          user-file: secret
          password-file: secret
          zeus-api: {token-file: secret, tls: {certificate: crt, key: secret}}
        """;
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String[] parts = text.split("secret", -1);
    StringBuilder named = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      Path file = Files.writeString(directory.resolve("secret" + i), "secret");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      named.append(file.getFileName()).append(parts[i]);
    }
    assertThat(checks(named.toString()))
        .filteredOn(one -> one.about().equals("secrets"))
        .hasSize(parts.length - 1);
  }

  @Test
  void theAuthoritiesThatAreTrustedAreNamed() throws Exception {
    Path file = TestCertificates.make(directory, "ca", "EC").certificate();
    String text =
        """
        gpu: {backend: simulated}
        carbon: {provider: neso, region: GB, neso: {base-url: 'https://127.0.0.1:1'}}
        http: {ca-file: ca.crt}
        """;
    assertThat(checks(text))
        .contains(
            CheckBody.ok(
                "http", "providers' certificates may be signed by 1 certificate of " + file));
    Files.writeString(file, "no certificate");
    assertThat(checks(text))
        .filteredOn(one -> one.result() == CheckResult.FAILED)
        .extracting(CheckBody::text)
        .contains(
            "http.ca-file: "
                + file
                + " holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
    Files.delete(file);
    assertThat(checks(text))
        .filteredOn(one -> one.result() == CheckResult.FAILED)
        .extracting(CheckBody::text)
        .contains("http.ca-file: " + file + " does not exist");
  }

  @Test
  void whatACrashLeftIsNamed() throws Exception {
    Files.writeString(directory.resolve("hs_err_pid7.log"), "memory");
    Files.writeString(directory.resolve("hs_err_pid7.txt"), "no crash");
    assertThat(checks("{gpu: {backend: simulated}, state-directory: .}"))
        .filteredOn(one -> one.about().equals("crash"))
        .singleElement()
        .satisfies(
            one -> assertThat(one.text()).startsWith("a crash left ").endsWith("hs_err_pid7.log"));
  }

  @Test
  void aDatabaseThatDoesNotAnswerFails() throws Exception {
    assertThat(
            checks(
                """
                gpu: {backend: simulated}
                batch-sizes: {database: "jdbc:postgresql://127.0.0.1:1/chase"}
                """))
        .filteredOn(one -> one.about().equals("database"))
        .singleElement()
        .satisfies(one -> assertThat(one.result()).isEqualTo(CheckResult.FAILED))
        .extracting(CheckBody::text)
        .asString()
        .startsWith("cannot be used: Connection to 127.0.0.1:1 refused");
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
