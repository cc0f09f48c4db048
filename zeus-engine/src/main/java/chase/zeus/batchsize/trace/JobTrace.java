package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.EnergyTimeCost;
import chase.zeus.batchsize.TrialUsage;
import chase.zeus.profile.CsvTable;
import chase.zeus.profile.CsvTable.Row;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The recorded runs of one job on one GPU.
 *
 * @param job the job
 * @param maxPower the highest power limit of the whole trace
 * @param sizes the runs of each batch size
 */
public record JobTrace(TracedJob job, Watts maxPower, NavigableMap<Integer, Size> sizes) {
  private static final int MAX_SHOWN = 10;
  private static final List<String> KEY = List.of("dataset", "network", "optimizer", "batch_size");
  private static final Set<String> NOT_REACHED = Set.of("", "nan");

  /**
   * One batch size.
   *
   * @param profile watts and epochs a second under each limit
   * @param epochs of each run, the number at which it reached the target, if it did
   */
  public record Size(PowerProfile profile, List<Optional<Integer>> epochs) {}

  /**
   * Reads both traces.
   *
   * @throws IllegalArgumentException that names the file and line, or what the traces do not have
   */
  public static JobTrace read(
      TracedJob job, String trainName, String train, String powerName, String power) {
    List<Row> trainRows = rows(trainName, train, "target_metric", "target_epoch");
    List<Row> powerRows = rows(powerName, power, "power_limit", "time_per_epoch", "average_power");
    NavigableMap<Integer, NavigableMap<Watts, Point>> points = new TreeMap<>();
    Watts maxPower = Watts.ZERO;
    for (Row row : powerRows) {
      Point point = point(row);
      maxPower = maxPower.max(point.limit());
      if (isOf(job, row)) {
        points
            .computeIfAbsent(row.count("batch_size"), b -> new TreeMap<>())
            .put(point.limit(), point);
      }
    }
    NavigableMap<Integer, List<Optional<Integer>>> epochs = epochs(job, trainName, trainRows);
    NavigableMap<Integer, Size> sizes = new TreeMap<>();
    points.forEach((batchSize, limits) ->
        Optional.ofNullable(epochs.get(batchSize))
            .ifPresent(runs ->
                sizes.put(
                    batchSize, new Size(new PowerProfile(List.copyOf(limits.values())), runs))));
    if (sizes.isEmpty()) {
      throw new IllegalArgumentException(
          "%s and %s have no batch size of %s in common".formatted(trainName, powerName, key(job)));
    }
    return new JobTrace(job, maxPower, sizes);
  }

  /** The recorded batch sizes, rising. */
  public List<Integer> batchSizes() {
    return List.copyOf(sizes.navigableKeySet());
  }

  /** The recorded power limits, rising. */
  public List<Watts> limits() {
    SortedSet<Watts> limits = new TreeSet<>();
    sizes.values().forEach(s -> s.profile().points().forEach(p -> limits.add(p.limit())));
    return List.copyOf(limits);
  }

  /**
   * The runs of a batch size.
   *
   * @throws IllegalArgumentException when none is recorded
   */
  Size size(int batchSize) {
    return Optional.ofNullable(sizes.get(batchSize))
        .orElseThrow(
            () -> new IllegalArgumentException("no batch size " + batchSize + " is on record"));
  }

  private static List<Row> rows(String name, String text, String... columns) {
    CsvTable table = CsvTable.parse(name, text);
    table.requireColumns(with(columns));
    List<Row> rows = table.rows().stream().filter(row -> !row.isBlank()).toList();
    if (rows.isEmpty()) {
      throw table.error(2, "no rows follow the header");
    }
    return rows;
  }

  private static Point point(Row row) {
    row.count("batch_size");
    return new Point(
        new Watts(row.positive("power_limit")),
        new Watts(row.positive("average_power")),
        1 / row.positive("time_per_epoch"));
  }

