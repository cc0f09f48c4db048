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
record TrainingRun(GpuPreset preset, SimulatedWorkload workload, Instant start) {
  SimulatedState initialState() {
    Meters still = new Meters(preset.idlePower().value(), 0, 0, Duration.ZERO);
    return new SimulatedState(start, Setting.fresh(preset), still);
  }

  /** The state at {@code now}; a clock that went back changes nothing. */
  SimulatedState advance(SimulatedState state, Instant now) {
    SimulatedState current = state;
    while (current.at().isBefore(now)) {
      current = current.controls().lost() ? current.stoppedUntil(now) : step(current, now);
    }
    return current;
  }

  /** What the card does at the moment of {@code state}. */
  Pace steadyState(SimulatedState state) {
    return workload.runningAt(age(state))
        ? Pace.training(
            preset,
            state.controls().limits().enforced(),
            state.controls().userSettings().fastest(preset))
        : Pace.idle(preset);
  }

  private SimulatedState step(SimulatedState state, Instant now) {
    Instant until =
        workload
            .changesIn(age(state))
            .map(state.at()::plus)
            .filter(change -> change.isBefore(now))
            .orElse(now);
    Duration time = Duration.between(state.at(), until);
    return new SimulatedState(
        until, state.controls(), state.meters().after(time, steadyState(state)));
  }

  private Duration age(SimulatedState state) {
    return Duration.between(start, state.at());
  }
}
