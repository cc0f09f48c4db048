package chase.zeus.engine;

import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.gpu.GpuReading;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.profile.ProfilingCost;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of how a job reacts to power limits.
 *
 * @param state what the measuring does, or how it last ended; empty when it never began
 * @param limitsMeasured how many limits the run under way, or the last one, has measured
 * @param limitsPlanned how many limits it may measure at most
 * @param points what was measured, from the lowest limit to the highest
 * @param cost what all runs have taken so far, for one GPU
 * @param gpus how many GPUs the job has
 * @param workSource who counts its work
 * @param energyBasis how its energy is counted; empty before the first reading
 * @param changes how often the job was found to have changed
 */
public record ProfileView(
    Optional<ProfilingState> state,
    int limitsMeasured,
    int limitsPlanned,
    List<DatedPoint> points,
    ProfilingCost cost,
    int gpus,
    WorkSource workSource,
    Optional<EnergyBasis> energyBasis,
    long changes) {
  /** Copies the list. */
  public ProfileView {
    points = List.copyOf(points);
  }

  /**
   * What was measured under one limit.
   *
   * @param point what
   * @param at when it was last added to
   */
  public record DatedPoint(MeasuredProfile.MeasuredPoint point, Instant at) {}

  /** What was measured, as it can be kept for the job's next run. */
  public MeasuredProfile measured() {
    return new MeasuredProfile(points.stream().map(DatedPoint::point).toList());
  }

  /** Whether limits are tried now, or will be as soon as the job can afford it. */
  public boolean active() {
    return state
        .filter(now ->
            !(now instanceof ProfilingState.Done) && !(now instanceof ProfilingState.Aborted))
        .isPresent();
  }

  /**
   * How many seconds longer than at full power the work took that was done meanwhile; empty while
   * full power is not known.
   */
  public OptionalDouble secondsLost() {
    return full().isPresent()
        ? OptionalDouble.of(cost.extraSeconds(full().get()))
        : OptionalDouble.empty();
  }

  /**
   * How many joules more than at full power that work took, on all GPUs together; negative where it
   * saved some. Empty while full power is not known.
   */
  public OptionalDouble joulesAdded() {
    return full().isPresent()
        ? OptionalDouble.of(cost.extraJoules(full().get()) * gpus)
        : OptionalDouble.empty();
  }

  private Optional<Point> full() {
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(points.getLast().point())
            .map(top ->
                new Point(top.limit(), new Watts(top.power().mean()), top.throughput().mean()));
  }

  /** Who counts a job's work. */
  public enum WorkSource {
    /** The job reports its steps. */
    REPORTED("reported"),
    /** Hardware counters of the card. */
    GPM("gpm"),
    /** The card's clock and how busy it is, which overstates a slowdown. */
    CLOCK("clock");

    private final String word;

    WorkSource(String word) {
      this.word = word;
    }

    static WorkSource of(GpuReading.Activity.Source source) {
      return switch (source) {
        case GPM -> GPM;
        case CLOCK -> CLOCK;
      };
    }

    /** What it is called wherever it shows. */
    public String word() {
      return word;
    }
  }
}
