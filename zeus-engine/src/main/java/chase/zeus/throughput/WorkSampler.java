package chase.zeus.throughput;

import chase.zeus.energy.EnergyMeter.EnergyUsed;
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
 * Cuts a job's run into samples whose work, energy and power limit are known. A sample ends with a
 * count of work, and only once the GPUs were read again since it began. Used by one thread only.
 */
public final class WorkSampler {
  /** The usual length is the median of so many. */
  private static final int REMEMBERED = 5;

  private static final int FEWEST = 3;

  private final Deque<Duration> lengths = new ArrayDeque<>();
  private Optional<WorkMark> begin = Optional.empty();
  private Optional<Watts> limit = Optional.empty();
  private Instant limitSince = Instant.MIN;

  private record WorkMark(double work, EnergyUsed energy, Instant at) {}

  /** A sampler of a job that has not reported yet. */
  public WorkSampler() {}

  /** Sets the limit that all GPUs of the job run under from now on; empty when they differ. */
  public void setLimit(Optional<Watts> now, Instant at) {
    if (!now.map(Watts::toMilliwatts).equals(limit.map(Watts::toMilliwatts))) {
      limit = now;
      limitSince = at;
    }
  }

  /**
   * Counts work, and returns the sample that ends with it, if one does.
   *
   * @param work all work so far; what follows without more of it belongs to the next sample
   * @param energy all energy so far, where it is known
   */
  public Optional<Sampled> count(double work, Instant at, Optional<EnergyUsed> energy) {
    if (energy.isEmpty()) {
      begin = Optional.empty();
      return Optional.empty();
    }
    WorkMark end = new WorkMark(work, energy.get(), at);
    if (begin.isEmpty()) {
      begin = Optional.of(end);
      return Optional.empty();
    }
    WorkMark start = begin.get();
    boolean open = work <= start.work || !end.energy.readAt().isAfter(start.at);
    return open ? Optional.empty() : Optional.of(sample(start, end));
  }

  private Sampled sample(WorkMark start, WorkMark end) {
    begin = Optional.of(end);
    Duration over = Duration.between(start.at, end.at);
    lengths.addLast(over);
    if (lengths.size() > REMEMBERED) {
      lengths.removeFirst();
    }
    double joules = end.energy.joules().value() - start.energy.joules().value();
    return new Sampled(
        end.at,
        over,
        end.work - start.work,
        new Joules(Math.max(0, joules)),
        limit.filter(same -> !limitSince.isAfter(start.at)));
  }

  /** Drops the sample that is open, since it holds a pause: the next begins with the next count. */
  public void interrupt() {
    begin = Optional.empty();
  }

  /** How long a sample usually is; empty before there were a few. */
  public Optional<Duration> usualLength() {
    List<Duration> sorted = lengths.stream().sorted().toList();
    return sorted.size() < FEWEST ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }
}
