package chase.carbon.staticmean;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import java.time.Instant;
import java.time.Year;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YearlyMeansTest {
  private final YearlyMeans means = YearlyMeans.read();

  @ParameterizedTest
  @ValueSource(strings = {"DE", "DEU", "de", "Germany", " germany "})
  void aCountryIsFoundByCodeOrName(String word) {
    assertThat(means.of(new Region(word)).orElseThrow())
        .isEqualTo(
            new YearlyMeans.YearlyMean(
                new GramsPerKwh(344.14),
                EmissionScope.LIFECYCLE,
                Year.of(2024),
                "Ember, CC BY 4.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"XX", "UA", "Europe", "US-CAL-CISO", "D"})
  void aCountryWithoutAFigureIsNotGuessed(String word) {
    assertThat(means.of(new Region(word))).isEmpty();
  }

  @Test
  void everyFigureIsOneThatACountryCanHave() {
    assertThat(means.names()).contains("FR", "FRA", "France", "XKX").doesNotHaveDuplicates();
    for (String word : means.names()) {
      assertThat(means.of(new Region(word)).orElseThrow().value().value()).isBetween(20.0, 1000.0);
    }
  }

  @Test
  void theMeanIsSaidOfTheRunningHourAndCalledStatic() {
    TestClock clock = new TestClock("2026-01-01T10:40:00Z");
    Region france = new Region("FR");
    CarbonIntensity now = new StaticMean(france, means.of(france).orElseThrow(), clock).current();
    assertThat(now.value()).isEqualTo(new GramsPerKwh(44.18));
    assertThat(now.kind()).isEqualTo(new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE));
    assertThat(now.provenance())
        .isEqualTo(new Provenance.Static(Year.of(2024), "Ember, CC BY 4.0"));
    assertThat(now.provenance().label()).isEqualTo("static");
    assertThat(now.validFrom()).isEqualTo(Instant.parse("2026-01-01T10:00:00Z"));
    assertThat(now.covers(clock.instant())).isTrue();
  }
}
