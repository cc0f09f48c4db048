package chase.carbon.fallback;

import chase.carbon.BugLog;
import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck.Ability;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Reads from a provider's past what its value for now never shows: what is measured an hour late,
 * while now is a forecast, and the periods that came and went between two polls. Without them Chase
 * would learn from forecasts, or from its own. Nothing is read where nothing is missing.
 */
final class LateValues {
  private static final System.Logger LOG = System.getLogger(LateValues.class.getPackageName());

  /** Every late value within the quarter of an hour after it is there. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(10);

  /** What is older was the start's to fill. */
  private static final Duration FARTHEST = Duration.ofDays(1);

  private final SourcePoller source;
  private final PollPolicy policy;
  private final InstantSource clock;
  private final DoubleSupplier jitter;
  private final BugLog bugs = new BugLog(LOG);
  private Optional<CarbonIntensity> newest = Optional.empty();
  private SourcePoller.PollState polled = SourcePoller.PollState.NEVER;

  LateValues(SourcePoller source, PollPolicy policy, InstantSource clock, DoubleSupplier jitter) {
    this.source = source;
    this.policy = policy;
    this.clock = clock;
    this.jitter = jitter;
  }

  /** Notes an observed value, believed or not: what comes before it is no longer missing. */
  void learned(CarbonIntensity value) {
    if (newest.isEmpty() || value.validFrom().isAfter(newest.get().validFrom())) {
      newest = Optional.of(value);
    }
  }

  /**
   * The observed values that are missing before {@code current}, ascending, as far as the provider
   * gives them and they can be true; often none. Calls the provider where some are missing.
   *
   * @param current its value for now
   */
  List<CarbonIntensity> before(CarbonIntensity current) throws InterruptedException {
    Instant now = clock.instant();
    Instant end = current.provenance().isObserved() ? current.validFrom() : now;
    Instant since = newest.map(CarbonIntensity::validTo).orElse(Instant.MIN);
    since = since.isBefore(end.minus(FARTHEST)) ? end.minus(FARTHEST) : since;
    boolean missing = !end.isBefore(since.plus(current.period()));
    boolean keepsPast = source.provider().abilities().contains(Ability.HISTORY);
    if (!missing || !keepsPast || !polled.isDue(now)) {
      return List.of();
    }
    polled = polled.started(now, policy.pollPeriod());
    return read(since, end, current);
  }

  private List<CarbonIntensity> read(Instant since, Instant end, CarbonIntensity current)
      throws InterruptedException {
    try {
      List<CarbonIntensity> past =
          source.provider().history(since, end).stream()
              .filter(value -> value.provenance().isObserved())
              .filter(value -> !value.validFrom().isBefore(since) && !value.validTo().isAfter(end))
              .toList();
      past.forEach(this::learned);
      polled = polled.succeeded(clock.instant(), pause(current.period()));
      return source.learnLate(past);
    } catch (CarbonUnavailable failure) {
      polled = polled.failed(failure, clock.instant(), policy, jitter.getAsDouble());
      LOG.log(System.Logger.Level.DEBUG, "late values are not known: {0}", failure.getMessage());
    } catch (RuntimeException bug) {
      bugs.log("reading late values of " + source.provider().provider(), bug);
      CarbonUnavailable unhandled =
          new CarbonUnavailable(FailureReason.MALFORMED, String.valueOf(bug));
      polled = polled.failed(unhandled, clock.instant(), policy, jitter.getAsDouble());
    }
    return List.of();
  }

  private static Duration pause(Duration period) {
    Duration mostOfIt = period.multipliedBy(2).dividedBy(3);
    return mostOfIt.compareTo(SHORTEST_PAUSE) > 0 ? mostOfIt : SHORTEST_PAUSE;
  }
}
