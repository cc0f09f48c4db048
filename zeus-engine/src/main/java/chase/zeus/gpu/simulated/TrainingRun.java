package chase.zeus.gpu.simulated;

import java.time.Duration;
import java.time.Instant;

/**
 * The job of one card: a pure function from a card's state to its later state.
 *
 * @param preset the card
 * @param workload when the job runs
 * @param start when the card was made
 */
record TrainingRun(Preset preset, Workload workload, Instant start) {
  CardState first() {
    Meters still = new Meters(preset.idlePower().value(), 0, 0, Duration.ZERO);
    return new CardState(start, Setting.fresh(preset), still);
  }

  /** The state at {@code now}; a clock that went back changes nothing. */
  CardState advance(CardState state, Instant now) {
    CardState current = state;
    while (current.at().isBefore(now)) {
      current = current.setting().lost() ? current.standing(now) : steadily(current, now);
    }
    return current;
  }

  /** What the card does at the moment of {@code state}. */
  Pace pace(CardState state) {
    return workload.runningAt(age(state))
        ? Pace.training(
            preset, state.setting().limits().enforced(), state.setting().knobs().fastest(preset))
        : Pace.resting(preset);
  }

  private CardState steadily(CardState state, Instant now) {
    Instant until =
        workload
            .changesIn(age(state))
            .map(state.at()::plus)
            .filter(change -> change.isBefore(now))
            .orElse(now);
    Duration time = Duration.between(state.at(), until);
    return new CardState(until, state.setting(), state.meters().after(time, pace(state)));
  }

  private Duration age(CardState state) {
    return Duration.between(start, state.at());
  }
}
