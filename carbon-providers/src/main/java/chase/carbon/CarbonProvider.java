package chase.carbon;

import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck.Ability;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The carbon intensity of one region as one provider knows it. Calls block (never on an event loop)
 * and end with {@link InterruptedException} when their thread is interrupted.
 */
public interface CarbonProvider {
  /** The provider's short name, as in labels and tables. */
  String provider();

  /** The region that its values describe. */
  Region region();

  /** The kind of all its values. */
  SignalKind kind();

  /** What the licence of its values wants shown beside them, in one line; empty where nothing. */
  default Optional<String> attribution() {
    return Optional.empty();
  }

  /** What the provider announces of itself and an operator should know; empty where nothing. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /** What it can be asked for, whatever the plan of this host's key allows. */
  default Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST);
  }

  /**
   * How long the provider's own rules still demand that nothing is called, whatever failed before;
   * also by a Chase that is started anew.
   */
  default Duration untilNextCall() {
    return Duration.ZERO;
  }

  /**
   * The newest value that describes the present.
   *
   * @throws CarbonUnavailable when there is none, with the reason
   */
  CarbonIntensity current() throws CarbonUnavailable, InterruptedException;

  /**
   * The newest forecast: periods in ascending order, none overlapping, from the running one as far
   * as the provider's plan reaches. Gaps stay gaps. Never empty.
   *
   * @throws CarbonUnavailable when there is none; {@code ENDPOINT_NOT_IN_PLAN} where the provider
   *     or the plan has no forecast
   */
  default List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    throw new CarbonUnavailable(
        FailureReason.ENDPOINT_NOT_IN_PLAN, provider() + " " + region() + ": there is no forecast");
  }

  /**
   * The past: periods that ended at or before {@code to} and not before {@code from}, in ascending
   * order, none overlapping; as many as the provider's plan gives, which may be none. A period
   * whose value is missing, made up or impossible is left out.
   *
   * @throws CarbonUnavailable when it cannot be had; {@code ENDPOINT_NOT_IN_PLAN} where the
   *     provider or the plan has no past
   */
  default List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    throw new CarbonUnavailable(
        FailureReason.ENDPOINT_NOT_IN_PLAN, provider() + " " + region() + ": there is no past");
  }

  /**
   * Finds out what the provider lets this host do, by as few calls as distinguish a wrong key from
   * a small plan, from missing data, from a provider that is down and from a wrong clock.
   */
  default ProviderCheck check() throws InterruptedException {
    try {
      current();
      return ProviderCheck.granted(provider(), region(), abilities(), List.of(), Optional.empty());
    } catch (CarbonUnavailable why) {
      return ProviderCheck.refused(provider(), region(), why, List.of(), Optional.empty());
    }
  }
}
