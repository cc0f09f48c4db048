package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.grid.SignalSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndsTest {
  private static final String CSV = "power_limit_watts,power_watts,throughput\n%d,90,1\n";

  @TempDir Path directory;

  private Ends ends(String text, Map<String, String> environment) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, environment);
    return Ends.of(config, environment, InstantSource.system());
  }

  @Test
  void aMissingSecretIsNamed() {
    String text =
        "carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-file: t}}";
    assertThatThrownBy(() -> ends(text, Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessage(
            "carbon.electricity-maps.token-file: " + directory.resolve("t") + " does not exist");
  }

  private static String provider(Ends ends) {
    SignalSettings.CarbonSettings carbon = ends.grid().sources().carbon().orElseThrow();
    return carbon.providers().getFirst().provider();
  }

  @Test
  void everyProviderIsMadeFromItsSecrets() throws Exception {
    String maps =
        "carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-env: T}}";
    assertThat(provider(ends(maps, Map.of("T", "secret")))).isEqualTo("electricitymaps");
    String watttime =
        "carbon: {provider: watttime, region: CAISO_NORTH,"
            + " watttime: {username-env: U, password-env: P}}";
    assertThat(provider(ends(watttime, Map.of("U", "me", "P", "secret")))).isEqualTo("watttime");
    assertThat(ends("", Map.of()).grid().sources().hasProvider()).isFalse();
  }

  @Test
  void theKeylessProvidersNeedARegionThatTheyKnow() throws Exception {
    assertThat(provider(ends("carbon: {provider: neso, region: GB}", Map.of()))).isEqualTo("neso");
    assertThat(provider(ends("carbon: {provider: energinet, region: DK1}", Map.of())))
        .isEqualTo("energinet");
    assertThat(provider(ends("carbon: {provider: static, country: Germany}", Map.of())))
        .isEqualTo("static");
    assertThatThrownBy(() -> ends("carbon: {provider: neso, region: Londn}", Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageEndingWith("is Londn; did you mean London?");
    assertThatThrownBy(() -> ends("carbon: {provider: energinet, region: DK3}", Map.of()))
        .hasMessageEndingWith("did you mean DK1?");
    assertThatThrownBy(() -> ends("carbon: {provider: static, country: Germny}", Map.of()))
        .hasMessage("carbon.country: no yearly mean of Germny; did you mean Germany?");
  }

  @Test
  void aStandInOfAnotherKindIsRefusedUnlessItIsWanted() throws Exception {
    String text =
        """
        carbon:
          provider: neso
          region: GB
          stand-ins: [watttime]
          mix-kinds: %s
          watttime: {username-env: U, password-env: P, region: CAISO_NORTH}
        """;
    Map<String, String> secrets = Map.of("U", "me", "P", "secret");
    assertThat(
            ends(String.format(Locale.ROOT, text, true), secrets)
                .grid()
                .sources()
                .carbon()
                .orElseThrow()
                .providers())
        .hasSize(2);
    assertThatThrownBy(() -> ends(String.format(Locale.ROOT, text, false), secrets))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("cannot stand in for neso");
  }

  @Test
  void pricesCanBeHadWithoutAKey() throws Exception {
    String text = "price: {provider: energinet, region: %s}\nweights: {carbon: 0, price: 1}";
    assertThat(ends(String.format(Locale.ROOT, text, "DK1"), Map.of()).grid().sources().price())
        .isPresent();
    assertThatThrownBy(() -> ends(String.format(Locale.ROOT, text, "DK9"), Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("did you mean DK1?");
  }

  @Test
  void aMalformedTraceIsNamedWithItsLine() throws Exception {
    Files.writeString(directory.resolve("t.csv"), "time,grams_per_kwh\nnoon,1\n");
    assertThatThrownBy(() -> ends("carbon: {provider: trace, trace: {file: t.csv}}", Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageStartingWith(directory.resolve("t.csv") + ":2: ");
  }

  @Test
  void anUnknownSimulatedCardIsNamed() {
    assertThatThrownBy(() -> ends("gpu: {backend: simulated, simulated: [h900]}", Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("h900");
  }

  @Test
  void aMissingOrMalformedProfileIsNamed() throws Exception {
    assertThatThrownBy(() -> ends("gpu: {profile: p.csv}", Map.of()))
        .hasMessage("gpu.profile: " + directory.resolve("p.csv") + " does not exist");
    Files.writeString(directory.resolve("p.csv"), "watts\n");
    assertThatThrownBy(() -> ends("gpu: {profiles: {GPU-0: p.csv}}", Map.of()))
        .isInstanceOf(StartupException.class)
        .hasMessageStartingWith(directory.resolve("p.csv") + ":1: ");
  }

  @Test
  void theNearestProfileOfACardIsTaken() throws Exception {
    Files.writeString(directory.resolve("all.csv"), String.format(Locale.ROOT, CSV, 100));
    Files.writeString(directory.resolve("model.csv"), String.format(Locale.ROOT, CSV, 200));
    Files.writeString(directory.resolve("card.csv"), String.format(Locale.ROOT, CSV, 300));
    Ends ends =
        ends(
            "gpu: {profile: all.csv, profiles: {Fake card: model.csv, GPU-1: card.csv}}", Map.of());
    assertThat(highest(ends, 0)).isEqualTo(200);
    assertThat(highest(ends, 1)).isEqualTo(300);
    Ends general = ends("gpu: {profile: all.csv}", Map.of());
    assertThat(highest(general, 0)).isEqualTo(100);
  }

  private static double highest(Ends ends, int index) {
    return ends.profiles().apply(new FakeGpu(index).traits()).orElseThrow().highestLimit().value();
  }
}
