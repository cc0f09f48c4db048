package chase.daemon;

import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.simulated.SimulatedGpus;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A simulated training job on one simulated GPU: it registers, reports the steps that the GPU has
 * done, pauses when it is asked to, ends when it is done, and begins again. For one thread.
 */
final class DemoJob {
  /** The label by which its runs are one line of a report. */
  static final String LABEL = "demo";

  /** A report of many small steps shows a change of speed within a second. */
  private static final double STEPS_A_STEP = 100;

  private final DemoJobPlan plan;
  private final GpuId gpu;
  private final SimulatedGpus gpus;
  private final Consumer<Event.Command> commands;
  private final InstantSource clock;
  private Optional<JobId> run = Optional.empty();
  private int runs;
  private double stepsBefore;

  /**
   * What a job is, in time on the clock.
   *
   * @param work its length at full power
   * @param bound the slowdown that it allows; empty for a job that may pause until its deadline
   * @param deadline how long after its start it must be done; empty for a job with a bound
   */
  record DemoJobPlan(
      String name, Duration work, Optional<Double> bound, Optional<Duration> deadline) {}

  DemoJob(
      DemoJobPlan plan,
      GpuId gpu,
      SimulatedGpus gpus,
      Consumer<Event.Command> commands,
      InstantSource clock) {
    this.plan = plan;
    this.gpu = gpu;
    this.gpus = gpus;
    this.commands = commands;
    this.clock = clock;
  }

  /** Whatever is due; to be called several times a second. */
  void tick(Snapshot now) {
    Optional<JobView> job = run.flatMap(now::job);
    if (job.isEmpty()) {
      begin();
      return;
    }
    gpus.pauseJob(gpu, job.get().paused());
    long steps = Math.round((gpus.stepsDone(gpu) - stepsBefore) * STEPS_A_STEP);
    commands.accept(new Event.StepsReported(job.get().id(), steps, clock.instant()));
    if (steps >= job.get().spec().totalSteps().orElse(Long.MAX_VALUE)) {
      commands.accept(new Event.JobEnded(job.get().id(), clock.instant()));
    }
  }

  private void begin() {
    runs++;
    JobId id = new JobId(runs == 1 ? plan.name() : plan.name() + "-" + runs);
    double speed = gpus.profileOf(gpu).orElseThrow().fullThroughput() * STEPS_A_STEP;
    JobSpec spec =
        new JobSpec(
            plan.name(),
            List.of(gpu),
            Optional.empty(),
            Optional.of(Math.round(speed * plan.work().toMillis() / 1e3)),
            plan.deadline().map(clock.instant()::plus),
            plan.deadline().map(pauses -> new Watts(0)),
            plan.bound(),
            Map.of(LABEL, plan.name()),
            Optional.empty(),
            Optional.empty());
    run = Optional.of(id);
    stepsBefore = gpus.stepsDone(gpu);
    gpus.pauseJob(gpu, false);
    commands.accept(new Event.JobStarted(id, spec, clock.instant()));
  }
}
