package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was used, emitted and paid: {@code GET /v1/report}. */
public record ReportBody(
    String by,
    Optional<Instant> from,
    Instant to,
    boolean simulated,
    List<LineBody> lines,
    long leftOff,
    LineBody total,
    String method) {
  /** Copies the list. */
  public ReportBody {
    lines = List.copyOf(lines);
  }

  /** One job, GPU, user, day or value of a label. */
  public record LineBody(
      Optional<String> group,
      Optional<String> name,
      Optional<ReportedJobBody> job,
      double gpuSeconds,
      Optional<Long> steps,
      Optional<Double> slowdownRatio,
      Used used,
      Optional<Double> joulesWithoutSignal,
      Optional<Double> joulesWithoutPrice,
      Optional<Double> secondsWithoutHost,
      Optional<Map<String, Against>> fullPower,
      Optional<Map<String, Against>> blind,
      List<LimitTime> limits,
      BasisBody basis) {}

  /** A job. */
  public record ReportedJobBody(
      Optional<String> user,
      Map<String, String> labels,
      String origin,
      List<String> gpus,
      Optional<String> policy,
      Instant startedAt,
      Optional<Instant> endedAt) {}

  /** What was used; with the host, where its draw is known. */
  public record Used(
      Optional<Double> joules,
      Optional<Double> joulesWithHost,
      Optional<Double> grams,
      Optional<Double> gramsWithHost,
      Optional<List<MoneyBody>> money) {}

  /** Money. */
  public record MoneyBody(String currency, double amount, Optional<Double> amountWithHost) {}

  /** One figure of the work that could be compared. */
  public record Against(double used, double would, Optional<Double> savedRatio) {}

  /** Time under one limit. */
  public record LimitTime(double limitWatts, double gpuSeconds) {}

  /** Where figures come from; several where that changed. */
  public record BasisBody(
      List<String> gpus,
      List<String> energy,
      List<String> carbon,
      List<String> price,
      List<String> host,
      List<String> work) {}

  /** What one job used, emitted and cost. */
  public record Receipt(ReportBody.LineBody line, String method) {}

  /** A job that has ended, as the ledger knows it: {@code GET /v1/jobs/ID}. */
  public record EndedJobBody(
      String id,
      String name,
      String origin,
      Optional<String> user,
      Map<String, String> labels,
      List<String> gpus,
      Optional<String> policy,
      Instant startedAt,
      Optional<Instant> endedAt,
      Optional<Long> steps,
      Optional<Double> slowdownRatio,
      Receipt receipt) {}
}
