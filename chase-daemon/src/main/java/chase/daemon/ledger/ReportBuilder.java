package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns rows, in the order of their jobs, into the lines of a report. Rows of one job, GPU and day
 * come one after the other. For one thread.
 */
final class ReportBuilder {
  /** More lines would fill the daemon's memory, and are not read. */
  static final int MAX_LINES = 1_000;

  private static final String NO_GROUP = "";
  private static final long HOURS_PER_DAY = 24;
  private static final long SECONDS_PER_HOUR = 3600;

  private final ReportQuery.GroupBy by;
  private final ReportLine total = new ReportLine(Optional.empty());
  private final Map<String, ReportLine> lines = new LinkedHashMap<>();
  private final Map<String, LedgerReader.StoredJob> jobs = new LinkedHashMap<>();
  private final Map<String, String> models = new LinkedHashMap<>();
  private final Set<String> leftOff = new HashSet<>();
  private Optional<JobOnGpu> open = Optional.empty();
  private long firstHour = Long.MAX_VALUE;

  ReportBuilder(ReportQuery.GroupBy by) {
    this.by = by;
  }

  /**
   * Rows of one job on one GPU.
   *
   * @param job the job; empty without an owner
   * @param hour their first hour
   */
  record RowGroup(
      Optional<LedgerReader.StoredJob> job, LedgerRows.UsageRow.GpuName gpu, long hour) {
    LocalDate day() {
      return LocalDate.ofEpochDay(Math.floorDiv(hour, HOURS_PER_DAY));
    }
  }

  /** The usage of one job on one GPU; for one thread. */
  private static final class JobOnGpu {
    private final RowGroup rows;
    private final Usage.UsageTotal known = new Usage.UsageTotal();

    JobOnGpu(RowGroup rows) {
      this.rows = rows;
    }

    boolean isAt(RowGroup other) {
      return rows.gpu().equals(other.gpu())
          && rows.job()
              .map(LedgerReader.StoredJob::id)
              .equals(other.job().map(LedgerReader.StoredJob::id));
    }
  }

  /** Adds rows of one group and the same sources. */
  void add(RowGroup rows, FigureSources sources, Usage usage) {
    boolean goesOn =
        open.filter(current -> current.isAt(rows))
            .filter(current ->
                by.kind() != ReportQuery.GroupBy.GroupKind.DAY
                    || current.rows.day().equals(rows.day()))
            .isPresent();
    if (!goesOn) {
      closeUnit();
      open = Optional.of(new JobOnGpu(rows));
    }
    open.orElseThrow().known.add(sources, usage);
    firstHour = Math.min(firstHour, rows.hour());
    total.add(sources, usage);
    line(rows).ifPresent(line -> line.add(sources, usage));
  }

  /** Adds the time under one limit. */
  void addLimitTime(RowGroup rows, long milliwatts, double seconds) {
    total.addLimitTime(milliwatts, seconds);
    line(rows).ifPresent(line -> line.addLimitTime(milliwatts, seconds));
  }

  private void closeUnit() {
    open.ifPresent(current -> {
      Optional<ReportLine> line = line(current.rows);
      line.ifPresent(to -> to.stepsOfOneGpu(current.known.steps));
      current
          .rows
          .job()
          .flatMap(LedgerReader.StoredJob::profile)
          .flatMap(profile -> SavingsComparison.of(current.known, profile))
          .ifPresent(comparison -> {
            total.compare(comparison);
            line.ifPresent(to -> to.compare(comparison));
          });
    });
    open = Optional.empty();
  }

  /** The line of a group of rows; empty where there are too many lines. */
  private Optional<ReportLine> line(RowGroup rows) {
    Optional<String> group = group(rows);
    String key = group.orElse(NO_GROUP);
    if (!lines.containsKey(key) && lines.size() >= MAX_LINES) {
      leftOff.add(key);
      return Optional.empty();
    }
    if (by.kind() == ReportQuery.GroupBy.GroupKind.JOB) {
      rows.job().ifPresent(job -> jobs.put(key, job));
    } else if (by.kind() == ReportQuery.GroupBy.GroupKind.GPU) {
      models.put(key, rows.gpu().model());
    }
    return Optional.of(lines.computeIfAbsent(key, fresh -> new ReportLine(group)));
  }

  private Optional<String> group(RowGroup rows) {
    return switch (by.kind()) {
      case JOB -> rows.job().map(LedgerReader.StoredJob::id);
      case GPU -> Optional.of(rows.gpu().uuid());
      case USER -> rows.job().flatMap(job -> job.facts().user());
      case LABEL ->
          rows.job()
              .flatMap(
                  job -> Optional.ofNullable(job.facts().labels().get(by.label().orElseThrow())));
      case DAY -> Optional.of(rows.day().toString());
    };
  }

  /** The report, once all rows were added. */
  ReportBody report(ReportQuery query, Instant now) {
    closeUnit();
    return new ReportBody(
        by.spec(),
        firstHour == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Instant.ofEpochSecond(firstHour * SECONDS_PER_HOUR)),
        query.to().filter(to -> to.isBefore(now)).orElse(now),
        total.simulated(),
        ordered().stream().map(this::line).toList(),
        leftOff.size(),
        total.line(Optional.empty(), Optional.empty()),
        SavingsComparison.METHOD);
  }

  /** Jobs with the newest first, days in order, all others by energy; without an owner last. */
  private List<ReportLine> ordered() {
    List<ReportLine> ordered = new ArrayList<>(lines.values());
    Comparator<ReportLine> order =
        switch (by.kind()) {
          case JOB -> (_, _) -> 0;
          case DAY -> Comparator.comparing(line -> line.group().orElse(NO_GROUP));
          case GPU, USER, LABEL -> Comparator.comparingDouble(ReportLine::joules).reversed();
        };
    ordered.sort(
        Comparator.<ReportLine, Boolean>comparing(line -> line.group().isEmpty())
            .thenComparing(order));
    return ordered;
  }

  private ReportBody.LineBody line(ReportLine line) {
    String key = line.group().orElse(NO_GROUP);
    Optional<LedgerReader.StoredJob> job = Optional.ofNullable(jobs.get(key));
    return line.line(
        job.map(LedgerReader.StoredJob::name).or(() -> Optional.ofNullable(models.get(key))),
        job.map(LedgerReader.StoredJob::facts));
  }
}
