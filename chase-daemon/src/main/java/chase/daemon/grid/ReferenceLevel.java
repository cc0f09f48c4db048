package chase.daemon.grid;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The value of one signal that counts as much: a constant, or the highest of the trailing days.
 * Until a whole day is known, the forecast of the next one counts too; a fresh daemon would
 * otherwise take its first value for the highest there is.
 */
final class ReferenceLevel {
  private final Optional<Double> constant;
  private final TrailingMaximum trailing;
  private final Duration day;
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> newest = Optional.empty();

  /**
   * A reference that has seen nothing.
   *
   * @param constant the operator's own, where there is one
   * @param window the trailing days
   * @param day how long a day of the signal lasts; shorter where a recording is played faster
   */
  ReferenceLevel(Optional<Double> constant, Duration window, Duration day) {
    this.constant = constant;
    this.trailing = new TrailingMaximum(window);
    this.day = day;
  }

  /** Adds a value that holds at {@code at}; one that is not newer than the last is ignored. */
  void add(Instant at, double value) {
    if (newest.isPresent() && !at.isAfter(newest.get())) {
      return;
    }
    first = first.or(() -> Optional.of(at));
    newest = Optional.of(at);
    trailing.add(at, value);
  }

  /**
   * The reference at {@code now}, above zero.
   *
   * @param periods the running period and the forecast after it
   */
  double at(Instant now, List<EnergyWeight.Component.Period> periods) {
    if (constant.isPresent()) {
      return constant.get();
    }
    double highest = trailing.at(now).orElse(Double.NEGATIVE_INFINITY);
    for (EnergyWeight.Component.Period period : periods) {
      boolean counts =
          !period.from().isAfter(now) || (isYoungAt(now) && startsWithinADay(period, now));
      highest = counts ? Math.max(highest, period.value()) : highest;
    }
    return EnergyWeight.Component.reference(highest);
  }

  private boolean isYoungAt(Instant now) {
    return first.isEmpty() || Duration.between(first.get(), now).compareTo(day) < 0;
  }

  private boolean startsWithinADay(EnergyWeight.Component.Period period, Instant now) {
    return Duration.between(now, period.from()).compareTo(day) < 0;
  }

  /**
   * The highest number of the trailing window. Keeps only numbers that may still become the
   * highest, so that a steady or falling signal costs a few entries and a rising one costs one.
   */
  static final class TrailingMaximum {
    private final Duration window;
    private final Deque<Candidate> candidates = new ArrayDeque<>();

    private record Candidate(Instant at, double value) {}

    TrailingMaximum(Duration window) {
      this.window = window;
    }

    /** Adds a number that holds at {@code at}, not before the last one. */
    void add(Instant at, double value) {
      while (!candidates.isEmpty() && candidates.getLast().value() <= value) {
        candidates.removeLast();
      }
      candidates.addLast(new Candidate(at, value));
    }

    /** The highest number that is not older than the window; empty when there is none. */
    Optional<Double> at(Instant now) {
      Instant oldest = now.minus(window);
      while (!candidates.isEmpty() && candidates.getFirst().at().isBefore(oldest)) {
        candidates.removeFirst();
      }
      return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.getFirst().value());
    }
  }
}
