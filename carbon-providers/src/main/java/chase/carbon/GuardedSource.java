package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** A source whose numbers pass a guard. What the guard holds back is {@code IMPLAUSIBLE}. */
public final class GuardedSource implements CarbonSource {
  private final CarbonSource source;
  private final PlausibilityGuard guard;
  private final InstantSource clock;

  /** Puts {@code guard}, which knows no other series, in front of {@code source}. */
  public GuardedSource(CarbonSource source, PlausibilityGuard guard, InstantSource clock) {
    this.source = source;
    this.guard = guard;
    this.clock = clock;
  }

  @Override
  public String provider() {
    return source.provider();
  }

  @Override
  public Region region() {
    return source.region();
  }

  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    CarbonIntensity sample = answer();
    Optional<Quarantined> held = guard.judge(sample, clock.instant());
    if (held.isPresent()) {
      throw new CarbonUnavailable(Reason.IMPLAUSIBLE, held.get().why());
    }
    return sample;
  }

  private CarbonIntensity answer() throws CarbonUnavailable, InterruptedException {
    try {
      return source.current();
    } catch (CarbonUnavailable failure) {
      failure
          .doubt()
          .or(() -> doubt(failure.reason()))
          .ifPresent(doubt -> guard.count(numberless(doubt, failure, clock.instant())));
      throw failure;
    }
  }

  private static Quarantined numberless(Doubt doubt, CarbonUnavailable failure, Instant now) {
    String why = Objects.requireNonNull(failure.getMessage());
    return new Quarantined(doubt, why, Optional.empty(), now);
  }

  private static Optional<Doubt> doubt(Reason reason) {
    return switch (reason) {
      case NO_DATA -> Optional.of(Doubt.MISSING);
      case CLOCK_SKEW -> Optional.of(Doubt.FUTURE_DATED);
      case IMPLAUSIBLE, MALFORMED -> Optional.of(Doubt.UNREADABLE);
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
}
