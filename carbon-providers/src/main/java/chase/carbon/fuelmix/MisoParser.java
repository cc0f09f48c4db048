package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.TimeBounds;
import chase.carbon.http.JsonBody;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code FuelMix}: {@code Fuel.Type[]} with {@code INTERVALEST} (the start, in Eastern
 * standard time all the year), {@code CATEGORY} and {@code ACT} (MW, in quotes).
 */
record MisoParser(JsonBody body) {
  private static final String START = "INTERVALEST";
  private static final String FUEL = "CATEGORY";

  /** Standard time, in summer too. */
  private static final ZoneOffset EASTERN_STANDARD = ZoneOffset.ofHours(-5);

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd hh:mm:ss a", Locale.ENGLISH);

  List<MixSample> read() throws CarbonUnavailable {
    JsonBody fuel = body.object("Fuel").orElseThrow(() -> body.missing("Fuel"));
    List<JsonBody> types = fuel.objects("Type").orElseThrow(() -> fuel.missing("Type"));
    List<FuelRow> rows = new ArrayList<>();
    for (JsonBody type : types) {
      type.optionalPart(() -> row(type)).ifPresent(rows::add);
    }
    return FuelRow.mixes(rows);
  }

  private static Optional<FuelRow> row(JsonBody type) throws CarbonUnavailable {
    String fuel = type.text(FUEL).orElseThrow(() -> type.missing(FUEL));
    Instant from = start(type);
    return type.number("ACT").map(megawatts -> new FuelRow(from, fuel, megawatts));
  }

  private static Instant start(JsonBody type) throws CarbonUnavailable {
    String text = type.text(START).orElseThrow(() -> type.missing(START));
    try {
      return TimeBounds.checked(LocalDateTime.parse(text, LOCAL).toInstant(EASTERN_STANDARD));
    } catch (DateTimeException notATime) {
      throw type.unavailable(
          FailureReason.MALFORMED,
          "the answer's " + START + " " + text + " is not a time as YYYY-MM-DD HH:MM:SS AM");
    }
  }
}
