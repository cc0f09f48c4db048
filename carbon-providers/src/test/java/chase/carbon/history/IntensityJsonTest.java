package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class IntensityJsonTest {
  private static final Instant FROM = Instant.parse("2026-03-01T10:00:00Z");

  static Stream<Provenance> everyOrigin() {
    return Stream.of(
        new Provenance.Measured(),
        new Provenance.Estimated("TIME_SLICER_AVERAGE"),
        new Provenance.ForecastByProvider(Duration.ofMinutes(95)),
        new Provenance.ForecastByChase(Duration.ofHours(3), "lite"),
        new Provenance.Static(Year.of(2024), "Ember, CC BY 4.0, \"quoted\""),
        new Provenance.Replayed(Instant.parse("2021-01-01T00:00:00.123456789Z")));
  }

  @ParameterizedTest
  @MethodSource("everyOrigin")
  void aNumberComesBackAsItWas(Provenance origin) {
    CarbonIntensity sample = sample(origin, Optional.of(LocalDate.of(2023, 3, 1)));
    String line = IntensityJson.line(sample);
    assertThat(line).doesNotContain("\n");
    assertThat(IntensityJson.parse(line)).isEqualTo(sample);
  }

  @Test
  void theFieldsHaveNamesThatPeopleCanRead() {
    assertThat(IntensityJson.line(sample(new Provenance.Measured(), Optional.empty())))
        .isEqualTo(
            """
            {"from":"2026-03-01T10:00:00Z","to":"2026-03-01T11:00:00Z","grams_per_kwh":123.456,\
            "margin":"average","scope":"lifecycle","origin":"measured","provider":"neso",\
            "region":"GB","published":"2026-03-01T10:00:00Z","fetched":"2026-03-01T10:00:05Z"}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense|nonsense|not JSON",
        "^.*$|[1]|not a JSON object",
        "^.*$|{}|grams_per_kwh: missing, or not a number",
        "123.456|-1|gCO2/kWh must be finite",
        "123.456|null|grams_per_kwh: missing, or not a number",
        "average|middling|margin: unknown: middling",
        "measured|guessed|origin: unknown: guessed",
        "T10:00:00Z|T10:00|from: cannot be read: 2026-03-01T10:00",
        "\"neso\"|7|provider: missing, or not a text",
        "T11:00:00Z|T10:00:00Z|empty period",
      })
  void aLineThatIsNoneIsRefusedByTheFieldThatIsWrong(String what, String by, String message) {
    String good = IntensityJson.line(sample(new Provenance.Measured(), Optional.empty()));
    String bad = good.equals(good.replaceFirst(what, by)) ? by : good.replaceFirst(what, by);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IntensityJson.parse(bad))
        .withMessageContaining(message);
  }

  private static CarbonIntensity sample(Provenance origin, Optional<LocalDate> model) {
    return new CarbonIntensity(
        new GramsPerKwh(123.456),
        new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE),
        origin,
        "neso",
        new Region("GB"),
        FROM,
        FROM.plusSeconds(3600),
        FROM,
        FROM.plusSeconds(5),
        model);
  }
}
