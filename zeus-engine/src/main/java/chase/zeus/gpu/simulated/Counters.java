package chase.zeus.gpu.simulated;

import chase.zeus.gpu.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a card tells of its activity, as the real ones do: newer cards count the work between two
 * samples, older ones know their clock. For the one thread that reads the card.
 */
final class Counters {
  /** The least time between two samples of NVML's counters (nvml.h). */
  private static final Duration LEAST = Duration.ofMillis(100);

  /** The pipes' busy share of cycles at full speed; assumed. */
  private static final double FULL_SHARE = 0.5;

  private final GpuPreset preset;
  private Optional<StepSample> last = Optional.empty();

  Counters(GpuPreset preset) {
    this.preset = preset;
  }

  /** The job's steps at one moment. */
  private record StepSample(Instant at, double steps) {}

  /** The activity now; empty while the counters have one sample only, or two too near. */
  Optional<Activity> activity(SimulatedState now, Pace pace) {
    return switch (preset.activitySource()) {
      case GPM -> counted(new StepSample(now.at(), now.meters().steps()));
      case CLOCK ->
          Optional.of(
              Activity.of(
                  pace.running() ? 1 : 0, preset.megahertz(pace.speed()), Activity.Source.CLOCK));
    };
  }

  private Optional<Activity> counted(StepSample sampled) {
    Optional<StepSample> before = last;
    if (before.isPresent() && Duration.between(before.get().at, sampled.at).compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    last = Optional.of(sampled);
    return before.map(past -> between(past, sampled));
  }

  private Activity between(StepSample past, StepSample now) {
    double seconds = Duration.between(past.at, now.at).toNanos() / 1e9;
    double full = preset.profile().points().getLast().throughput();
    double speed = (now.steps - past.steps) / seconds / full;
    return Activity.of(FULL_SHARE * speed, preset.fullMegahertz(), Activity.Source.GPM);
  }
}
