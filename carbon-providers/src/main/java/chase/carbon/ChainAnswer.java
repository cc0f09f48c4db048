package chase.carbon;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a chain says at one moment.
 *
 * @param level how far it has fallen back
 * @param now the number to act on; empty at {@link FallbackLevel#NO_SIGNAL} and only there
 * @param ahead what is expected of the periods after {@code now}, ascending, none overlapping; may
 *     be empty
 * @param holdsUntil when time alone may change this answer
 */
public record ChainAnswer(
    FallbackLevel level,
    Optional<CarbonIntensity> now,
    List<CarbonIntensity> ahead,
    Instant holdsUntil) {
  /** Copies the list. */
  public ChainAnswer {
    ahead = List.copyOf(ahead);
  }

  static ChainAnswer none(Instant holdsUntil) {
    return new ChainAnswer(FallbackLevel.NO_SIGNAL, Optional.empty(), List.of(), holdsUntil);
  }

  /** Who speaks; empty when nobody does. */
  Optional<String> provider() {
    return now.map(CarbonIntensity::provider);
  }
}
