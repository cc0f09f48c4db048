package chase.carbon.history;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import org.junit.jupiter.api.Test;

class SeriesKeyTest {
  private static final String LINE =
      "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T01:00:00Z\",\"grams_per_kwh\":300.0,"
          + "\"margin\":\"average\",\"scope\":\"lifecycle\",\"origin\":\"measured\","
          + "\"provider\":\"electricitymaps\",\"region\":\"DE\","
          + "\"published\":\"2026-01-01T00:00:00Z\",\"fetched\":\"2026-01-01T00:00:00Z\"}";

  @Test
  void aPastThatAnEarlierVersionStoredIsFoundAndGoesOnUnderTheNameOfToday() {
    SeriesKey today =
        new SeriesKey(
            "electricity-maps",
            new Region("DE"),
            new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.LIFECYCLE));
    CarbonIntensity stored = IntensityJson.parse(LINE);
    assertThat(SeriesKey.of(stored)).isEqualTo(today);
    assertThat(today.fileName()).isEqualTo("electricitymaps_DE_average_lifecycle");
    assertThat(IntensityJson.line(stored)).contains("\"provider\":\"electricity-maps\"");
  }
}
