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

/**
 * What was measured of a job's reaction to power limits.
 *
 * @param state the state of the run under way, or how the last one ended; empty before the first
 * @param limitsMeasured how many limits the run under way, or the last one, has measured
 * @param limitsPlanned how many limits it may measure at most
 * @param points what was measured, from the lowest limit to the highest
 * @param cost the time and energy of all runs so far, for one GPU
 * @param gpus how many GPUs the job has
 * @param workSource how its work is counted
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
   * @param at when it was last measured
   */
  public record DatedPoint(MeasuredProfile.MeasuredPoint point, Instant at) {}

  /** The measured points, to be kept for the job's next run. */
  public MeasuredProfile measured() {
    return new MeasuredProfile(points.stream().map(DatedPoint::point).toList());
  }

  /** Whether limits are tried now, or will be as soon as the job's slack covers it. */
  public boolean active() {
    return state
        .filter(now ->
            !(now instanceof ProfilingState.Done) && !(now instanceof ProfilingState.Aborted))
        .isPresent();
  }

  /**
   * How many seconds longer than at full power the work took that was done during the runs; empty
   * while the job's speed at full power is not known.
   */
  public Optional<Double> secondsLost() {
    return full().map(cost::extraSeconds);
  }

  /**
   * How many joules more than at full power that work took, on all GPUs together; negative where it
   * saved some. Empty while the job's speed at full power is not known.
   */
  public Optional<Double> joulesAdded() {
    return full().map(point -> cost.extraJoules(point) * gpus);
  }

  private Optional<Point> full() {
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(points.getLast().point())
            .map(top ->
                new Point(top.limit(), new Watts(top.power().mean()), top.throughput().mean()));
  }

  /** How a job's work is counted. */
  public enum WorkSource {
    /** The job reports its steps. */
    REPORTED("reported"),
    /** Hardware counters of the GPU. */
    GPM("gpm"),
    /** The GPU's clock and utilization, which overstates a slowdown. */
    CLOCK("clock");

    private final String label;

    WorkSource(String label) {
      this.label = label;
    }

    static WorkSource of(GpuReading.Activity.Source source) {
      return switch (source) {
        case GPM -> GPM;
        case CLOCK -> CLOCK;
      };
    }

    /** Its name in answers, metrics and messages. */
    public String label() {
      return label;
    }
  }
}
