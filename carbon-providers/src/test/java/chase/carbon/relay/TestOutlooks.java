package chase.carbon.relay;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonIntensity.Relay;
import chase.carbon.EnergyPrice;
import chase.carbon.GramsPerKwh;
import chase.carbon.MoneyPerMwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Outlooks of the host gpu-07, which asks Energy-Charts about Germany. */
final class TestOutlooks {
  static final Relay GPU_07 = new Relay("gpu-07", "0707070707070707");
  static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  static final Region DE = new Region("DE");
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final Duration QUARTER = Duration.ofMinutes(15);

  private TestOutlooks() {}

  static String json(RelayedOutlook outlook) {
    return new String(OutlookJson.bytes(outlook), StandardCharsets.UTF_8);
  }

  static RelayedOutlook outlook(FallbackLevel level, CarbonIntensity current) {
    return outlook(GPU_07, level, current);
  }

  static RelayedOutlook outlook(Relay by, FallbackLevel level, CarbonIntensity current) {
    return new RelayedOutlook(
        by,
        "energy-charts",
        level,
        Optional.of(current),
        ahead(),
        level == FallbackLevel.LIVE ? Optional.empty() : Optional.of("it is down"),
        List.of(price()),
        List.of("Energy-Charts, CC BY 4.0"));
  }

  static EnergyPrice price() {
    return new EnergyPrice(
        new MoneyPerMwh(-1.5, Currency.getInstance("EUR")),
        new Provenance.Measured(),
        "energy-charts",
        new Region("DE-LU"),
        NOON,
        NOON.plus(QUARTER),
        NOON,
        NOON);
  }

  static List<CarbonIntensity> ahead() {
    return IntStream.rangeClosed(1, 200)
        .mapToObj(i ->
            new CarbonIntensity(
                new GramsPerKwh(300 + i),
                KIND,
                new Provenance.ForecastByProvider(QUARTER.multipliedBy(i)),
                "energy-charts",
                DE,
                NOON.plus(QUARTER.multipliedBy(i)),
                NOON.plus(QUARTER.multipliedBy(i + 1)),
                NOON,
                NOON.plusSeconds(20),
                Optional.empty()))
        .toList();
  }

  static List<CarbonIntensity> passedOn(List<CarbonIntensity> values) {
    return values.stream().map(value -> value.passedOnBy(GPU_07)).toList();
  }

  static CarbonIntensity measured() {
    return value(new Provenance.Measured(), List.of());
  }

  static CarbonIntensity value(Provenance origin, List<Relay> via) {
    return made(KIND, DE, origin, QUARTER, via);
  }

  static CarbonIntensity measuredAs(SignalKind kind, Region region) {
    return made(kind, region, new Provenance.Measured(), QUARTER, List.of());
  }

  static CarbonIntensity spanning(Duration period) {
    return made(KIND, DE, new Provenance.Measured(), period, List.of());
  }

  static CarbonIntensity made(
      SignalKind kind, Region region, Provenance origin, Duration period, List<Relay> via) {
    return new CarbonIntensity(
        new GramsPerKwh(300.25),
        kind,
        origin,
        "energy-charts",
        region,
        NOON,
        NOON.plus(period),
        NOON.plusSeconds(10),
        NOON.plusSeconds(20),
        Optional.empty(),
        via);
  }

  static List<Relay> others(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(TestOutlooks::other).toList();
  }

  static Relay other(int number) {
    return new Relay("host-" + number, "%016x".formatted(number));
  }
}
