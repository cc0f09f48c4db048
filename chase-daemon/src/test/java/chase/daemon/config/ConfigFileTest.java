package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.cli.manual.SettingsText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  private static final Path EXAMPLE = Path.of("../config/chase.yaml");

  private static ConfigFile file(String text) {
    return new ConfigFile("chase.yaml", text, Path.of("/etc/chase"), Map.of());
  }

  private static String shown(ConfigFile file) throws ConfigException {
    return SettingsText.yaml(
        file.settings().stream()
            .map(one -> new SettingsText.SettingLine(one.key(), one.value(), one.source()))
            .toList());
  }

  @Test
  void everyFaultIsFoundWithItsKeyAndLine() {
    assertThat(
            file("""
            mode: contrl
            gpu:
              floor-ratoi: 0.5
              call-deadline: soon
              retry-after: 2d
            carbon:
              provider: electricity-maps
              electricity-maps: {token: abc}
            unknown: 1
            metrics: {port: 99999}
            weights: {carbon: 0, price: 0}
            """)
                .faults())
        .containsExactly(
            "mode in chase.yaml:1: 'contrl' is not one of control, observe",
            "unknown key gpu.floor-ratoi in chase.yaml:3; did you mean gpu.floor-ratio?",
            "gpu.call-deadline in chase.yaml:4: 'soon' is not a time such as 500ms, 90s, 1h30m or"
                + " 2d",
            "gpu.retry-after in chase.yaml:5 must be from 100ms to 1d, not 2d",
            "carbon.electricity-maps.token in chase.yaml:8: a secret must not stand in this file;"
                + " use token-file or token-env",
            "unknown key unknown in chase.yaml:9; known here: mode, policy, state-directory, gpu,"
                + " host, carbon, http, price, weights, jobs, profiling, batch-sizes, ledger,"
                + " control, access, metrics, log",
            "metrics.port in chase.yaml:10 must be from 0 to 65535, not 99999",
            "weights in chase.yaml:11: carbon and price must not both be 0");
  }

  @Test
  void ofVeryManyFaultsTheFirstAreListed() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    assertThat(file(text.toString()).faults()).hasSize(50);
  }

  @Test
  void aFileThatCannotBeAConfigurationIsNotReadWhole(@TempDir Path directory) throws Exception {
    Path large = directory.resolve("chase.yaml");
    Files.writeString(large, "#".repeat(300_000));
    assertThatThrownBy(() -> ConfigFile.read(large, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("the configuration file " + large + " is larger than 256 KiB");
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoRegularFileIsRefusedAtOnce(@TempDir Path directory) throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> ConfigFile.read(pipe, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("the configuration file " + pipe + " is no regular file");
  }

  @Test
  void aRightConfigurationHasNoFaultAndTextThatIsNoYamlHasOne() throws Exception {
    assertThat(ConfigFile.read(EXAMPLE, Map.of()).faults()).isEmpty();
    assertThat(file("a: [").faults()).singleElement().asString().contains("not valid YAML");
    assertThat(file("mode: observe\nmode: control\n").faults())
        .containsExactly("mode in chase.yaml:2 stands there a second time");
  }

  @Test
  void everySettingIsShownWithItsSource() throws ConfigException {
    String shown = shown(file("mode: observe\ngpu: {retry-after: 500ms}\n"));
    assertThat(shown.lines())
        .contains(
            "mode: observe                                # chase.yaml:1",
            "policy: budget:0.03                          # default",
            "  retry-after: 500ms                         # chase.yaml:2",
            "  floor-ratio: 0.6                           # default",
            "control:");
  }

  @Test
  void whatIsShownIsTheSameConfigurationAgain() throws Exception {
    for (String text :
        List.of(
            "",
            "gpu: {profiles: {NVIDIA H100: a.csv}, simulated: [h100-sxm, a100-sxm4]}\n",
            "carbon: {provider: watttime, region: CAISO_NORTH, watttime: {username-env: A,"
                + " password-file: /secret}}\nweights: {carbon: 0.5}\n",
            Files.readString(EXAMPLE))) {
      assertThat(file(shown(file(text))).parse()).isEqualTo(file(text).parse());
    }
  }

  @Test
  void ofASecretOnlyThePlaceIsShown() throws ConfigException {
    var file =
        new ConfigFile(
            "chase.yaml",
            "carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-env: KEY}}",
            Path.of("/etc/chase"),
            Map.of("KEY", "s3cret"));
    assertThat(shown(file)).contains("token-env: KEY").doesNotContain("s3cret");
  }

  @Test
  void theSocketMayComeFromTheEnvironment() throws ConfigException {
    var file =
        new ConfigFile("chase.yaml", "", Path.of("/etc/chase"), Map.of("CHASE_SOCKET", "/s.sock"));
    assertThat(file.settings())
        .contains(new ConfigSetting("control.socket", "/s.sock", "$CHASE_SOCKET"));
  }
}
