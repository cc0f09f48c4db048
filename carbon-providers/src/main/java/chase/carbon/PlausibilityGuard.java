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

  private final RecentLevels recent = new RecentLevels();
  private final JumpCheck jumps = new JumpCheck(recent);
  private final FlatLine flat = new FlatLine();
  private Optional<CarbonIntensity> accepted = Optional.empty();
  private Optional<CarbonIntensity> last = Optional.empty();
  private Optional<Quarantined> verdict = Optional.empty();
  private volatile Quarantine quarantine = Quarantine.EMPTY;

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
        if (PlausibleRange.of(sample.signal()).holds(sample.value())) {
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
        && a.origin().word().equals(b.origin().word());
  }

  private Optional<Quarantined> doubt(CarbonIntensity sample, Instant now) {
    return dates(sample, now).or(() -> value(sample, now)).or(() -> course(sample, now));
  }

  private Optional<Quarantined> dates(CarbonIntensity sample, Instant now) {
    Duration period = period(sample);
    Duration ahead = period.compareTo(CLOCKS_DIFFER) > 0 ? period : CLOCKS_DIFFER;
    if (sample.validFrom().isAfter(now.plus(ahead))) {
      return held(
          Doubt.FUTURE_DATED,
          "is for %s; is a clock wrong?".formatted(sample.validFrom()),
          sample,
          now);
    }
    if (sample.publishedAt().isAfter(now.plus(CLOCKS_DIFFER))) {
      return held(
          Doubt.FUTURE_DATED,
          "was published at %s, which is to come; is a clock wrong?"
              .formatted(sample.publishedAt()),
          sample,
          now);
    }
    return accepted
        .filter(before -> isOlder(sample, before, now))
        .flatMap(before ->
            held(
                Doubt.BACK_DATED,
                "is for %s as published at %s, but one for %s of %s came before"
                    .formatted(
                        sample.validFrom(),
                        sample.publishedAt(),
                        before.validFrom(),
                        before.publishedAt()),
                sample,
                now));
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

  private Optional<Quarantined> value(CarbonIntensity sample, Instant now) {
    if (sample.origin() instanceof Origin.Estimated estimated
        && estimated.method().toUpperCase(Locale.ROOT).contains(SANDBOX)) {
      return held(Doubt.SANDBOX, "is made up, for a sandbox key", sample, now);
    }
    if (isMissing(sample)) {
      return held(Doubt.ZERO, "is most likely a missing number", sample, now);
    }
    PlausibleRange range = PlausibleRange.of(sample.signal());
    if (!range.holds(sample.value())) {
      return held(
          Doubt.RANGE,
          String.format(
              Locale.ROOT,
              "lies outside %.0f to %.0f gCO2/kWh",
              range.lowestGrams(),
              range.highestGrams()),
          sample,
          now);
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

  private Optional<Quarantined> course(CarbonIntensity sample, Instant now) {
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    if (jumps.isJump(accepted.get(), sample)) {
      return held(
          Doubt.JUMP,
          "jumps from %s, unlike anything of late; waiting for more of them"
              .formatted(accepted.get().value()),
          sample,
          now);
    }
    boolean same = equalToAccepted(sample);
    if (!same || isNextPeriod(sample)) {
      flat.step(same);
    }
    if (same && flat.frozen(period(sample), sample.signal().margin())) {
      return held(
          Doubt.FLAT_LINE, "has not changed for too long; is the feed frozen?", sample, now);
    }
    return Optional.empty();
  }

  private boolean isNextPeriod(CarbonIntensity sample) {
    return last.isEmpty() || sample.validFrom().isAfter(last.get().validFrom());
  }

  private boolean equalToAccepted(CarbonIntensity sample) {
    return accepted.isPresent() && accepted.get().value().equals(sample.value());
  }

  private static Duration period(CarbonIntensity sample) {
    return Duration.between(sample.validFrom(), sample.validTo());
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

  private static Optional<Quarantined> held(
      Doubt doubt, String why, CarbonIntensity sample, Instant now) {
    String line = "%s %s: %s %s".formatted(sample.provider(), sample.region(), sample.value(), why);
    return Optional.of(new Quarantined(doubt, line, Optional.of(sample), now));
  }
}
