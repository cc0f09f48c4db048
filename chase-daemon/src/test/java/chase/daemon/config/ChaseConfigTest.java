package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.zeus.engine.SafetyRules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaseConfigTest {
  @TempDir Path directory;

  private ChaseConfig parse(String text) throws ConfigException {
    return ChaseConfig.parse("chase.yaml", text, directory, Map.of());
  }

  @Test
  void anEmptyFileMeansAllDefaults() throws Exception {
    ChaseConfig config = parse("");
    assertThat(config.mode()).isEqualTo(SafetyRules.Mode.CONTROL);
    assertThat(config.policy().spec()).isEqualTo("budget:0.03");
    assertThat(config.gpu().backend()).isEqualTo(GpuConfig.Backend.NVML);
    assertThat(config.carbon().provider()).isEqualTo(CarbonConfig.CarbonProviderName.NONE);
    assertThat(config.metrics().port()).isEqualTo(9478);
    assertThat(parse("# nothing but a comment\n")).isEqualTo(config);
    assertThat(parse("gpu:\ncarbon:\n")).isEqualTo(config);
  }

  @Test
  void theGroupThatAnOlderVersionsFileNamesIsTheDefaultStill() throws Exception {
    assertThat(parse("control: {group: chase}")).isEqualTo(parse(""));
  }

  @Test
  void everyKindOfValueIsRead() throws Exception {
    ChaseConfig config =
        parse(
            """
            mode: observe
            policy: chase:0.5:750
            state-directory: state
            gpu:
              backend: simulated
              simulated: [v100, a100-sxm4]
              floor-ratio: 0.7
              minimum-dwell: 1h30m
              hands-off: PT5M
              telemetry-period: 500ms
              profiles: {Some GPU: one.csv, GPU-1: /two.csv}
            carbon:
              provider: trace
              region: US-CAL-CISO
              reference-window: 2d
              electricity-maps:
                base-url: http://localhost:8080/v3
                token-env: TOKEN
                emission-factor-type: direct
              trace:
                file: trace.csv
                speed: 4320
                start: 2021-06-01T00:00:00Z
                repeat: false
                emission-scope: lifecycle
            metrics: {enabled: false, host: 0.0.0.0, port: 0}
            """);
    assertThat(config.mode()).isEqualTo(SafetyRules.Mode.OBSERVE);
    assertThat(config.policy().spec()).isEqualTo("chase:0.5:750");
    assertThat(config.stateDirectory()).isEqualTo(directory.resolve("state"));
    assertThat(config.gpu().simulated()).containsExactly("v100", "a100-sxm4");
    assertThat(config.rules().floorRatio()).isEqualTo(0.7);
    assertThat(config.rules().minimumDwell()).isEqualTo(Duration.ofMinutes(90));
    assertThat(config.rules().handsOff()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.gpu().telemetryPeriod()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.gpu().profiles())
        .containsEntry("Some GPU", directory.resolve("one.csv"))
        .containsEntry("GPU-1", Path.of("/two.csv"));
    assertThat(config.carbon().region()).contains(new Region("US-CAL-CISO"));
    assertThat(config.carbon().referenceWindow()).isEqualTo(Duration.ofDays(2));
    assertThat(config.carbon().electricityMaps().baseUrl())
        .isEqualTo(URI.create("http://localhost:8080/v3"));
    assertThat(config.carbon().electricityMaps().emissionFactorType())
        .isEqualTo(EmissionScope.DIRECT);
    assertThat(config.carbon().trace().speed()).isEqualTo(4320);
    assertThat(config.carbon().trace().start()).contains(Instant.parse("2021-06-01T00:00:00Z"));
    assertThat(config.carbon().trace().repeat()).isFalse();
    assertThat(config.metrics())
        .isEqualTo(
            new ChaseConfig.MetricsConfig(
                false,
                "0.0.0.0",
                0,
                true,
                true,
                false,
                List.of(),
                TlsConfig.NONE,
                Optional.empty()));
  }

  @Test
  void theEnvironmentMovesTheDefaultSocketOnly() throws Exception {
    Map<String, String> environment = Map.of("CHASE_SOCKET", "/tmp/c.sock");
    assertThat(ChaseConfig.parse("f", "", directory, environment).control().socket())
        .isEqualTo(Path.of("/tmp/c.sock"));
    String chosen = "control: {socket: /run/own.sock}";
    assertThat(ChaseConfig.parse("f", chosen, directory, environment).control().socket())
        .isEqualTo(Path.of("/run/own.sock"));
  }

  @Test
  void pathsBeginAtTheFilesOwnDirectory() throws Exception {
    Path file = Files.writeString(directory.resolve("my.yaml"), "gpu: {profile: p.csv}");
    assertThat(ChaseConfig.load(file, Map.of()).gpu().profile())
        .contains(directory.resolve("p.csv"));
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = directory.resolve("absent.yaml");
    assertThatThrownBy(() -> ChaseConfig.load(file, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("the configuration file " + file + " does not exist");
  }

  @Test
  void aFileThatIsNoTextIsNamedAndOnlyAnEditMendsIt() throws IOException {
    Path file = Files.write(directory.resolve("odd.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ChaseConfig.load(file, Map.of()))
        .isExactlyInstanceOf(ConfigException.class)
        .hasMessage("the configuration file " + file + " is not text in UTF-8");
    assertThatThrownBy(() -> ChaseConfig.load(directory, Map.of()))
        .isExactlyInstanceOf(ConfigException.class)
        .hasMessage("the configuration file " + directory + " is a directory");
  }
}
