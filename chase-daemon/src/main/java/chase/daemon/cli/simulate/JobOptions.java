package chase.daemon.cli.simulate;

import chase.daemon.simulation.SimulatedPolicy;
import chase.daemon.simulation.StartTimes;
import chase.daemon.text.InstantParser;
import chase.daemon.text.Numbers;
import chase.zeus.replay.Replay;
import chase.zeus.replay.ReplayJob;
import chase.zeus.replay.WeightTrace;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code chase simulate} for the replayed job and its starts. */
final class JobOptions {
  private static final int MAX_STARTS = 100_000;

  @Option(
      names = "--hours",
      defaultValue = "20",
      paramLabel = "H",
      description = "The job's length at full power; ${DEFAULT-VALUE} by default.")
  private double hours;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description = "When the job begins, such as 2021-06-01T00:00:00Z; as early as possible.")
  private Optional<String> start = Optional.empty();

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "How many starts, spread over the signal; 1 by default.")
  private Optional<Integer> starts = Optional.empty();

  @Option(
      names = "--seed",
      defaultValue = "7",
      paramLabel = "S",
      description = "Chooses the starts; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--deferrable",
      description = "The job may pause; its bound is then mostly used for pauses.")
  private boolean deferrable;

  @Option(
      names = "--idle-watts",
      paramLabel = "W",
      description = "What a paused job draws; 0, which also releases the host, by default.")
  private Optional<Double> idleWatts = Optional.empty();

  /**
   * The longest that such a job may take.
   *
   * @param slowest how much longer it takes at the slowest limit, as a ratio
   */
  Duration longest(double slowest, List<SimulatedPolicy> policies) {
    if (!(hours > 0 && hours <= 1e6)) {
      throw new IllegalArgumentException("--hours must lie above 0 and up to 1000000: " + hours);
    }
    double bound =
        policies.stream().mapToDouble(policy -> policy.bound().orElse(0.0)).reduce(0.02, Math::max);
    return Duration.ofSeconds((long) Math.ceil(length() * Math.max(slowest, 1 + bound)));
  }

  private double length() {
    return hours * 3600;
  }

  /**
   * The jobs, one for each start.
   *
   * @throws IllegalArgumentException that names the option that cannot be met
   */
  List<ReplayJob> jobs(WeightTrace recording, Replay replay, List<SimulatedPolicy> policies) {
    Duration longest = longest(replay.longestDurationRatio(), policies);
    Optional<Watts> idle = deferrable ? Optional.of(idle()) : Optional.empty();
    Duration atFullPower = Duration.ofNanos((long) (length() * 1e9));
    return startTimes(recording, longest).stream()
        .map(begin -> new ReplayJob(begin, atFullPower, idle))
        .toList();
  }

  private List<Instant> startTimes(WeightTrace recording, Duration longest) {
    if (idleWatts.isPresent() && !deferrable) {
      throw new IllegalArgumentException("--idle-watts only has a meaning with --deferrable");
    }
    if (start.isPresent() && starts.isPresent()) {
      throw new IllegalArgumentException("--start and --starts exclude each other");
    }
    if (starts.isPresent() && (starts.get() < 1 || starts.get() > MAX_STARTS)) {
      throw new IllegalArgumentException(
          "--starts must lie in 1 to " + MAX_STARTS + ": " + starts.get());
    }
    if (start.isEmpty()) {
      return StartTimes.spread(recording, longest, starts.orElse(1), seed);
    }
    Instant begin = InstantParser.parse("--start", start.get());
    if (begin.isBefore(recording.from()) || begin.plus(longest).isAfter(recording.to())) {
      throw new IllegalArgumentException(
          "--start: a job from %s may last until %s, and the signal covers %s to %s"
              .formatted(begin, begin.plus(longest), recording.from(), recording.to()));
    }
    return List.of(begin);
  }

  private Watts idle() {
    try {
      return new Watts(idleWatts.orElse(0.0));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--idle-watts: " + e.getMessage(), e);
    }
  }

  /** The job in words, such as {@code a job of 20 h at full power, 40 starts chosen by seed 7}. */
  String description(List<ReplayJob> jobs) {
    String when =
        jobs.size() == 1
            ? "one start at " + jobs.getFirst().start()
            : jobs.size() + " starts chosen by seed " + seed;
    return "a job of %s h at full power%s, %s"
        .formatted(Numbers.oneDecimal(hours), deferrable ? " that may pause" : "", when);
  }
}
