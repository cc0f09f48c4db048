package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells numbers that can be true from those that cannot, for one series of one provider. Holds back
 * impossible values, zeros that stand for missing ones, made-up data, dates that go back or lie
 * ahead, jumps that nothing confirms, and a feed that has frozen. Whatever it holds back is counted
 * and shown by {@link #rejected}. To be used by one thread at a time; any may read the quarantine.
 */
public final class PlausibilityGuard {
  /** Clocks of providers and hosts differ by minutes, not by more. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** A series that was so low within the last two weeks may come to zero. */
  private static final double LOW_GRAMS = 5;

  private static final String SANDBOX = "SANDBOX";

  private final SignalKind kind;
  private final PlausibleRange range;
  private final RecentValues recent = new RecentValues();
  private final OutlierDetector outliers = new OutlierDetector(recent);
  private final FrozenFeedDetector frozenFeed = new FrozenFeedDetector();
  private Optional<CarbonIntensity> accepted = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<RejectedValues.RejectedValue> lastRejection = Optional.empty();
  private List<CarbonIntensity> expected = List.of();
  private volatile RejectedValues rejected = RejectedValues.EMPTY;

  /**
   * A guard that has seen nothing.
   *
   * @param kind what the series is announced as; numbers of another kind are held back
   */
  public PlausibilityGuard(SignalKind kind) {
    this.kind = kind;
    this.range = PlausibleRange.of(kind);
  }

  /** What was held back so far; any thread may ask. */
  public RejectedValues rejected() {
    return rejected;
  }

  /**
   * Takes in what is known of the past, oldest first, so that the first live number is judged by
   * it. Impossible values are left out and not counted.
   *
   * @return what is believed of it
   */
  public List<CarbonIntensity> learn(List<CarbonIntensity> past) {
    List<CarbonIntensity> believed = new ArrayList<>();
    for (CarbonIntensity sample : ZeroCheck.believed(past)) {
      boolean newer = accepted.isEmpty() || sample.validFrom().isAfter(accepted.get().validFrom());
      boolean published = !sample.publishedAt().isAfter(sample.fetchedAt().plus(CLOCKS_DIFFER));
      if (newer && published && impossible(sample).isEmpty()) {
        frozenFeed.add(equalToAccepted(sample));
        accept(sample);
        believed.add(sample);
      }
    }
    last = accepted;
    return believed;
  }

  /** Takes in what the provider expects; what it expects of zeros is said of the number for now. */
  public void learnForecast(List<CarbonIntensity> forecast) {
    expected = List.copyOf(forecast);
  }

  /**
   * Judges one number at {@code now}; empty when it is believed. The same number again gets the
   * same answer and is not counted twice.
   */
  public Optional<RejectedValues.RejectedValue> check(CarbonIntensity sample, Instant now) {
    boolean again = last.isPresent() && sameNumber(sample, last.get());
    if (again && lastRejection.filter(held -> mayBeLifted(held.reason())).isEmpty()) {
      return lastRejection;
    }
    Optional<RejectReason> before =
        again ? lastRejection.map(RejectedValues.RejectedValue::reason) : Optional.empty();
    lastRejection = objection(sample, now);
    last = Optional.of(sample);
    lastRejection.ifPresentOrElse(
        held -> {
          if (!before.equals(Optional.of(held.reason()))) {
            countRejected(held);
          }
        },
        () -> accept(sample));
    return lastRejection;
  }

  /** Whether time or another number may lift a doubt. */
  private static boolean mayBeLifted(RejectReason doubt) {
    return doubt == RejectReason.FUTURE_DATED
        || doubt == RejectReason.BACK_DATED
        || doubt == RejectReason.ZERO;
  }

  /**
   * The number that was held back as a zero, where what was learned since bears it out; empty where
   * there is none.
   */
  public Optional<CarbonIntensity> reconsidered(Instant now) {
    boolean zero = lastRejection.filter(held -> held.reason() == RejectReason.ZERO).isPresent();
    return zero && last.isPresent() && check(last.get(), now).isEmpty() ? last : Optional.empty();
  }

  /** Counts an answer from which no number could be read. */
  public void countRejected(RejectedValues.RejectedValue one) {
    rejected = rejected.with(one);
  }

  private static boolean sameNumber(CarbonIntensity a, CarbonIntensity b) {
    return a.validFrom().equals(b.validFrom())
        && a.value().equals(b.value())
        && a.kind().equals(b.kind())
        && a.provenance().label().equals(b.provenance().label());
  }

  /**
   * The points of a forecast that can be true. If there are others, the first of them is counted.
   */
  public List<CarbonIntensity> plausible(List<CarbonIntensity> forecast, Instant now) {
    List<CarbonIntensity> fine = new ArrayList<>();
    Optional<RejectedValues.RejectedValue> first = Optional.empty();
    List<CarbonIntensity> around = Stream.concat(accepted.stream(), forecast.stream()).toList();
    int known = accepted.isPresent() ? 1 : 0;
    for (int i = 0; i < forecast.size(); i++) {
      CarbonIntensity point = forecast.get(i);
      int place = known + i;
      Optional<Objection> found =
          impossible(point)
              .or(() -> isMissing(around, place, known) ? missing() : Optional.empty());
      if (found.isEmpty()) {
        fine.add(point);
      } else if (first.isEmpty()) {
        first = Optional.of(found.get().held(point, now));
      }
    }
    first.ifPresent(this::countRejected);
    return fine;
  }

  private Optional<RejectedValues.RejectedValue> objection(CarbonIntensity sample, Instant now) {
    return dates(sample, now)
        .or(() -> impossible(sample))
        .or(() -> isMissing(sample) ? missing() : Optional.empty())
        .or(() -> checkAgainstPast(sample))
        .map(found -> found.held(sample, now));
  }

  /** A doubt and the words that follow the number in its message. */
  private record Objection(RejectReason reason, String message) {
    RejectedValues.RejectedValue held(CarbonIntensity sample, Instant now) {
      String line =
          "%s %s: %s %s".formatted(sample.provider(), sample.region(), sample.value(), message);
      return new RejectedValues.RejectedValue(reason, line, Optional.of(sample), now);
    }
  }

  private Optional<Objection> dates(CarbonIntensity sample, Instant now) {
    Duration period = sample.period();
    Duration ahead = period.compareTo(CLOCKS_DIFFER) > 0 ? period : CLOCKS_DIFFER;
    if (sample.validFrom().isAfter(now.plus(ahead))) {
      return future("is for " + sample.validFrom());
    }
    if (sample.publishedAt().isAfter(now.plus(CLOCKS_DIFFER))) {
      return future("was published at " + sample.publishedAt());
    }
    return accepted
        .filter(before -> isOlder(sample, before, now))
        .map(before ->
            new Objection(
                RejectReason.BACK_DATED,
                "is for %s, published %s, after one for %s, published %s"
                    .formatted(
                        sample.validFrom(),
                        sample.publishedAt(),
                        before.validFrom(),
                        before.publishedAt())));
  }

  private static Optional<Objection> future(String what) {
    return finding(RejectReason.FUTURE_DATED, what + ", which is to come; is a clock wrong?");
  }

  private static Optional<Objection> finding(RejectReason doubt, String why) {
    return Optional.of(new Objection(doubt, why));
  }

  /** A number for the period to come may give way to that of the running one. */
  private static boolean isOlder(CarbonIntensity sample, CarbonIntensity before, Instant now) {
    boolean periodWentBack =
        sample.validFrom().isBefore(before.validFrom()) && !before.validFrom().isAfter(now);
    boolean publicationWentBack =
        sample.validFrom().equals(before.validFrom())
            && sample.publishedAt().isBefore(before.publishedAt());
    return periodWentBack || publicationWentBack;
  }

  /** What is wrong with the number itself, whatever came before it. */
  private Optional<Objection> impossible(CarbonIntensity sample) {
    if (!sample.kind().equals(kind)) {
      return finding(
          RejectReason.OTHER_KIND,
          "is %s, not %s".formatted(sample.kind().description(), kind.description()));
    }
    if (sample.provenance() instanceof Provenance.Estimated estimated
        && estimated.method().toUpperCase(Locale.ROOT).contains(SANDBOX)) {
      return finding(RejectReason.SANDBOX, "is made up, for a sandbox key");
    }
    if (ZeroCheck.isDoubtful(sample) && sample.kind().scope() == Scope.LIFECYCLE) {
      return missing();
    }
    if (!range.contains(sample.value())) {
      return finding(RejectReason.RANGE, "lies outside " + range);
    }
    return Optional.empty();
  }

  private static Optional<Objection> missing() {
    return finding(RejectReason.ZERO, "is most likely a missing number");
  }

  /** Whether the number for now is a missing one, by the last before it and those expected. */
  private boolean isMissing(CarbonIntensity sample) {
    List<CarbonIntensity> around = new ArrayList<>(accepted.stream().toList());
    int known = around.size();
    around.add(sample);
    expected.stream()
        .filter(point -> point.validFrom().isAfter(sample.validFrom()))
        .forEach(around::add);
    return isMissing(around, known, known);
  }

  /**
   * Whether a zero stands for a missing number, by those around it; where none is near in time, by
   * whether the series comes so low at all.
   */
  private boolean isMissing(List<CarbonIntensity> around, int place, int known) {
    if (!ZeroCheck.isDoubtful(around.get(place))) {
      return false;
    }
    return switch (ZeroCheck.evidence(around, place, known)) {
      case BORNE_OUT -> false;
      case REFUTED -> true;
      case NONE -> recent.isEmpty() || recent.lowestGrams() > LOW_GRAMS;
    };
  }

  /** What is wrong with the number next to those before it. */
  private Optional<Objection> checkAgainstPast(CarbonIntensity sample) {
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    if (outliers.isOutlier(accepted.get(), sample)) {
      return finding(
          RejectReason.JUMP,
          "is far from %s and from all of late; more of them would confirm it"
              .formatted(accepted.get().value()));
    }
    boolean same = equalToAccepted(sample);
    if (!same || isNextPeriod(sample)) {
      frozenFeed.add(same);
    }
    if (same && frozenFeed.isFrozen(sample.period(), kind.margin())) {
      return finding(RejectReason.FLAT_LINE, "has not changed for too long; is the feed frozen?");
    }
    return Optional.empty();
  }

  private boolean isNextPeriod(CarbonIntensity sample) {
    return last.isEmpty() || sample.validFrom().isAfter(last.get().validFrom());
  }

  private boolean equalToAccepted(CarbonIntensity sample) {
    return accepted.isPresent() && accepted.get().value().equals(sample.value());
  }

  private void accept(CarbonIntensity sample) {
    if (accepted.isPresent() && !accepted.get().modelDate().equals(sample.modelDate())) {
      recent.forget();
    }
    if (accepted.isEmpty() || sample.validFrom().isAfter(accepted.get().validFrom())) {
      recent.add(sample.value());
    }
    accepted = Optional.of(sample);
  }
}
