package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was used, emitted and paid: {@code GET /v1/report}.
 *
 * @param by what each line is about: {@code job}, {@code gpu}, {@code user}, {@code day} or {@code
 *     label:KEY}
 * @param from the beginning of the first hour that counts; no key where nothing was found
 * @param to where it ends
 * @param simulated whether anything in it is of simulated GPUs
 * @param lines at most a thousand
 * @param leftOff lines beyond those, which are in the total alone
 * @param total everything together
 * @param method how the comparisons are made
 */
public record ReportBody(
    String by,
    Optional<Instant> from,
    Instant to,
    boolean simulated,
    List<Line> lines,
    long leftOff,
    Line total,
    String method) {
  /** Copies the list. */
  public ReportBody {
    lines = List.copyOf(lines);
  }

  /**
   * One job, GPU, user, day or value of a label.
   *
   * @param group its id, UUID, name, date or value; no key for what belongs to none
   * @param name what people call it: a job's name, a GPU's model
   * @param job more about a job
   * @param gpuSeconds time, added up over GPUs
   * @param steps the steps that a job counted
   * @param slowdownRatio how much slower than at full power the work was, such as 0.02
   * @param used what it really took
   * @param joulesWithoutSignal GPU energy that is in no grams
   * @param joulesWithoutPrice GPU energy that is in no money
   * @param secondsWithoutHost GPU time without a known draw of the host
   * @param fullPower against the same work at full power, where a profile was measured
   * @param blind against a carbon-blind plan that is at most as slow, where a profile was measured
   * @param limits the GPU time under each limit in force, from the lowest
   * @param basis where the figures come from
   */
  public record Line(
      Optional<String> group,
      Optional<String> name,
      Optional<Job> job,
      double gpuSeconds,
      OptionalLong steps,
      OptionalDouble slowdownRatio,
      Used used,
      OptionalDouble joulesWithoutSignal,
      OptionalDouble joulesWithoutPrice,
      OptionalDouble secondsWithoutHost,
      Optional<Map<String, Against>> fullPower,
      Optional<Map<String, Against>> blind,
      List<LimitTime> limits,
      Basis basis) {}

  /**
   * A job.
   *
   * @param user whose it is
   * @param labels what it is told apart by
   * @param origin {@code registered} or {@code anonymous}
   * @param gpus the UUIDs of its GPUs
   * @param policy what decided about it last
   * @param startedAt when it began
   * @param endedAt when it ended; no key while it runs
   */
  public record Job(
      Optional<String> user,
      Map<String, String> labels,
      String origin,
      List<String> gpus,
      Optional<String> policy,
      Instant startedAt,
      Optional<Instant> endedAt) {}

  /**
   * What was used; with the host, where its draw is known.
   *
   * @param joules energy of the GPUs
   * @param joulesWithHost and of the host
   * @param grams CO2 (equivalent) of the GPUs
   * @param gramsWithHost and of the host
   * @param money what the energy cost, in each currency
   */
  public record Used(
      OptionalDouble joules,
      OptionalDouble joulesWithHost,
      OptionalDouble grams,
      OptionalDouble gramsWithHost,
      Optional<List<Money>> money) {}

  /**
   * Money.
   *
   * @param currency such as {@code EUR}
   * @param amount for the energy of the GPUs
   * @param amountWithHost and for that of the host
   */
  public record Money(String currency, double amount, OptionalDouble amountWithHost) {}

  /**
   * One figure of the work that could be compared.
   *
   * @param used what that work really took
   * @param would what it would have taken
   * @param savedRatio the share of {@code would} that was saved; negative where more was used
   */
  public record Against(double used, double would, OptionalDouble savedRatio) {}

  /**
   * Time under one limit.
   *
   * @param limitWatts the limit in force
   * @param gpuSeconds for how long
   */
  public record LimitTime(double limitWatts, double gpuSeconds) {}

  /**
   * Where figures come from; several where that changed.
   *
   * @param gpus {@code hardware} or {@code simulated}
   * @param energy {@code counter} or {@code integrated}
   * @param carbon provider, region, level, what the number was, and its kind
   * @param price provider, region, what the price was, and its currency
   * @param host {@code configured} or {@code measured}
   * @param work {@code reported}, {@code gpm} or {@code clock}
   */
  public record Basis(
      List<String> gpus,
      List<String> energy,
      List<String> carbon,
      List<String> price,
      List<String> host,
      List<String> work) {}

  /**
   * What one job used, emitted and cost.
   *
   * @param line its line of a report
   * @param method how the comparisons are made
   */
  public record Receipt(ReportBody.Line line, String method) {}

  /**
   * A job that has ended, as the ledger knows it: {@code GET /v1/jobs/ID}.
   *
   * @param id its name on this host
   * @param name what people call it
   * @param origin {@code registered} or {@code anonymous}
   * @param user whose it was
   * @param labels what it was told apart by
   * @param gpus the UUIDs of its GPUs
   * @param policy what decided about them last
   * @param startedAt when it began
   * @param endedAt when it ended
   * @param steps the steps that it counted
   * @param slowdownRatio how much slower than at full power it was
   * @param receipt what it used, emitted and cost
   */
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
      OptionalLong steps,
      OptionalDouble slowdownRatio,
      Receipt receipt) {}
}
