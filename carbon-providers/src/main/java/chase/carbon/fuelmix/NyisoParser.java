package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.TimeBounds;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Reads {@code rtfuelmix.csv}: {@code Time Stamp,Time Zone,Fuel Category,Gen MW}, a row for each
 * fuel. A time is Eastern, with the zone in a column of its own, and the end of its five minutes: a
 * day's page goes from 00:05 to 00:00 of the next.
 */
record NyisoParser(CsvBody table) {
  private static final String TIME = "Time Stamp";
  private static final String ZONE = "Time Zone";
  private static final String FUEL = "Fuel Category";
  private static final Duration STEP = Duration.ofMinutes(5);

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("MM/dd/uuuu HH:mm:ss", Locale.ROOT);

  List<MixSample> read() throws CarbonUnavailable {
    table.column(TIME);
    table.column(ZONE);
    table.column(FUEL);
    String power = table.column("Gen MW", "Gen MWh");
    return FuelRow.mixes(
        table.read(row -> {
          String fuel = row.text(FUEL).orElseThrow(() -> row.missing(FUEL));
          Instant from = end(row).minus(STEP);
          return row.number(power).map(megawatts -> new FuelRow(from, fuel, megawatts));
        }));
  }

  private static Instant end(CsvBody.TableRow row) throws CarbonUnavailable {
    String text = row.text(TIME).orElseThrow(() -> row.missing(TIME));
    try {
      return TimeBounds.checked(LocalDateTime.parse(text, LOCAL).toInstant(offset(row)));
    } catch (DateTimeException notATime) {
      throw row.unreadable(TIME, "a time as MM/DD/YYYY HH:MM:SS");
    }
  }

  private static ZoneOffset offset(CsvBody.TableRow row) throws CarbonUnavailable {
    return switch (row.text(ZONE).orElse("")) {
      case "EST" -> ZoneOffset.ofHours(-5);
      case "EDT" -> ZoneOffset.ofHours(-4);
      default -> throw row.unreadable(ZONE, "EST or EDT");
    };
  }
}
