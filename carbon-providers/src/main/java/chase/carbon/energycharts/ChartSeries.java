package chase.carbon.energycharts;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.TimeBounds;
import chase.carbon.http.JsonBody;
import chase.carbon.http.TimeSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The times of one response and the numbers beside them: lists of equal length, in which the number
 * in one place belongs to the time in that place, and may be null.
 *
 * @param body the response
 * @param starts when each period begins; empty where that is no time
 * @param step how long each period lasts
 */
record ChartSeries(JsonBody body, List<Optional<Instant>> starts, Duration step) {
  private static final String TIMES = "unix_seconds";

  /** A quarter of an hour for most countries; half hours and hours are seen too. */
  private static final Duration QUARTER = Duration.ofMinutes(15);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  /**
   * The times of a response, and their step.
   *
   * @throws CarbonUnavailable when there are none that can be read, or they lie too far apart
   */
  static ChartSeries of(JsonBody body) throws CarbonUnavailable {
    List<Optional<Double>> seconds = body.numbers(TIMES).orElseThrow(() -> body.missing(TIMES));
    List<Optional<Instant>> starts = seconds.stream().map(ChartSeries::start).toList();
    TreeSet<Instant> known = new TreeSet<>(starts.stream().flatMap(Optional::stream).toList());
    if (known.isEmpty()) {
      throw body.unavailable(
          seconds.isEmpty() ? FailureReason.NO_DATA : FailureReason.MALFORMED,
          seconds.isEmpty() ? "there are no numbers" : "the answer has no time that can be true");
    }
    Duration step = TimeSteps.mostCommon(known).orElse(QUARTER);
    if (step.compareTo(SHORTEST) < 0 || step.compareTo(LONGEST) > 0) {
      throw body.unavailable(
          FailureReason.MALFORMED,
          "the times are " + step.toSeconds() + " s apart, not a minute to an hour");
    }
    return new ChartSeries(body, starts, step);
  }

  private static Optional<Instant> start(Optional<Double> seconds) {
    return seconds
        .filter(number -> Math.abs(number) < TimeBounds.LATEST.getEpochSecond())
        .map(number -> Instant.ofEpochSecond(Math.round(number)))
        .filter(TimeBounds::contains);
  }

  /**
   * The numbers of a field, one for each time; none at all where the field is absent or null.
   *
   * @throws CarbonUnavailable when they are more or fewer than the times, and so belong to none
   */
  List<Optional<Double>> numbers(String field) throws CarbonUnavailable {
    Optional<List<Optional<Double>>> numbers = body.numbers(field);
    if (numbers.isEmpty()) {
      return starts.stream().map(time -> Optional.<Double>empty()).toList();
    }
    if (numbers.get().size() != starts.size()) {
      throw body.unavailable(
          FailureReason.MALFORMED,
          "the answer has %s times but %s numbers of %s"
              .formatted(starts.size(), numbers.get().size(), field));
    }
    return numbers.get();
  }

  /** The places that have a time. */
  List<Integer> places() {
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < starts.size(); place++) {
      if (starts.get(place).isPresent()) {
        places.add(place);
      }
    }
    return places;
  }

  /** When the period in a place begins, which has a time. */
  Instant start(int place) {
    return starts.get(place).orElseThrow();
  }
}
