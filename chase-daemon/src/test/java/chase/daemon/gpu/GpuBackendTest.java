package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.FakeGpu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuBackendTest {
  private static final String CSV = "power_limit_watts,power_watts,throughput\n%d,90,1\n";

  @TempDir Path directory;

  private GpuBackend backend(String text) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, Map.of());
    return GpuBackend.of(config.gpu(), InstantSource.system());
  }

  @Test
  void anUnknownSimulatedCardIsNamed() {
    assertThatThrownBy(() -> backend("gpu: {backend: simulated, simulated: [h900]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h900");
  }

  @Test
  void aMissingOrMalformedProfileIsNamed() throws Exception {
    assertThatThrownBy(() -> backend("gpu: {profile: p.csv}"))
        .hasMessage("gpu.profile: " + directory.resolve("p.csv") + " does not exist");
    Files.writeString(directory.resolve("p.csv"), "watts\n");
    assertThatThrownBy(() -> backend("gpu: {profiles: {GPU-0: p.csv}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(directory.resolve("p.csv") + ":1: ");
  }

  @Test
  void theNearestProfileOfACardIsTaken() throws Exception {
    Files.writeString(directory.resolve("all.csv"), String.format(Locale.ROOT, CSV, 100));
    Files.writeString(directory.resolve("model.csv"), String.format(Locale.ROOT, CSV, 200));
    Files.writeString(directory.resolve("card.csv"), String.format(Locale.ROOT, CSV, 300));
    GpuBackend configured =
        backend("gpu: {profile: all.csv, profiles: {Fake GPU: model.csv, GPU-1: card.csv}}");
    assertThat(highest(configured, 0)).isEqualTo(200);
    assertThat(highest(configured, 1)).isEqualTo(300);
    GpuBackend general = backend("gpu: {profile: all.csv}");
    assertThat(highest(general, 0)).isEqualTo(100);
  }

  private static double highest(GpuBackend gpus, int index) {
    return gpus.profile(new FakeGpu(index).traits()).orElseThrow().highestLimit().value();
  }
}
