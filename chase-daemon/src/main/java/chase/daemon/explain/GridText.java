package chase.daemon.explain;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.Region;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.daemon.text.Durations;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signals that count, in words. One with a weight of 0 has none: it neither explains a limit
 * nor can it be at fault.
 *
 * @param grid what the daemon knows of the grid
 * @param now the moment at which the words have to be true
 */
public record GridText(GridState grid, Instant now) {

  /** What is wrong with the signals that count; empty when they may be acted on. */
  public Optional<String> fault() {
    String faults =
        Stream.of(
                carbonFault().filter(fault -> countsCarbon()),
                priceFault().filter(fault -> countsPrice()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return Optional.of(faults).filter(text -> !text.isEmpty());
  }

  /** Why the last poll of a signal that counts failed; empty when it did not. */
  public Optional<String> pollFailure() {
    return grid.failure()
        .filter(failure -> countsCarbon())
        .or(() -> grid.price().filter(price -> countsPrice()).flatMap(PriceState::failure))
        .map(this::cause);
  }

  /** Why a poll brought nothing, and when the next is. */
  private String cause(GridState.PollFailure failure) {
    return failure.message()
        + "; "
        + (failure.nextPoll().isAfter(now)
            ? "polled again at " + ReasonText.time(failure.nextPoll())
            : "polled again now");
  }

  private boolean countsCarbon() {
    return grid.weights().carbon() > 0;
  }

  private boolean countsPrice() {
    return grid.weights().price() > 0;
  }

  private Optional<String> carbonFault() {
    if (grid.trustedAt(now)) {
      return Optional.empty();
    }
    String fault =
        grid.current()
            .map(current -> tooOld("number", current.region(), current.age(now), grid.maxAge()))
            .orElseGet(this::noNumber);
    return Optional.of(fault + because(grid.failure()));
  }

  private String noNumber() {
    if (grid.provider().equals(GridState.NO_PROVIDER)) {
      return "no provider is configured (carbon.provider)";
    }
    return grid.isWaiting()
        ? waiting() + polledSince()
        : "no number for %s has come in".formatted(grid.region());
  }

  private String polledSince() {
    return grid.waitingSince()
        .filter(since -> !now.isBefore(since))
        .map(since -> " (polled since %s)".formatted(ReasonText.time(since)))
        .orElse("");
  }

  /** What is known of a provider that has not answered yet. */
  public String waiting() {
    Optional<Instant> since = grid.waitingSince();
    return since.filter(now::isBefore).isPresent()
        ? "%s is not polled before %s: it wanted a pause before Chase was restarted"
            .formatted(grid.provider(), ReasonText.time(since.get()))
        : grid.provider() + " has not answered yet";
  }

  private Optional<String> priceFault() {
    if (grid.price().isEmpty()) {
      return Optional.of("no provider is configured for the price (price.provider)");
    }
    PriceState price = grid.price().get();
    if (price.trustedAt(now)) {
      return Optional.empty();
    }
    String fault =
        price
            .current(now)
            .map(last -> tooOld("price", last.region(), last.age(now), price.maxAge()))
            .orElse("no price for %s has come in".formatted(price.region()));
    return Optional.of(fault + because(price.failure()));
  }

  private String because(Optional<GridState.PollFailure> failure) {
    return failure.map(known -> " (" + cause(known) + ")").orElse("");
  }

  private static String tooOld(String what, Region region, Duration age, Duration maximum) {
    return "the last %s for %s is %s old, more than the maximum of %s"
        .formatted(what, region, Durations.format(age), Durations.format(maximum));
  }

  /**
   * What a joule weighs now, such as {@code " while DE is at 412 gCO2/kWh (measured)"}; blank where
   * nothing is known. A policy that does not plan ahead is also shown what it compares that with.
   */
  String conditions(PowerPolicy policy) {
    String known =
        Stream.of(carbon(policy), price(policy))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", and "));
    return known.isEmpty() ? "" : " while " + known;
  }

  private Optional<String> carbon(PowerPolicy policy) {
    return grid.current().filter(current -> countsCarbon()).map(current -> carbon(current, policy));
  }

  private String carbon(CarbonIntensity current, PowerPolicy policy) {
    return "%s is at %s (%s%s)%s"
        .formatted(
            current.region(),
            current.value(),
            current.provenance().label(),
            via(current),
            share(policy, current.value().value(), carbonReference(policy)));
  }

  /** Whose number it is and how old, where it came through other hosts. */
  private String via(CarbonIntensity current) {
    return current
        .viaText()
        .map(hosts ->
            " by %s, %s, %s old"
                .formatted(
                    current.provider(),
                    hosts,
                    Durations.format(
                        Duration.ofSeconds(
                            Math.max(0, Duration.between(current.fetchedAt(), now).toSeconds())))))
        .orElse("");
  }

  private Optional<String> price(PowerPolicy policy) {
    return grid.price()
        .filter(known -> countsPrice())
        .flatMap(known ->
            known.current(now).map(price -> price(price, policy, own(policy, known.reference()))));
  }

  private static String price(EnergyPrice price, PowerPolicy policy, Optional<Double> reference) {
    return "energy in %s costs %s (%s)%s"
        .formatted(
            price.region(),
            price.value(),
            price.provenance().label(),
            share(policy, price.value().value(), reference));
  }

  /**
   * What the policy compares the carbon intensity with; empty where that has no weight, and while
   * there is nothing yet.
   */
  public Optional<Double> carbonReference(PowerPolicy policy) {
    return own(policy, grid.reference()).filter(known -> countsCarbon());
  }

  /** A policy's constant goes first; but in a blend that is compared with the blend itself. */
  private Optional<Double> own(PowerPolicy policy, Optional<Double> signals) {
    return grid.weights().isBlended() ? signals : policy.reference().or(() -> signals);
  }

  private static String share(PowerPolicy policy, double value, Optional<Double> reference) {
    return reference
        .filter(known -> known > 0 && policy.slowdownBound().isEmpty())
        .map(known ->
            String.format(
                Locale.ROOT, ", %.0f %% of the reference %.0f", 100 * value / known, known))
        .orElse("");
  }
}
