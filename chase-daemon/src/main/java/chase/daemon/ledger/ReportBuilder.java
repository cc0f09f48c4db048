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
  /** More lines nobody reads, and they would fill the daemon's memory. */
  static final int MAX_LINES = 1_000;

  private static final String NOBODY = "";
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
   * What rows belong to.
   *
   * @param job the job; empty for nobody
   * @param gpu the card
   * @param hour the first hour of theirs
   */
  record RowGroup(
      Optional<LedgerReader.StoredJob> job, LedgerRows.UsageRow.GpuName gpu, long hour) {
    LocalDate day() {
      return LocalDate.ofEpochDay(Math.floorDiv(hour, HOURS_PER_DAY));
    }
  }

  /** What is known of one job on one GPU; for one thread. */
  private static final class JobOnGpu {
    private final RowGroup place;
    private final Usage.UsageTotal known = new Usage.UsageTotal();

    JobOnGpu(RowGroup place) {
      this.place = place;
    }

    boolean isAt(RowGroup other) {
      return place.gpu().equals(other.gpu())
          && place
              .job()
              .map(LedgerReader.StoredJob::id)
              .equals(other.job().map(LedgerReader.StoredJob::id));
    }
  }

  /** Adds rows of one place and basis. */
  void add(RowGroup place, FigureSources basis, Usage sums) {
    boolean goesOn =
        open.filter(unit -> unit.isAt(place))
            .filter(unit ->
                by.kind() != ReportQuery.GroupBy.Kind.DAY || unit.place.day().equals(place.day()))
            .isPresent();
    if (!goesOn) {
      closeUnit();
      open = Optional.of(new JobOnGpu(place));
    }
    open.orElseThrow().known.add(basis, sums);
    firstHour = Math.min(firstHour, place.hour());
    total.add(basis, sums);
    line(place).ifPresent(line -> line.add(basis, sums));
  }

  /** Adds the time under one limit. */
  void addLimitTime(RowGroup place, long milliwatts, double seconds) {
    total.addLimitTime(milliwatts, seconds);
    line(place).ifPresent(line -> line.addLimitTime(milliwatts, seconds));
  }

  private void closeUnit() {
    open.ifPresent(unit -> {
      Optional<ReportLine> line = line(unit.place);
      line.ifPresent(to -> to.stepsOfOneGpu(unit.known.steps));
      unit.place
          .job()
          .flatMap(LedgerReader.StoredJob::profile)
          .flatMap(profile -> SavingsComparison.of(unit.known, profile))
          .ifPresent(comparison -> {
            total.compare(comparison);
            line.ifPresent(to -> to.compare(comparison));
          });
    });
    open = Optional.empty();
  }

  /** The line of a place; empty where there are too many. */
  private Optional<ReportLine> line(RowGroup place) {
    Optional<String> group = group(place);
    String key = group.orElse(NOBODY);
    if (!lines.containsKey(key) && lines.size() >= MAX_LINES) {
      leftOff.add(key);
      return Optional.empty();
    }
    if (by.kind() == ReportQuery.GroupBy.Kind.JOB) {
      place.job().ifPresent(job -> jobs.put(key, job));
    } else if (by.kind() == ReportQuery.GroupBy.Kind.GPU) {
      models.put(key, place.gpu().model());
    }
    return Optional.of(lines.computeIfAbsent(key, fresh -> new ReportLine(group)));
  }

  private Optional<String> group(RowGroup place) {
    return switch (by.kind()) {
      case JOB -> place.job().map(LedgerReader.StoredJob::id);
      case GPU -> Optional.of(place.gpu().uuid());
      case USER -> place.job().flatMap(job -> job.facts().user());
      case LABEL ->
          place
              .job()
              .flatMap(
                  job -> Optional.ofNullable(job.facts().labels().get(by.label().orElseThrow())));
      case DAY -> Optional.of(place.day().toString());
    };
  }

  /** The report, once all rows were added. */
  ReportBody report(ReportQuery question, Instant now) {
    closeUnit();
    return new ReportBody(
        by.spec(),
        firstHour == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Instant.ofEpochSecond(firstHour * SECONDS_PER_HOUR)),
        question.to().filter(to -> to.isBefore(now)).orElse(now),
        total.simulated(),
        ordered().stream().map(this::line).toList(),
        leftOff.size(),
        total.line(Optional.empty(), Optional.empty()),
        SavingsComparison.METHOD);
  }

  /** Jobs as they came, the newest first; days in order; all others by energy; nobody last. */
  private List<ReportLine> ordered() {
    List<ReportLine> ordered = new ArrayList<>(lines.values());
    Comparator<ReportLine> order =
        switch (by.kind()) {
          case JOB -> (_, _) -> 0;
          case DAY -> Comparator.comparing(line -> line.group().orElse(NOBODY));
          case GPU, USER, LABEL -> Comparator.comparingDouble(ReportLine::joules).reversed();
        };
    ordered.sort(
        Comparator.<ReportLine, Boolean>comparing(line -> line.group().isEmpty())
            .thenComparing(order));
    return ordered;
  }

  private ReportBody.Line line(ReportLine tally) {
    String key = tally.group().orElse(NOBODY);
    Optional<LedgerReader.StoredJob> job = Optional.ofNullable(jobs.get(key));
    return tally.line(
        job.map(LedgerReader.StoredJob::name).or(() -> Optional.ofNullable(models.get(key))),
        job.map(LedgerReader.StoredJob::facts));
  }
}
