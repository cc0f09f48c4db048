package chase.carbon.plausibility;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.RejectReason;
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
    Optional<RejectedValues.RejectedValue> held = guard.check(sample, clock.instant());
    if (held.isPresent()) {
      throw new CarbonUnavailable(FailureReason.IMPLAUSIBLE, held.get().message());
    }
    return sample;
  }

  private CarbonIntensity answer() throws CarbonUnavailable, InterruptedException {
    try {
      return source.current();
    } catch (CarbonUnavailable failure) {
      failure
          .rejectReason()
          .or(() -> doubt(failure.reason()))
          .ifPresent(doubt -> guard.countRejected(numberless(doubt, failure, clock.instant())));
      throw failure;
    }
  }

  private static RejectedValues.RejectedValue numberless(
      RejectReason doubt, CarbonUnavailable failure, Instant now) {
    String why = Objects.requireNonNull(failure.getMessage());
    return new RejectedValues.RejectedValue(doubt, why, Optional.empty(), now);
  }

  private static Optional<RejectReason> doubt(FailureReason reason) {
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
}
