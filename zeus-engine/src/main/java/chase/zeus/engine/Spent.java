package chase.zeus.engine;

import chase.zeus.engine.GpuView.EnergyBasis;
import chase.zeus.unit.Joules;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The energy that a card had taken by some moment.
 *
 * @param joules how much since Chase started
 * @param basis how it was counted
 * @param readAt when the card was last read; from then on its last draw is taken to go on
 */
record Spent(Joules joules, EnergyBasis basis, Instant readAt) {
  /** The mean over the GPUs of a job, as sure as the least sure of them; empty without any. */
  static Optional<Spent> mean(List<Spent> each) {
    return each.stream()
        .map(Spent::readAt)
        .min(Comparator.naturalOrder())
        .map(oldest -> {
          boolean counted = each.stream().allMatch(spent -> spent.basis == EnergyBasis.COUNTER);
          double sum = each.stream().mapToDouble(spent -> spent.joules.value()).sum();
          return new Spent(
              new Joules(sum / each.size()),
              counted ? EnergyBasis.COUNTER : EnergyBasis.INTEGRATED,
              oldest);
        });
  }
}
