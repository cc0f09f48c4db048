package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.TimeBounds;
import chase.carbon.http.JsonBody;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code fuel-mix.json}: {@code data.{date}.{time with offset}.{fuel}.gen} in MW, in any
 * order. A time is the moment of measurement, seconds before a full five minutes, and is taken for
 * the start of those that follow.
 */
record ErcotParser(JsonBody body) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssZ", Locale.ROOT);

  List<MixSample> read() throws CarbonUnavailable {
    JsonBody days = body.object("data").orElseThrow(() -> body.missing("data"));
    List<MixSample> samples = new ArrayList<>();
    for (String day : days.names()) {
      Optional<JsonBody> times = days.optionalPart(() -> days.object(day));
      if (times.isPresent()) {
        for (String time : times.get().names()) {
          times.get().optionalPart(() -> sample(times.get(), time)).ifPresent(samples::add);
        }
      }
    }
    return samples;
  }

  private static Optional<MixSample> sample(JsonBody times, String time) throws CarbonUnavailable {
    Optional<JsonBody> fuels = times.object(time);
    if (fuels.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> megawatts = new HashMap<>();
    for (String fuel : fuels.get().names()) {
      Optional<JsonBody> plants = fuels.get().object(fuel);
      if (plants.isPresent()) {
        plants.get().number("gen").ifPresent(power -> megawatts.put(fuel, power));
      }
    }
    return megawatts.isEmpty()
        ? Optional.empty()
        : Optional.of(new MixSample(start(times, time), megawatts));
  }

  private static Instant start(JsonBody times, String time) throws CarbonUnavailable {
    try {
      return TimeBounds.checked(OffsetDateTime.parse(time, TIME).toInstant());
    } catch (DateTimeException notATime) {
      throw times.unavailable(
          FailureReason.MALFORMED, "the answer's time " + time + " is not a time with an offset");
    }
  }
}
