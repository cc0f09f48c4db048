package chase.zeus.replay;

import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of a replayed job.
 *
 * @param cost its energy in kWh times what it weighed: grams where the signal is in gCO2/kWh
 * @param energy the energy it took
 * @param seconds how long it took
 * @param limitChanges how often the limit was changed
 * @param spans its periods
 */
public record JobOutcome(
    ReplayJob job, double cost, Joules energy, double seconds, int limitChanges, List<Span> spans) {
  static final double JOULES_PER_KWH = 3.6e6;

  /** Copies the list. */
  public JobOutcome {
    spans = List.copyOf(spans);
  }

  /** The outcome of {@code spans}, {@code original} being the original limit. */
  static JobOutcome of(ReplayJob job, WeightTrace trace, List<Span> spans, Watts original) {
    double cost = 0;
    double joules = 0;
    int changes = 0;
    Watts limit = original;
    for (Span span : spans) {
      cost += span.power().value() * trace.integral(span.from(), span.to());
      joules += span.power().value() * span.seconds();
      Optional<Watts> next = span.limit();
      if (next.isPresent() && !next.get().sameLimitAs(limit)) {
        changes++;
        limit = next.get();
      }
    }
    double seconds = Span.seconds(job.start(), spans.getLast().to());
    return new JobOutcome(job, cost / JOULES_PER_KWH, new Joules(joules), seconds, changes, spans);
  }

  /** The energy in kWh times its weight in another trace of the same time. */
  public double cost(WeightTrace other) {
    double cost = 0;
    for (Span span : spans) {
      cost += span.power().value() * other.integral(span.from(), span.to());
    }
    return cost / JOULES_PER_KWH;
  }

  /** How much longer than at full power it took: 0.02 is 2 %. */
  public double slowdown() {
    return seconds / job.work() - 1;
  }

  /**
   * A period in which nothing changed.
   *
   * @param from its start
   * @param to its end, excluded
   * @param limit the power limit; empty while the job paused
   * @param power the draw, the host's share included
   */
  public record Span(Instant from, Instant to, Optional<Watts> limit, Watts power) {
    /** How long it was. */
    public double seconds() {
      return seconds(from, to);
    }

    static double seconds(Instant from, Instant to) {
      return Duration.between(from, to).toNanos() / 1e9;
    }
  }
}
