package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.carbon.PriceProvider;
import chase.carbon.Region;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridSourcesTest {
  @TempDir Path directory;

  private GridSources sources(String text, Map<String, String> environment) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, directory, environment);
    return GridSources.of(config, environment, InstantSource.system());
  }

  @Test
  void aMissingSecretIsNamed() {
    String text =
        "carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-file: t}}";
    assertThatThrownBy(() -> sources(text, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "carbon.electricity-maps.token-file: " + directory.resolve("t") + " does not exist");
  }

  private static String provider(GridSources sources) {
    SignalSettings.CarbonSettings carbon = sources.settings().carbon().orElseThrow();
    return carbon.providers().getFirst().provider();
  }

  @Test
  void everyProviderIsMadeFromItsSecrets() throws Exception {
    String maps =
        "carbon: {provider: electricity-maps, region: DE, electricity-maps: {token-env: T}}";
    assertThat(provider(sources(maps, Map.of("T", "secret")))).isEqualTo("electricity-maps");
    String watttime =
        "carbon: {provider: watttime, region: CAISO_NORTH,"
            + " watttime: {username-env: U, password-env: P}}";
    assertThat(provider(sources(watttime, Map.of("U", "me", "P", "secret")))).isEqualTo("watttime");
    assertThat(sources("", Map.of()).settings().hasProvider()).isFalse();
  }

  @Test
  void theKeylessProvidersNeedARegionThatTheyKnow() throws Exception {
    assertThat(provider(sources("carbon: {provider: neso, region: GB}", Map.of())))
        .isEqualTo("neso");
    assertThat(provider(sources("carbon: {provider: energinet, region: DK1}", Map.of())))
        .isEqualTo("energinet");
    assertThat(provider(sources("carbon: {provider: fuel-mix, region: MISO}", Map.of())))
        .isEqualTo("fuel-mix");
    assertThat(provider(sources("carbon: {provider: energy-charts, region: de}", Map.of())))
        .isEqualTo("energy-charts");
    assertThat(provider(sources("carbon: {provider: odre, region: FR}", Map.of())))
        .isEqualTo("odre");
    assertThat(provider(sources("carbon: {provider: static, country: Germany}", Map.of())))
        .isEqualTo("static");
    assertThatThrownBy(() -> sources("carbon: {provider: neso, region: Londn}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is Londn; did you mean London?");
    assertThatThrownBy(() -> sources("carbon: {provider: energinet, region: DK3}", Map.of()))
        .hasMessageEndingWith("did you mean DK1?");
    assertThatThrownBy(() -> sources("carbon: {provider: fuel-mix, region: ERCO}", Map.of()))
        .hasMessage(
            "fuel-mix region: must be CAISO, ERCOT, NYISO, MISO or SPP, is ERCO; did you mean"
                + " ERCOT?");
    assertThatThrownBy(() -> sources("carbon: {provider: energy-charts, region: DEE}", Map.of()))
        .hasMessage(
            "energy-charts region: must be a country's code such as DE, is DEE;"
                + " did you mean DE?");
    assertThatThrownBy(() -> sources("carbon: {provider: odre, region: DE}", Map.of()))
        .hasMessageStartingWith(
            "odre region: must be FR, is DE; DE (Germany) is served by energy-charts (no key)");
    assertThatThrownBy(() ->
            sources(
                "carbon: {provider: pjm, region: DOM, pjm: {key-env: K, margin: average}}",
                Map.of("K", "mine")))
        .hasMessage("pjm region: the average is known of PJM as a whole only, not of DOM");
    assertThatThrownBy(() -> sources("carbon: {provider: static, country: Germny}", Map.of()))
        .hasMessage("carbon.country: no yearly mean of Germny; did you mean Germany?");
  }

  @Test
  void marginalAndAverageOfAnOperatorAreNotMixed() throws Exception {
    String text =
        """
        carbon:
          provider: pjm
          region: PJM
          stand-ins: [fuel-mix]
          pjm: {key-env: K, margin: %s}
          fuel-mix: {region: MISO}
        """;
    Map<String, String> key = Map.of("K", "mine");
    assertThat(provider(sources(String.format(Locale.ROOT, text, "average"), key)))
        .isEqualTo("pjm");
    assertThatThrownBy(() -> sources(String.format(Locale.ROOT, text, "marginal"), key))
        .hasMessageContaining(
            "fuel-mix (average, lifecycle) cannot stand in for pjm (marginal, direct)");
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
            sources(String.format(Locale.ROOT, text, true), secrets)
                .settings()
                .carbon()
                .orElseThrow()
                .providers())
        .hasSize(2);
    assertThatThrownBy(() -> sources(String.format(Locale.ROOT, text, false), secrets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot stand in for neso");
  }

  @Test
  void pricesCanBeHadWithoutAKey() throws Exception {
    String text = "price: {provider: energinet, region: %s}\nweights: {carbon: 0, price: 1}";
    assertThat(sources(String.format(Locale.ROOT, text, "DK1"), Map.of()).settings().price())
        .isPresent();
    assertThatThrownBy(() -> sources(String.format(Locale.ROOT, text, "DK9"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean DK1?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          carbon: {region: DE}                   | price: {provider: energy-charts} | DE-LU
          carbon: {region: SE}                   | price: {provider: energy-charts, region: se3} | SE3
          carbon: {energy-charts: {region: FR}}  | price: {provider: energy-charts} | FR
          carbon: {region: DE}                   | price: {provider: energy-charts, energy-charts: {region: IT-North}} | IT-North
          """)
  void aPriceIsThatOfTheRegionsZoneUnlessAnotherIsNamed(String carbon, String price, String zone)
      throws Exception {
    assertThat(sources(carbon + "\n" + price, Map.of()).settings().price().orElseThrow().source())
        .extracting(PriceProvider::region)
        .isEqualTo(new Region(zone));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          region: SE | Sweden has several bidding zones, name one of SE1, SE2, SE3, SE4
          region: DE_LU | must be a bidding zone such as DE-LU, or a country with one, is DE_LU; did you mean DE-LU?
          region: GB | Great Britain has no prices here
          """)
  void aPriceWithoutAZoneOfItsOwnIsRefusedByName(String region, String message) {
    assertThatThrownBy(() -> sources("price: {provider: energy-charts, " + region + "}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("energy-charts price region: " + message);
  }

  @Test
  void aPriceWithoutAnyRegionIsRefused() {
    assertThatThrownBy(() -> sources("price: {provider: energy-charts}", Map.of()))
        .hasMessage("price.region is missing, and provider energy-charts needs it");
  }

  @Test
  void aMalformedTraceIsNamedWithItsLine() throws Exception {
    Files.writeString(directory.resolve("t.csv"), "time,grams_per_kwh\nnoon,1\n");
    assertThatThrownBy(() -> sources("carbon: {provider: trace, trace: {file: t.csv}}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(directory.resolve("t.csv") + ":2: ");
  }
}