  private static NavigableMap<Integer, List<Optional<Integer>>> epochs(
      TracedJob job, String name, List<Row> rows) {
    NavigableMap<Integer, List<Optional<Integer>>> epochs = new TreeMap<>();
    SortedSet<Double> targets = new TreeSet<>();
    for (Row row : rows) {
      int batchSize = row.count("batch_size");
      double target = row.number("target_metric");
      Optional<Integer> epoch =
          NOT_REACHED.contains(row.text("target_epoch").toLowerCase(Locale.ROOT))
              ? Optional.empty()
              : Optional.of(row.count("target_epoch"));
      if (isOf(job, row)) {
        targets.add(target);
        if (target == job.target().value()) {
          epochs.computeIfAbsent(batchSize, b -> new ArrayList<>()).add(epoch);
        }
      }
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no rows of %s; it has %s".formatted(name, key(job), jobs(rows)));
    }
    if (epochs.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no target %s for %s; it has %s"
              .formatted(
                  name,
                  job.target().value(),
                  key(job),
                  targets.stream().limit(MAX_SHOWN).toList()));
    }
    return epochs;
  }

  /** The first of them. */
  private static String jobs(List<Row> rows) {
    return rows.stream()
        .map(row -> row.text("dataset") + "/" + row.text("network") + "/" + row.text("optimizer"))
        .collect(Collectors.toCollection(LinkedHashSet::new))
        .stream()
        .limit(MAX_SHOWN)
        .map(CsvTable::plain)
        .collect(Collectors.joining(", "));
  }

  private static String key(TracedJob job) {
    return job.dataset() + "/" + job.network() + "/" + job.optimizer();
  }

  private static boolean isOf(TracedJob job, Row row) {
    return row.text("dataset").equals(job.dataset())
        && row.text("network").equals(job.network())
        && row.text("optimizer").equals(job.optimizer());
  }

  private static List<String> with(String... columns) {
    List<String> all = new ArrayList<>(KEY);
    all.addAll(List.of(columns));
    return all;
  }

  /**
   * A mean recurrence with one batch size and one limit, over the recorded runs; a run that does
   * not reach the target is followed by another until one does.
   *
   * @param batchSize what it trains with
   * @param operatingPoint the limit, with its power and throughput
   * @param epochs how many epochs are trained on average
   */
  public record ExpectedRun(int batchSize, Point operatingPoint, double epochs) {
    /** Empty when no recorded run reaches the target. */
    static Optional<ExpectedRun> of(JobTrace trace, int batchSize, Point point) {
      int maxEpochs = trace.job().maxEpochs();
      List<Optional<Integer>> runs = trace.size(batchSize).epochs();
      int total = 0;
      int reached = 0;
      for (Optional<Integer> run : runs) {
        boolean reaches = run.isPresent() && run.get() <= maxEpochs;
        total += reaches ? run.get() : maxEpochs;
        reached += reaches ? 1 : 0;
      }
      return reached == 0
          ? Optional.empty()
          : Optional.of(new ExpectedRun(batchSize, point, (double) total / reached));
    }

    /** The batch size and limit that cost least; empty when the target is out of reach. */
    static Optional<ExpectedRun> best(JobTrace trace, EnergyTimeCost cost) {
      return trace.batchSizes().stream()
          .flatMap(size ->
              trace.size(size).profile().points().stream()
                  .flatMap(point -> of(trace, size, point).stream()))
          .min(Comparator.comparingDouble(expected -> expected.cost(cost)));
    }

    /** The mean cost in joules. */
    public double cost(EnergyTimeCost cost) {
      return epochs * cost.ofEpoch(operatingPoint);
    }

    /** The mean energy and time. */
    public TrialUsage usage() {
      double seconds = epochs / operatingPoint.throughput();
      return TrialUsage.of(new Joules(seconds * operatingPoint.power().value()), seconds);
    }
  }
}
