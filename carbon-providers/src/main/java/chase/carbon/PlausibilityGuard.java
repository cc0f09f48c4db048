package chase.carbon;

import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells numbers that can be true from those that cannot, for one series of one provider. Holds back
 * impossible values, zeros that stand for missing ones, made-up data, dates that go back or lie
 * ahead, jumps that nothing confirms, and a feed that has frozen. Whatever it holds back is counted
 * and shown by {@link #quarantine}. To be used by one thread at a time; any may read the
 * quarantine.
 */
public final class PlausibilityGuard {
  /** Clocks of providers and hosts differ by minutes, not by more. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

  /** A zero next to values that small is one of them. */
  private static final double NEAR_ZERO_GRAMS = 5;

  private static final String SANDBOX = "SANDBOX";

  private final Signal kind;
  private final PlausibleRange range;
  private final RecentLevels recent = new RecentLevels();
  private final JumpCheck jumps = new JumpCheck(recent);
  private final FlatLine flat = new FlatLine();
  private Optional<CarbonIntensity> accepted = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<Quarantined> verdict = Optional.empty();
  private volatile Quarantine quarantine = Quarantine.EMPTY;

  /**
   * A guard that has seen nothing.
   *
   * @param kind what the series is announced as; numbers of another kind are held back
   */
  public PlausibilityGuard(Signal kind) {
    this.kind = kind;
    this.range = PlausibleRange.of(kind);
  }

  /** What was held back so far; any thread may ask. */
  public Quarantine quarantine() {
    return quarantine;
  }

  /**
   * Takes in what is known of the past, oldest first, so that the first live number is judged by
   * it. Impossible values are left out and not counted.
   */
  public void learn(List<CarbonIntensity> past) {
    for (CarbonIntensity sample : past) {
      if (accepted.isEmpty() || sample.validFrom().isAfter(accepted.get().validFrom())) {
        if (impossible(sample).isEmpty()) {
          flat.step(equalToAccepted(sample));
          accept(sample);
        }
      }
    }
    last = accepted;
  }

  /**
   * Judges one number at {@code now}; empty when it is believed. The same number again gets the
   * same answer and is not counted twice.
   */
  public Optional<Quarantined> judge(CarbonIntensity sample, Instant now) {
    boolean again = last.isPresent() && sameNumber(sample, last.get());
    if (again && verdict.filter(held -> hangsOnTime(held.doubt())).isEmpty()) {
      return verdict;
    }
    Optional<Doubt> before = again ? verdict.map(Quarantined::doubt) : Optional.empty();
    verdict = doubt(sample, now);
    last = Optional.of(sample);
    verdict.ifPresentOrElse(
        held -> {
          if (!before.equals(Optional.of(held.doubt()))) {
            count(held);
          }
        },
        () -> accept(sample));
    return verdict;
  }

  private static boolean hangsOnTime(Doubt doubt) {
    return doubt == Doubt.FUTURE_DATED || doubt == Doubt.BACK_DATED;
  }

  /** Counts an answer from which no number could be read. */
  public void count(Quarantined one) {
    quarantine = quarantine.with(one);
  }

  private static boolean sameNumber(CarbonIntensity a, CarbonIntensity b) {
    return a.validFrom().equals(b.validFrom())
        && a.value().equals(b.value())
        && a.signal().equals(b.signal())
        && a.origin().word().equals(b.origin().word());
  }

  /**
   * The points of a forecast that can be true. If there are others, the first of them is counted.
   */
  List<CarbonIntensity> plausible(List<CarbonIntensity> forecast, Instant now) {
    forecast.stream()
        .flatMap(point -> impossible(point).map(found -> found.held(point, now)).stream())
        .findFirst()
        .ifPresent(this::count);
    return forecast.stream().filter(point -> impossible(point).isEmpty()).toList();
  }

  private Optional<Quarantined> doubt(CarbonIntensity sample, Instant now) {
    return dates(sample, now)
        .or(() -> impossible(sample))
        .or(() -> course(sample))
        .map(found -> found.held(sample, now));
  }

  /** A doubt and the words that follow the number in its message. */
  private record Finding(Doubt doubt, String why) {
    Quarantined held(CarbonIntensity sample, Instant now) {
      String line =
          "%s %s: %s %s".formatted(sample.provider(), sample.region(), sample.value(), why);
      return new Quarantined(doubt, line, Optional.of(sample), now);
    }
  }

  private Optional<Finding> dates(CarbonIntensity sample, Instant now) {
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
            new Finding(
                Doubt.BACK_DATED,
                "is for %s, published %s, after one for %s, published %s"
                    .formatted(
                        sample.validFrom(),
                        sample.publishedAt(),
                        before.validFrom(),
                        before.publishedAt())));
  }

  private static Optional<Finding> future(String what) {
    return finding(Doubt.FUTURE_DATED, what + ", which is to come; is a clock wrong?");
  }

  private static Optional<Finding> finding(Doubt doubt, String why) {
    return Optional.of(new Finding(doubt, why));
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
  private Optional<Finding> impossible(CarbonIntensity sample) {
    if (!sample.signal().equals(kind)) {
      return finding(
          Doubt.OTHER_KIND, "is %s, not %s".formatted(sample.signal().words(), kind.words()));
    }
    if (sample.origin() instanceof Origin.Estimated estimated
        && estimated.method().toUpperCase(Locale.ROOT).contains(SANDBOX)) {
      return finding(Doubt.SANDBOX, "is made up, for a sandbox key");
    }
    if (isMissing(sample)) {
      return finding(Doubt.ZERO, "is most likely a missing number");
    }
    if (!range.holds(sample.value())) {
      return finding(Doubt.RANGE, "lies outside " + range);
    }
    return Optional.empty();
  }

  private boolean isMissing(CarbonIntensity sample) {
    if (sample.value().value() > 0 || sample.signal().margin() == Margin.MARGINAL) {
      return false;
    }
    return sample.signal().scope() == Scope.LIFECYCLE
        || recent.empty()
        || recent.lowestGrams() > NEAR_ZERO_GRAMS;
  }

  /** What is wrong with the number next to those before it. */
  private Optional<Finding> course(CarbonIntensity sample) {
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    if (jumps.isJump(accepted.get(), sample)) {
      return finding(
          Doubt.JUMP,
          "is far from %s and from all of late; more of them would confirm it"
              .formatted(accepted.get().value()));
    }
    boolean same = equalToAccepted(sample);
    if (!same || isNextPeriod(sample)) {
      flat.step(same);
    }
    if (same && flat.frozen(sample.period(), kind.margin())) {
      return finding(Doubt.FLAT_LINE, "has not changed for too long; is the feed frozen?");
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
