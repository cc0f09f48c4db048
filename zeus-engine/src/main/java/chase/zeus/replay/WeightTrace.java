package chase.zeus.replay;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.replay.JobOutcome.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The recorded weight of a joule over a period without gaps. Immutable. */
public final class WeightTrace {
  private final List<Slot> slots;

  /** Entry i is the integral of the weight over all slots before slot i, in weight seconds. */
  private final double[] before;

  /**
   * A trace of {@code slots}.
   *
   * @throws IllegalArgumentException when there are none, or one does not begin where the one
   *     before it ends
   */
  public WeightTrace(List<Slot> slots) {
    this.slots = List.copyOf(slots);
    if (slots.isEmpty()) {
      throw new IllegalArgumentException("a recording needs at least one slot");
    }
    before = new double[slots.size() + 1];
    for (int i = 0; i < slots.size(); i++) {
      if (i > 0 && !slots.get(i).from().equals(slots.get(i - 1).to())) {
        throw new IllegalArgumentException("the recording has a gap at " + slots.get(i - 1).to());
      }
      before[i + 1] = before[i] + slots.get(i).weight() * Span.seconds(start(i), end(i));
    }
  }

  private Instant start(int slot) {
    return slots.get(slot).from();
  }

  private Instant end(int slot) {
    return slots.get(slot).to();
  }

  /** When it begins. */
  public Instant from() {
    return slots.getFirst().from();
  }

  /** When it ends. */
  public Instant to() {
    return slots.getLast().to();
  }

  /** The slot around {@code at}; the first or last one outside the trace. */
  public Slot at(Instant at) {
    return slots.get(index(at));
  }

  private int index(Instant at) {
    int low = 0;
    int high = slots.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (at.isBefore(start(middle))) {
        high = middle - 1;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** The slots between two moments, the first and last one cut there. */
  public List<Slot> between(Instant from, Instant to) {
    List<Slot> cut = new ArrayList<>();
    for (int i = index(from); i < slots.size() && start(i).isBefore(to); i++) {
      Instant begin = i == index(from) ? from : start(i);
      Instant end = end(i).isAfter(to) ? to : end(i);
      cut.add(new Slot(begin, end, slots.get(i).weight()));
    }
    return cut;
  }

  /** The integral of the weight between two moments of the trace, in weight seconds. */
  double integral(Instant from, Instant to) {
    return integralTo(to) - integralTo(from);
  }

  private double integralTo(Instant at) {
    int slot = index(at);
    return before[slot] + slots.get(slot).weight() * Span.seconds(start(slot), at);
  }

  /** The highest weight in the {@code window} up to {@code at}, the running slot included. */
  double highest(Instant at, Duration window) {
    double highest = at(at).weight();
    for (int i = index(at); i >= 0 && end(i).isAfter(at.minus(window)); i--) {
      highest = Math.max(highest, slots.get(i).weight());
    }
    return highest;
  }
}
