package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.http.ProviderResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code fuelsource.csv}: {@code Time,Solar,Wind,...} in MW, a row for each five minutes of a
 * day in Pacific time, those to come blank. A row has no date. The page may still be yesterday's
 * for a while after midnight, or be stuck: its date is that on which it was last written, or the
 * day before where its last row would lie in the future of that. Some pages end with the first row
 * of the next day, which is left out.
 *
 * @param response the page
 * @param zone the time of its rows
 * @param day the page's day, where its address says so
 * @param now when it came
 */
record CaisoParser(ProviderResponse response, ZoneId zone, Optional<LocalDate> day, Instant now) {
  private static final String TIME = "Time";

  /** Clocks differ, and a row may be there a moment before its time. */
  private static final Duration EARLY = Duration.ofMinutes(10);

  private static final DateTimeFormatter HOUR_AND_MINUTE =
      DateTimeFormatter.ofPattern("H:mm", Locale.ROOT);

  /**
   * A row with numbers.
   *
   * @param occurrence 1 for the first row of that time, 2 for the second, on the day on which an
   *     hour comes twice
   */
  private record TimedRow(LocalTime time, int occurrence, Map<String, Double> megawatts) {}

  List<MixSample> read() throws CarbonUnavailable {
    CsvBody table = new CsvBody(response);
    String time = table.column(TIME);
    List<String> fuels = table.columns().stream().filter(name -> !name.equals(time)).toList();
    Map<LocalTime, Integer> seen = new HashMap<>();
    List<TimedRow> rows =
        table.read(row -> {
          LocalTime at = time(row);
          int occurrence = seen.merge(at, 1, Integer::sum);
          Map<String, Double> megawatts = new HashMap<>();
          for (String fuel : fuels) {
            row.number(fuel).ifPresent(power -> megawatts.put(fuel, power));
          }
          return megawatts.isEmpty()
              ? Optional.empty()
              : Optional.of(new TimedRow(at, occurrence, megawatts));
        });
    if (rows.size() > 1
        && rows.getLast().time().equals(LocalTime.MIDNIGHT)
        && rows.get(rows.size() - 2).time().isAfter(LocalTime.MIDNIGHT)) {
      rows.removeLast();
    }
    List<MixSample> samples = new ArrayList<>();
    if (!rows.isEmpty()) {
      LocalDate date = day.orElseGet(() -> dateOf(rows.getLast()));
      for (TimedRow row : rows) {
        start(date, row).ifPresent(from -> samples.add(new MixSample(from, row.megawatts())));
      }
    }
    return samples;
  }

  private static LocalTime time(CsvBody.TableRow row) throws CarbonUnavailable {
    String text = row.text(TIME).orElseThrow(() -> row.missing(TIME));
    try {
      return LocalTime.parse(text, HOUR_AND_MINUTE);
    } catch (DateTimeException notATime) {
      throw row.unreadable(TIME, "a time as HH:MM");
    }
  }

  private LocalDate dateOf(TimedRow last) {
    Instant written = response.lastModified().filter(time -> !time.isAfter(now)).orElse(now);
    LocalDate date = LocalDate.ofInstant(written, zone);
    boolean lastIsToCome =
        start(date, last).filter(from -> from.isAfter(written.plus(EARLY))).isPresent();
    return lastIsToCome ? date.minusDays(1) : date;
  }

  /** Empty for a time that the day does not have, because clocks were put forward. */
  private Optional<Instant> start(LocalDate date, TimedRow row) {
    LocalDateTime local = date.atTime(row.time());
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      return Optional.empty();
    }
    ZoneOffset offset = offsets.get(Math.min(row.occurrence(), offsets.size()) - 1);
    return Optional.of(ZonedDateTime.ofLocal(local, zone, offset).toInstant());
  }
}
