package chase.daemon.grid;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * The highest number of the trailing window. Keeps only numbers that may still become the highest,
 * so that a steady or falling signal costs a few entries and a rising one costs one.
 */
final class TrailingMaximum {
  private final Duration window;
  private final Deque<Sample> candidates = new ArrayDeque<>();

  private record Sample(Instant at, double value) {}

  TrailingMaximum(Duration window) {
    this.window = window;
  }

  /** Takes in a number that holds at {@code at}, not before the one told last. */
  void add(Instant at, double value) {
    while (!candidates.isEmpty() && candidates.getLast().value() <= value) {
      candidates.removeLast();
    }
    candidates.addLast(new Sample(at, value));
  }

  /** The highest number that is not older than the window; empty when there is none. */
  OptionalDouble at(Instant now) {
    Instant oldest = now.minus(window);
    while (!candidates.isEmpty() && candidates.getFirst().at().isBefore(oldest)) {
      candidates.removeFirst();
    }
    return candidates.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(candidates.getFirst().value());
  }
}
