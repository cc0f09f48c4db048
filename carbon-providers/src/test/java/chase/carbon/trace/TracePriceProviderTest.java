package chase.carbon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.fixtures.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracePriceProviderTest {
  private static final Region DK1 = new Region("DK1");

  @TempDir Path directory;

  private final TestClock clock = new TestClock("2026-06-01T12:00:00Z");

  private PriceTrace read(String... lines) throws IOException {
    Path file = directory.resolve("prices.csv");
    Files.write(file, List.of(lines));
    return PriceTrace.read(file);
  }

  private PriceTrace evening() throws IOException {
    return read(
        "time,eur_per_mwh",
        "2025-06-01T18:00:00Z,80.5",
        "2025-06-01T19:00:00Z,-12",
        "2025-06-01T20:00:00Z,0");
  }

  private TracePriceProvider playing(PriceTrace prices, double speed, boolean repeat) {
    return new TracePriceProvider(
        prices, DK1, new PlaybackSettings(speed, Optional.empty(), repeat), clock);
  }

  @Test
  void aNegativePriceIsAPrice() throws Exception {
    TracePriceProvider playing = playing(evening(), 1, false);
    clock.pass(Duration.ofMinutes(70));
    EnergyPrice now = playing.current();
    assertThat(now.value()).hasToString("-12.00 EUR/MWh");
    assertThat(now.provenance())
        .isEqualTo(new Provenance.Replayed(Instant.parse("2025-06-01T19:00:00Z")));
    assertThat(now.covers(clock.instant())).isTrue();
    assertThat(now.publishedAt()).isBeforeOrEqualTo(clock.instant());
  }

  @Test
  void theDayAheadIsSettledAndARepeatedRecordingGoesOn() throws Exception {
    List<EnergyPrice> ahead = playing(evening(), 60, true).settled();
    assertThat(ahead).hasSize(24);
    assertThat(ahead.getFirst().validTo()).isEqualTo(clock.instant().plusSeconds(60));
    assertThat(ahead).extracting(p -> p.value().value()).startsWith(80.5, -12.0, 0.0, 80.5);
    for (int i = 1; i < ahead.size(); i++) {
      assertThat(ahead.get(i).validFrom()).isEqualTo(ahead.get(i - 1).validTo());
    }
  }

  @Test
  void aRecordingThatEndsHasNoMorePrices() throws Exception {
    TracePriceProvider playing = playing(evening(), 1, false);
    assertThat(playing.settled()).hasSize(3);
    clock.pass(Duration.ofHours(3));
    CarbonUnavailable ended = catchThrowableOfType(CarbonUnavailable.class, playing::current);
    assertThat(ended.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(ended).hasMessageEndingWith("prices.csv ended");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'time,grams_per_kwh'   | '2025-06-01T18:00:00Z,80' | 1: the header must be"
            + " time,eur_per_mwh (or another ISO 4217 currency), is \"time,grams_per_kwh\"",
        "'time,xyz_per_mwh'     | '2025-06-01T18:00:00Z,80' | 1: the header must be"
            + " time,eur_per_mwh (or another ISO 4217 currency), is \"time,xyz_per_mwh\"",
        "'time,dkk_per_mwh'     | '2025-06-01T18:00:00Z,dear' | 2: \"dear\" is not a price",
        "'time,dkk_per_mwh'     | '2025-06-01T18:00:00Z,1e999' | 2: \"1e999\" is not a price",
      })
  void whatIsNoPriceListIsRefusedWithItsLine(String header, String row, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(header, row, "2025-06-01T19:00:00Z,1"))
        .withMessage(directory.resolve("prices.csv") + ":" + message);
  }
}
