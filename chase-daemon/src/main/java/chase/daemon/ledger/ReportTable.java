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
final class ReportTable {
  /** More lines nobody reads, and they would fill the daemon's memory. */
  static final int MOST_LINES = 1_000;

  private static final String NOBODY = "";
  private static final long HOURS_PER_DAY = 24;
  private static final long SECONDS_PER_HOUR = 3600;

  private final Grouping by;
  private final Tally total = new Tally(Optional.empty());
  private final Map<String, Tally> lines = new LinkedHashMap<>();
  private final Map<String, KnownJob> jobs = new LinkedHashMap<>();
  private final Map<String, String> models = new LinkedHashMap<>();
  private final Set<String> leftOff = new HashSet<>();
  private Optional<Unit> open = Optional.empty();
  private long firstHour = Long.MAX_VALUE;

  ReportTable(Grouping by) {
    this.by = by;
  }

  /**
   * What rows belong to.
   *
   * @param job the job; empty for nobody
   * @param gpu the card
   * @param hour the first hour of theirs
   */
  record Place(Optional<KnownJob> job, Entry.Card gpu, long hour) {
    LocalDate day() {
      return LocalDate.ofEpochDay(Math.floorDiv(hour, HOURS_PER_DAY));
    }
  }

  /** What is known of one job on one GPU; for one thread. */
  private static final class Unit {
    private final Place place;
    private final Known known = new Known();

    Unit(Place place) {
      this.place = place;
    }

    boolean isAt(Place other) {
      return place.gpu().equals(other.gpu())
          && place.job().map(KnownJob::id).equals(other.job().map(KnownJob::id));
    }
  }

  /** Adds rows of one place and basis. */
  void add(Place place, Basis basis, Sums sums) {
    boolean goesOn =
        open.filter(unit -> unit.isAt(place))
            .filter(unit -> by.kind() != Grouping.Kind.DAY || unit.place.day().equals(place.day()))
            .isPresent();
    if (!goesOn) {
      close();
      open = Optional.of(new Unit(place));
    }
    open.orElseThrow().known.add(basis, sums);
    firstHour = Math.min(firstHour, place.hour());
    total.add(basis, sums);
    line(place).ifPresent(line -> line.add(basis, sums));
  }

  /** Adds the time under one limit. */
  void under(Place place, long milliwatts, double seconds) {
    total.under(milliwatts, seconds);
    line(place).ifPresent(line -> line.under(milliwatts, seconds));
  }

  private void close() {
    open.ifPresent(unit -> {
      Optional<Tally> line = line(unit.place);
      line.ifPresent(to -> to.stepsOfOneGpu(unit.known.steps));
      unit.place
          .job()
          .flatMap(KnownJob::profile)
          .flatMap(profile -> Comparison.of(unit.known, profile))
          .ifPresent(comparison -> {
            total.compare(comparison);
            line.ifPresent(to -> to.compare(comparison));
          });
    });
    open = Optional.empty();
  }

  /** The line of a place; empty where there are too many. */
  private Optional<Tally> line(Place place) {
    Optional<String> group = group(place);
    String key = group.orElse(NOBODY);
    if (!lines.containsKey(key) && lines.size() >= MOST_LINES) {
      leftOff.add(key);
      return Optional.empty();
    }
    if (by.kind() == Grouping.Kind.JOB) {
      place.job().ifPresent(job -> jobs.put(key, job));
    } else if (by.kind() == Grouping.Kind.GPU) {
      models.put(key, place.gpu().model());
    }
    return Optional.of(lines.computeIfAbsent(key, fresh -> new Tally(group)));
  }

  private Optional<String> group(Place place) {
    return switch (by.kind()) {
      case JOB -> place.job().map(KnownJob::id);
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
  ReportBody report(ReportQuestion question, Instant now) {
    close();
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
        Comparison.METHOD);
  }

  /** Jobs as they came, the newest first; days in order; all others by energy; nobody last. */
  private List<Tally> ordered() {
    List<Tally> ordered = new ArrayList<>(lines.values());
    Comparator<Tally> order =
        switch (by.kind()) {
          case JOB -> (_, _) -> 0;
          case DAY -> Comparator.comparing(line -> line.group().orElse(NOBODY));
          case GPU, USER, LABEL -> Comparator.comparingDouble(Tally::joules).reversed();
        };
    ordered.sort(
        Comparator.<Tally, Boolean>comparing(line -> line.group().isEmpty()).thenComparing(order));
    return ordered;
  }

  private ReportBody.Line line(Tally tally) {
    String key = tally.group().orElse(NOBODY);
    Optional<KnownJob> job = Optional.ofNullable(jobs.get(key));
    return tally.line(
        job.map(KnownJob::name).or(() -> Optional.ofNullable(models.get(key))),
        job.map(KnownJob::facts));
  }
}
