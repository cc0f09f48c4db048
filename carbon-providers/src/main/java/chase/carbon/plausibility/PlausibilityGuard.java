package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.plausibility.RejectedValues.RejectedValue;
import chase.carbon.plausibility.ValueCheck.Objection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Separates values that can be true from those that cannot, for one series of one provider. Rejects
 * impossible values, zeros that stand for missing ones, made-up data, dates that go back or lie
 * ahead, outliers that nothing confirms, and a feed that has frozen. Whatever it rejects is counted
 * and shown by {@link #rejected}. For one thread at a time; any thread may read {@link #rejected}.
 */
public final class PlausibilityGuard {
  /** A series that was so low within the last two weeks may come to zero. */
  private static final double LOW_GRAMS = 5;

  private final SignalKind kind;
  private final ValueCheck valueCheck;
  private final RecentValues recent = new RecentValues();
  private final OutlierDetector outliers = new OutlierDetector(recent);

  /** Forecasts for now confirm each other, and no measurement. */
  private final OutlierDetector outlyingForecasts = new OutlierDetector(recent);

  private final FrozenFeedDetector frozenFeed = new FrozenFeedDetector();
  private Optional<CarbonIntensity> accepted = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<RejectedValue> lastRejection = Optional.empty();
  private List<CarbonIntensity> forecast = List.of();
  private volatile RejectedValues rejected = RejectedValues.EMPTY;

  /**
   * A guard that has seen nothing.
   *
   * @param kind what the series is announced as; values of another kind are rejected
   */
  public PlausibilityGuard(SignalKind kind) {
    this.kind = kind;
    this.valueCheck = new ValueCheck(kind);
  }

  /** What was rejected so far; for any thread. */
  public RejectedValues rejected() {
    return rejected;
  }

  /**
   * The provider's value for now, where it can be true.
   *
   * @throws CarbonUnavailable as {@code IMPLAUSIBLE} when it cannot, and as the provider throws it
   * @throws InterruptedException when the calling thread is interrupted
   */
  public CarbonIntensity current(CarbonProvider provider, InstantSource clock)
      throws CarbonUnavailable, InterruptedException {
    CarbonIntensity value;
    try {
      value = provider.current();
    } catch (CarbonUnavailable failure) {
      countWithoutValue(failure, clock.instant());
      throw failure;
    }
    Optional<RejectedValue> rejection = check(value, clock.instant());
    if (rejection.isPresent()) {
      throw new CarbonUnavailable(FailureReason.IMPLAUSIBLE, rejection.get().message());
    }
    return value;
  }

  private void countWithoutValue(CarbonUnavailable failure, Instant now) {
    String message = Objects.requireNonNull(failure.getMessage());
    failure
        .rejectReason()
        .or(() -> rejectReason(failure.reason()))
        .ifPresent(
            reason -> countRejected(new RejectedValue(reason, message, Optional.empty(), now)));
  }

  private static Optional<RejectReason> rejectReason(FailureReason reason) {
    return switch (reason) {
      case NO_DATA -> Optional.of(RejectReason.MISSING);
      case CLOCK_SKEW -> Optional.of(RejectReason.FUTURE_DATED);
      case IMPLAUSIBLE, MALFORMED -> Optional.of(RejectReason.UNREADABLE);
      case BAD_KEY,
          NOT_ENTITLED,
          ENDPOINT_NOT_IN_PLAN,
          UNKNOWN_REGION,
          THROTTLED,
          HELD_BACK,
          PROVIDER_DOWN ->
          Optional.empty();
    };
  }

  /**
   * Learns from the past, oldest first, so that the first live value is checked against it.
   * Impossible values are left out and not counted, and forecasts are left out.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = new ArrayList<>();
    for (CarbonIntensity value : ZeroCheck.believed(observed(past))) {
      if (isNewer(value) && canBeTrue(value)) {
        frozenFeed.add(equalsAccepted(value));
        accept(value);
        believed.add(value);
      }
    }
    last = accepted;
    return believed;
  }

  /**
   * The same of what is missing before the value that was believed last, which stays the last.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learnMissing(List<CarbonIntensity> past) {
    Optional<CarbonIntensity> newest = accepted;
    Optional<CarbonIntensity> checked = last;
    accepted =
        accepted.filter(
            one -> past.isEmpty() || one.validFrom().isBefore(past.getFirst().validFrom()));
    List<CarbonIntensity> believed = learn(past);
    newest.filter(this::isNewer).ifPresent(this::accept);
    last = checked;
    return believed;
  }

  /**
   * Checks values of the past that came late, oldest first, and learns from those that are newer
   * than any before. An outlier and a frozen feed are counted; forecasts are left out.
   *
   * @return what is believed of them
   */
  public List<CarbonIntensity> learnLate(List<CarbonIntensity> past, Instant now) {
    List<CarbonIntensity> believed = new ArrayList<>();
    List<CarbonIntensity> observed = observed(past);
    Optional<CarbonIntensity> before =
        accepted.filter(
            one -> observed.isEmpty() || one.validFrom().isBefore(observed.getFirst().validFrom()));
    List<CarbonIntensity> withBefore = Stream.concat(before.stream(), observed.stream()).toList();
    for (CarbonIntensity value : ZeroCheck.believed(withBefore)) {
      if (before.equals(Optional.of(value)) || !canBeTrue(value)) {
        continue;
      }
      Optional<Objection> objection =
          isNewer(value) ? checkAgainstPast(value, true) : Optional.empty();
      objection.ifPresentOrElse(
          found -> countRejected(found.reject(value, now)),
          () -> {
            if (isNewer(value)) {
              accept(value);
            }
            believed.add(value);
          });
    }
    return believed;
  }

  private static List<CarbonIntensity> observed(List<CarbonIntensity> values) {
    return values.stream().filter(value -> value.provenance().isObserved()).toList();
  }

  private boolean isNewer(CarbonIntensity value) {
    return accepted.isEmpty() || value.validFrom().isAfter(accepted.get().validFrom());
  }

  private boolean canBeTrue(CarbonIntensity value) {
    return !value.publishedAt().isAfter(value.fetchedAt().plus(ClockSkew.TOLERATED))
        && valueCheck.value(value).isEmpty();
  }

  /** Learns the provider's forecast: a zero for now is believed where the forecast leads to it. */
  public void learnForecast(List<CarbonIntensity> points) {
    forecast = List.copyOf(points);
  }

  /**
   * Checks one value at {@code now}; empty when it is believed. The same value again gets the same
   * result and is not counted twice.
   */
  public Optional<RejectedValue> check(CarbonIntensity value, Instant now) {
    boolean again = last.isPresent() && isSameNumber(value, last.get());
    if (again && lastRejection.filter(one -> mayBeLifted(one.reason())).isEmpty()) {
      return lastRejection;
    }
    Optional<RejectReason> before =
        again ? lastRejection.map(RejectedValue::reason) : Optional.empty();
    lastRejection = objection(value, now).map(found -> found.reject(value, now));
    last = Optional.of(value);
    lastRejection.ifPresentOrElse(
        one -> {
          if (!before.equals(Optional.of(one.reason()))) {
            countRejected(one);
          }
        },
        () -> accept(value));
    return lastRejection;
  }

  /** Whether time or another value may lift a rejection. */
  private static boolean mayBeLifted(RejectReason reason) {
    return reason == RejectReason.FUTURE_DATED
        || reason == RejectReason.BACK_DATED
        || reason == RejectReason.ZERO;
  }

  /**
   * The value that was rejected as a zero, where what was learned since bears it out; empty where
   * there is none.
   */
  public Optional<CarbonIntensity> reconsidered(Instant now) {
    boolean zero = lastRejection.filter(one -> one.reason() == RejectReason.ZERO).isPresent();
    return zero && last.isPresent() && check(last.get(), now).isEmpty() ? last : Optional.empty();
  }

  private void countRejected(RejectedValue one) {
    rejected = rejected.with(one);
  }

  private static boolean isSameNumber(CarbonIntensity a, CarbonIntensity b) {
    return a.validFrom().equals(b.validFrom())
        && a.value().equals(b.value())
        && a.kind().equals(b.kind())
        && a.provenance().label().equals(b.provenance().label());
  }

  /**
   * The points of a forecast that can be true. If there are others, the first of them is counted.
   */
  public List<CarbonIntensity> plausible(List<CarbonIntensity> points, Instant now) {
    List<CarbonIntensity> fine = new ArrayList<>();
    Optional<RejectedValue> first = Optional.empty();
    List<CarbonIntensity> around = Stream.concat(accepted.stream(), points.stream()).toList();
    int known = accepted.isPresent() ? 1 : 0;
    for (int i = 0; i < points.size(); i++) {
      CarbonIntensity point = points.get(i);
      int place = known + i;
      Optional<Objection> found =
          valueCheck
              .value(point)
              .or(() ->
                  isMissing(around, place, known) ? Objection.missingNumber() : Optional.empty());
      if (found.isEmpty()) {
        fine.add(point);
      } else if (first.isEmpty()) {
        first = Optional.of(found.get().reject(point, now));
      }
    }
    first.ifPresent(this::countRejected);
    return fine;
  }

  private Optional<Objection> objection(CarbonIntensity value, Instant now) {
    return ValueCheck.dates(value, accepted, now)
        .or(() -> valueCheck.value(value))
        .or(() -> isMissing(value) ? Objection.missingNumber() : Optional.empty())
        .or(() -> checkAgainstPast(value, isNextPeriod(value)));
  }

  /** Whether the value for now is a missing one, by the last before it and those forecast. */
  private boolean isMissing(CarbonIntensity value) {
    List<CarbonIntensity> around = new ArrayList<>(accepted.stream().toList());
    int known = around.size();
    around.add(value);
    forecast.stream()
        .filter(point -> point.validFrom().isAfter(value.validFrom()))
        .forEach(around::add);
    return isMissing(around, known, known);
  }

  /**
   * Whether a zero stands for a missing number, by those around it; where none is near in time, by
   * whether the series comes so low at all.
   */
  private boolean isMissing(List<CarbonIntensity> around, int place, int known) {
    if (!ZeroCheck.isSuspicious(around.get(place))) {
      return false;
    }
    return switch (ZeroCheck.evidence(around, place, known)) {
      case BORNE_OUT -> false;
      case REFUTED -> true;
      case NONE -> recent.isEmpty() || recent.lowestGrams() > LOW_GRAMS;
    };
  }

  /** What is wrong with the value next to those before it. A forecast freezes no feed. */
  private Optional<Objection> checkAgainstPast(CarbonIntensity value, boolean next) {
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    boolean observed = value.provenance().isObserved();
    if ((observed ? outliers : outlyingForecasts).isOutlier(accepted.get(), value)) {
      return Objection.of(
          RejectReason.JUMP,
          "is far from %s and from all recent values; more of them would confirm it"
              .formatted(accepted.get().value()));
    }
    if (!observed) {
      return Optional.empty();
    }
    boolean same = equalsAccepted(value);
    if (!same || next) {
      frozenFeed.add(same);
    }
    if (same && frozenFeed.isFrozen(value.period(), kind.margin())) {
      return Objection.of(
          RejectReason.FLAT_LINE, "has not changed for too long; is the feed frozen?");
    }
    return Optional.empty();
  }

  private boolean isNextPeriod(CarbonIntensity value) {
    return last.isEmpty() || value.validFrom().isAfter(last.get().validFrom());
  }

  private boolean equalsAccepted(CarbonIntensity value) {
    return accepted.isPresent() && accepted.get().value().equals(value.value());
  }

  /** A forecast for now may be acted on, but later values are not checked against it. */
  private void accept(CarbonIntensity value) {
    if (!value.provenance().isObserved()) {
      return;
    }
    if (accepted.isPresent() && !accepted.get().modelDate().equals(value.modelDate())) {
      recent.forget();
    }
    if (isNewer(value)) {
      recent.add(value.value());
    }
    accepted = Optional.of(value);
  }
}
