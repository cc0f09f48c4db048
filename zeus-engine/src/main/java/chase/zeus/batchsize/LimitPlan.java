package chase.zeus.batchsize;

import chase.zeus.unit.Watts;
import java.util.List;

/** Under which power limits a run is to train. */
public sealed interface LimitPlan {
  /** The study does not choose: whoever governs the GPUs does. */
  record Free() implements LimitPlan {}

  /** One limit, from the first epoch to the last. */
  record Fixed(Watts limit) implements LimitPlan {}

  /**
   * The first epoch is split evenly over these limits, rising, and their profile comes with the
   * first report; then the cheapest known limit holds.
   */
  record Measure(List<Watts> limits) implements LimitPlan {
    /** Refuses an empty list with {@link IllegalArgumentException}. */
    public Measure {
      limits = List.copyOf(limits);
      if (limits.isEmpty()) {
        throw new IllegalArgumentException("there is no limit to measure");
      }
    }
  }
}
