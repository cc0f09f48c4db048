package chase.zeus.engine;

import chase.zeus.energy.EnergyMeter;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a job's life into stretches of which work, energy and power limit are known. A stretch ends
 * with a count of work, and only once the cards were read anew since it began. Used by the engine's
 * thread only.
 */
final class WorkSampler {
  /** The usual stretch is the middle one of so many. */
  private static final int REMEMBERED = 5;

  private static final int FEWEST = 3;

  private final Deque<Duration> lengths = new ArrayDeque<>();
  private Optional<WorkMark> begin = Optional.empty();
  private Optional<Watts> limit = Optional.empty();
  private Instant limitSince = Instant.MIN;

  private record WorkMark(double work, EnergyMeter.EnergyUsed spent, Instant at) {}

  /** The limit that all cards of the job have from now on; empty when they differ. */
  void runUnder(Optional<Watts> inForce, Instant at) {
    if (!inForce.map(Watts::toMilliwatts).equals(limit.map(Watts::toMilliwatts))) {
      limit = inForce;
      limitSince = at;
    }
  }

  /**
   * The stretch that ends now, if one does.
   *
   * @param work all work so far; what is done without more of it belongs to the next stretch
   * @param spent all energy so far, where it is known
   */
  Optional<Sampled> count(double work, Instant at, Optional<EnergyMeter.EnergyUsed> spent) {
    if (spent.isEmpty()) {
      begin = Optional.empty();
      return Optional.empty();
    }
    WorkMark end = new WorkMark(work, spent.get(), at);
    if (begin.isEmpty()) {
      begin = Optional.of(end);
      return Optional.empty();
    }
    WorkMark start = begin.get();
    boolean open = work <= start.work || !end.spent.readAt().isAfter(start.at);
    return open ? Optional.empty() : Optional.of(between(start, end));
  }

  private Sampled between(WorkMark start, WorkMark end) {
    begin = Optional.of(end);
    Duration over = Duration.between(start.at, end.at);
    lengths.addLast(over);
    if (lengths.size() > REMEMBERED) {
      lengths.removeFirst();
    }
    double joules = end.spent.joules().value() - start.spent.joules().value();
    return new Sampled(
        end.at,
        over,
        end.work - start.work,
        new Joules(Math.max(0, joules)),
        limit.filter(same -> !limitSince.isAfter(start.at)));
  }

  /** What was going on is no work: the next stretch begins with the next count. */
  void interrupt() {
    begin = Optional.empty();
  }

  /** How long a stretch usually is; empty before there were a few. */
  Optional<Duration> usualLength() {
    List<Duration> sorted = lengths.stream().sorted().toList();
    return sorted.size() < FEWEST ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }
}
