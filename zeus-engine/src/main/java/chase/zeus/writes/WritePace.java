package chase.zeus.writes;

import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The pace at which one GPU's limit is written. Used by the engine's thread only. */
public final class WritePace {
  /** Between two steps downwards, so that the driver has put the first into force. */
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(1);

  private WriteBounds bounds;
  private final WriteBudget budget;

  /** When the last step downwards was set, while more are to follow. */
  private Optional<Instant> steppedAt = Optional.empty();

  /** Nothing written yet. */
  public WritePace(WriteBounds bounds) {
    this.bounds = bounds;
    this.budget = new WriteBudget(bounds);
  }

  /** From now on these bounds count, for the writes so far as well. */
  public void apply(WriteBounds changed) {
    bounds = changed;
    budget.apply(changed);
  }

  /** Who wants a limit. */
  public enum WriteCause {
    /** Chase decided it: the writes of an hour are counted for this. */
    DECIDED,
    /** An operator or a lease's holder requests it, and has it, also when the hour has no write. */
    REQUESTED,
    /** The original limit is restored, whatever else. */
    RESTORING
  }

  /**
   * A limit that is to be changed.
   *
   * @param from the limit that the GPU has
   * @param to the limit that it should have
   * @param original the original limit, which no other exceeds
   * @param draw what the GPU draws, where that is known
   * @param slowed whether the hardware, and not the limit, slows the GPU now
   */
  public record Change(
      Watts from,
      Watts to,
      Watts original,
      WriteCause cause,
      Optional<Watts> draw,
      boolean slowed) {
    private boolean isRaise() {
      return to.compareTo(from) > 0;
    }

    /** Whether it may be made also when the hour has no more writes. */
    private boolean isExempt() {
      return cause != WriteCause.DECIDED || to.sameLimitAs(original);
    }
  }

  /** What to do about a change now. */
  public sealed interface Pace {
    /**
     * Set this limit.
     *
     * @param last whether that is the whole change
     */
    record Due(Watts limit, boolean last) implements Pace {}

    /** Other GPUs rise first, or the last step downwards is too fresh; soon it goes on. */
    record UnderWay() implements Pace {}

    /** The {@code perHour} writes of an hour are used up until {@code until}. */
    record Spent(int perHour, Instant until) implements Pace {}

    /** The hardware slows the GPU, and a lower limit would hide that. */
    record Slowed() implements Pace {}
  }

  /** What the hour has left. */
  public WriteBudget budget() {
    return budget;
  }

  /** What to do about {@code change} at {@code at}. */
  public Pace next(Change change, RaiseSlew slew, Instant at) {
    boolean spent = !change.isExempt() && budget.left(at) == 0;
    if (change.isRaise()) {
      // A limit in between costs a write, and the hour may have none to leave it again.
      return slew.mayRaise(at)
          ? new Pace.Due(spent ? change.original() : change.to(), true)
          : new Pace.UnderWay();
    }
    if (spent) {
      return new Pace.Spent(bounds.perHour(), budget.freeAt(at));
    }
    if (change.slowed() && change.cause() == WriteCause.DECIDED) {
      return new Pace.Slowed();
    }
    return steppedAt.filter(step -> at.isBefore(step.plus(BETWEEN_STEPS))).isPresent()
        ? new Pace.UnderWay()
        : lower(change);
  }

  /** A GPU that draws less already is not concerned by how far the limit falls. */
  private Pace lower(Change change) {
    Watts lowest =
        new Watts(
            Math.max(change.from().value() - bounds.loweringStep() * change.original().value(), 0));
    boolean whole =
        change.to().compareTo(lowest) >= 0
            || change.draw().filter(draw -> draw.compareTo(change.to()) <= 0).isPresent();
    return whole
        ? new Pace.Due(change.to(), true)
        : new Pace.Due(Watts.ofMilliwatts((long) Math.ceil(lowest.value() * 1000)), false);
  }

  /**
   * A write returned, well or not.
   *
   * @param last whether it was the whole change
   */
  public void written(boolean last, Instant at) {
    budget.add(at);
    steppedAt = last ? Optional.empty() : Optional.of(at);
  }
}
