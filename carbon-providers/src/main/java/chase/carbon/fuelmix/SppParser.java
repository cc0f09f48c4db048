package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.TimeBounds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code GenMix2Hour_SPP.csv}: {@code GMT MKT Interval}, then two columns for each fuel, what
 * the market called ({@code Coal Market}) and what its owner ran ({@code Coal Self}), in MW; both
 * count together, and a fuel lacks its number where one of them is blank. The time is UTC and the
 * end of its five minutes: the page of a year begins five minutes into it. Columns beside these
 * (loads) are no generation. The operator also writes {@code GMTTIME}, {@code COAL_MKT} and {@code
 * COAL_SELF}.
 */
record SppParser(CsvBody table) {
  private static final Duration STEP = Duration.ofMinutes(5);
  private static final List<String> SHARES = List.of(" market", " mkt", " self");

  List<MixSample> read() throws CarbonUnavailable {
    String time = table.column("GMT MKT Interval", "GMTTIME", "GMTTime");
    Map<String, String> fuels = fuels();
    return table.read(row -> {
      Map<String, Double> megawatts = new HashMap<>();
      Set<String> incomplete = new HashSet<>();
      for (Map.Entry<String, String> column : fuels.entrySet()) {
        row.number(column.getKey())
            .ifPresentOrElse(
                power -> megawatts.merge(column.getValue(), power, Double::sum),
                () -> incomplete.add(column.getValue()));
      }
      megawatts.keySet().removeAll(incomplete);
      return megawatts.isEmpty()
          ? Optional.empty()
          : Optional.of(new MixSample(end(row, time).minus(STEP), megawatts));
    });
  }

  /** The fuel of each column that is one; "Gas Self" belongs to "Natural Gas Market". */
  private Map<String, String> fuels() {
    Map<String, String> fuels = new HashMap<>();
    for (String column : table.columns()) {
      String name = column.replace('_', ' ').toLowerCase(Locale.ROOT);
      SHARES.stream()
          .filter(name::endsWith)
          .findFirst()
          .map(share -> name.substring(0, name.length() - share.length()))
          .ifPresent(fuel -> fuels.put(column, fuel.equals("gas") ? "natural gas" : fuel));
    }
    return fuels;
  }

  private static Instant end(CsvBody.TableRow row, String column) throws CarbonUnavailable {
    String text = row.text(column).orElseThrow(() -> row.missing(column));
    try {
      var time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return TimeBounds.checked(
          time instanceof OffsetDateTime zoned
              ? zoned.toInstant()
              : LocalDateTime.from(time).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException notATime) {
      throw row.unreadable(column, "a time as YYYY-MM-DDTHH:MM:SSZ");
    }
  }
}
