package chase.carbon.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a grid truly does, in periods of one length, and how a fault spoils the numbers. */
record TrueCourse(Duration period) {
  private static final Duration NEW = Duration.ofHours(2);

  /** The truth: a course of the day and a little that looks like chance, 200 to 400 g/kWh. */
  double truth(Instant from) {
    double hours = from.getEpochSecond() / 3600.0;
    long slot = from.getEpochSecond() / period.toSeconds();
    return Math.rint(300 + 90 * Math.sin(hours * Math.PI / 12) + slot * 7919 % 17 - 8);
  }

  /** A measurement, of which the newest are wrong where values flap. */
  String measured(Instant from, Instant now, Fault fault) {
    boolean wrong = fault == Fault.FLAPPING_VALUE && from.isAfter(now.minus(NEW));
    return wrong ? "45" : number(from, fault);
  }

  String number(Instant from, Fault fault) {
    return switch (fault) {
      case NO_NUMBER -> "null";
      case ZERO_FOR_MISSING -> "0";
      case CHANGED_UNITS -> String.format(Locale.ROOT, "%.1f", 1000 * truth(from));
      default -> String.format(Locale.ROOT, "%.1f", truth(from));
    };
  }

  /** The beginnings of the periods that are over by {@code to}. */
  List<Instant> since(Instant from, Instant to) {
    long seconds = period.toSeconds();
    Instant first = Instant.ofEpochSecond(from.getEpochSecond() / seconds * seconds);
    List<Instant> starts = new ArrayList<>();
    for (Instant at = first; !at.plus(period).isAfter(to); at = at.plus(period)) {
      starts.add(at);
    }
    return starts;
  }
}
