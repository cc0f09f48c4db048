package chase.daemon.outlook;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.relay.AwaitedHosts;
import chase.carbon.relay.OtherChase;
import chase.carbon.relay.RelayedOutlook;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this daemon passes on of a state of the grid; pure.
 *
 * @param grid the state
 * @param attribution what the licences of its sources want shown, a line each
 * @param awaited for whom its sources wait
 * @param relay this daemon
 */
record OwnOutlook(
    GridState grid, List<String> attribution, AwaitedHosts awaited, CarbonIntensity.Relay relay) {
  private static final Duration WAIT_AT_START = Duration.ofSeconds(5);
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** What others may act on at {@code now}; empty where that is nothing. */
  Optional<RelayedOutlook> at(Instant now) {
    List<EnergyPrice> prices =
        grid.price()
            .filter(price -> price.trustedAt(now))
            .map(price -> price.ahead(now))
            .orElse(List.of());
    Optional<CarbonIntensity> current = grid.current().filter(one -> grid.level().usable());
    if (current.isEmpty() && prices.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new RelayedOutlook(
            relay,
            grid.provider(),
            grid.level(),
            current,
            current.isEmpty() ? List.of() : grid.forecast(),
            grid.failure().map(GridState.PollFailure::message),
            prices,
            attribution));
  }

  /** Why there is nothing, in one line; what another Chase waits for, it says itself. */
  String whyNone() {
    if (grid.provider().equals(OtherChase.PROVIDER) && !awaited.hosts().isEmpty()) {
      return "no outlook yet: " + relay.host() + " waits for " + awaited.names();
    }
    return "no outlook yet: "
        + grid.failure()
            .or(() -> grid.price().flatMap(PriceState::failure))
            .map(GridState.PollFailure::message)
            .orElseGet(this::noFailure);
  }

  private String noFailure() {
    if (grid.provider().equals(GridState.NO_PROVIDER)) {
      return "no provider is configured (carbon.provider)";
    }
    return grid.isWaiting()
        ? grid.provider() + " has not answered yet"
        : "no number for " + grid.region() + " has come in";
  }

  /** How long from {@code now} until something new is expected. */
  Duration untilNext(Instant now) {
    if (grid.isWaiting()) {
      return WAIT_AT_START;
    }
    Optional<Instant> next =
        grid.details().sources().stream()
            .map(source -> source.nextPoll())
            .filter(poll -> poll.isAfter(now))
            .min(Instant::compareTo);
    Optional<Instant> over =
        grid.current().map(CarbonIntensity::validTo).filter(end -> end.isAfter(now));
    return Stream.concat(next.stream(), over.stream())
        .min(Instant::compareTo)
        .map(then -> Duration.between(now, then))
        .map(OwnOutlook::bounded)
        .orElse(WAIT_AT_START);
  }

  private static Duration bounded(Duration wait) {
    if (wait.compareTo(SHORTEST_WAIT) < 0) {
      return SHORTEST_WAIT;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
