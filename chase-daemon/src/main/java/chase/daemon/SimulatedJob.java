package chase.daemon;

import chase.daemon.text.Numbers;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.profile.PowerProfile.Point;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A simulated training job on the first card: it registers, and reports steps as fast as the card's
 * simulated curve lets it, with 5 % of seeded noise on each. Not for a host with real work.
 */
final class SimulatedJob {
  /** How often it is to be called. */
  static final long PERIOD_MILLIS = 1_000;

  private static final JobId ID = new JobId("demo");
  private static final double BOUND = 0.1;
  private static final double NOISE = 0.05;

  /** A report of many small steps shows a change of speed within seconds. */
  private static final double STEPS_A_STEP = 100;

  private static final int REPORTS_A_LINE = 20;

  private final Consumer<Event.Command> commands;
  private final InstantSource clock;
  private final PrintWriter out;
  private final Random random = new Random(1);
  private double steps;
  private long reports;

  SimulatedJob(Consumer<Event.Command> commands, InstantSource clock, PrintWriter out) {
    this.commands = commands;
    this.clock = clock;
    this.out = out;
  }

  /** Another second of it. */
  void tick(Snapshot now) {
    if (now.job(ID).isEmpty()) {
      register(now.gpus().getFirst());
      return;
    }
    GpuView gpu = now.gpus().getFirst();
    double speed =
        gpu.limits()
            .map(PowerLimits::enforced)
            .flatMap(limit -> gpu.profile().flatMap(curve -> curve.at(limit)))
            .map(Point::throughput)
            .orElse(0.0);
    double expected = speed * STEPS_A_STEP * PERIOD_MILLIS / 1e3;
    steps += Math.max(0, expected + NOISE * Math.sqrt(expected) * random.nextGaussian());
    commands.accept(new Event.StepsReported(ID, Math.round(steps), clock.instant()));
    reports++;
    if (reports % REPORTS_A_LINE == 0) {
      now.job(ID).flatMap(SimulatedJob::line).ifPresent(this::print);
    }
  }

  private void register(GpuView gpu) {
    JobSpec spec =
        new JobSpec(
            "simulated-training",
            List.of(gpu.traits().id()),
            OptionalInt.of(256),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalDouble.of(BOUND));
    commands.accept(new Event.JobStarted(ID, spec, clock.instant()));
  }

  private static Optional<String> line(JobView job) {
    return job.slowdown().isPresent() && job.slack().isPresent()
        ? Optional.of(
            "simulated job demo: %s slower than at full power, %s allowed; %s s in hand"
                .formatted(
                    Numbers.percent(Math.max(0, job.slowdown().getAsDouble())),
                    Numbers.percent(BOUND),
                    Numbers.threeDigits(job.slack().get().seconds())))
        : Optional.empty();
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
