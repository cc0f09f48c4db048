package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestIntensities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimePagesTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final TestIntensities series =
      new TestIntensities(new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT), HOUR, START);
  private final List<String> pages = new ArrayList<>();

  @Test
  void aLongStretchIsReadPageByPageAndTheLastPageEndsWithIt() throws Exception {
    assertThat(read(TimePages.of(Duration.ofHours(10)), 24)).hasSize(24);
    assertThat(pages).containsExactly("0-10", "10-20", "20-24");
  }

  @Test
  void aRowThatTwoPagesHoldIsKeptOnce() throws Exception {
    TimePages pairs = TimePages.of(Duration.ofHours(2));
    List<CarbonIntensity> rows =
        pairs.read(START, at(4), (from, to) -> List.of(row(from), row(from.plus(HOUR)), row(to)));
    assertThat(rows)
        .extracting(CarbonIntensity::validFrom)
        .containsExactly(at(0), at(1), at(2), at(3), at(4));
  }

  @Test
  void whatIsShorterThanAPeriodAtTheEndIsNotRead() throws Exception {
    TimePages pages = new TimePages(Duration.ofHours(10), HOUR);
    pages.read(START, at(10).plusSeconds(60), this::page);
    assertThat(this.pages).containsExactly("0-10");
  }

  @Test
  void nothingIsReadOfAnEmptyStretch() throws Exception {
    assertThat(read(TimePages.of(HOUR), 0)).isEmpty();
    assertThat(pages).isEmpty();
  }

  private List<CarbonIntensity> read(TimePages size, int hours) throws Exception {
    return size.read(START, at(hours), this::page);
  }

  private List<CarbonIntensity> page(Instant from, Instant to) {
    pages.add(hour(from) + "-" + hour(to));
    List<CarbonIntensity> rows = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plus(HOUR)) {
      rows.add(row(at));
    }
    return rows;
  }

  private CarbonIntensity row(Instant from) {
    return series.at(from, 100, from);
  }

  private static Instant at(int hour) {
    return START.plus(HOUR.multipliedBy(hour));
  }

  private static long hour(Instant at) {
    return Duration.between(START, at).toHours();
  }
}
