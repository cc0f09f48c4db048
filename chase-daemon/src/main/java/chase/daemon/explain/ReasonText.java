package chase.daemon.explain;

import chase.carbon.CarbonIntensity;
import chase.carbon.EnergyPrice;
import chase.carbon.Region;
import chase.daemon.grid.GridState;
import chase.daemon.grid.PriceState;
import chase.daemon.text.Durations;
import chase.zeus.engine.JobId;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.profile.ProfilingState;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A {@link Reason} in one word and in a clause that can follow a colon.
 *
 * @param word for programs and tables
 * @param clause for people
 * @param until when the reason ends by itself
 */
public record ReasonText(String word, String clause, Optional<Instant> until) {

  static ReasonText of(Reason reason, String policy, GridState grid, Instant now) {
    return switch (reason) {
      case Reason.Chosen chosen ->
          plain(
              "chosen",
              chosen
                  .bound()
                  .map(bound -> "policy %s wants %s".formatted(policy, bound.text()))
                  .orElseGet(() -> chosen(policy, grid, now)));
      case Reason.Dwelling(Watts wish, Instant until) ->
          lasting(
              "dwelling",
              "policy %s would choose %s, but the limit changed a moment ago and stays until %s"
                  .formatted(policy, wish, time(until)),
              until);
      case Reason.Overridden(Instant until) ->
          lasting("overridden", "an operator holds it there until " + time(until), until);
      case Reason.Leased(Lease.Holder holder, Instant until) ->
          lasting(
              "leased",
              "%s drives it, through the API of Zeus, until %s".formatted(holder, time(until)),
              until);
      case Reason.ChasePaused() -> plain("paused", "an operator paused Chase");
      case Reason.NoSignal() -> plain("no_signal", noSignal(policy, grid, now));
      case Reason.NoProfile() ->
          plain(
              "no_profile",
              "policy %s needs to know what the job achieves at the allowed limits, and no profile"
                      .formatted(policy)
                  + " tells");
      case Reason.NoChoice() ->
          plain(
              "no_choice",
              "it is the only limit that Chase may set there, so that there is nothing to choose");
      case Reason.MeasuringFullSpeed(JobId job) ->
          plain(
              "measuring",
              "policy %s keeps a budget, and the steps a second of job %s at full power are not"
                      .formatted(policy, job)
                  + " known yet");
      case Reason.Profiling(JobId job, ProfilingState state) ->
          plain("profiling", ProfilingText.clause(job, state));
      case Reason.HandsOff handsOff ->
          lasting(
              "hands_off",
              "%s, and Chase leaves this GPU alone until %s"
                  .formatted(handsOff.text(), time(handsOff.until())),
              handsOff.until());
      case Reason.Refused(String why) ->
          plain(
              "refused",
              "a write was refused (%s), and Chase leaves this GPU alone until 'chase resume'"
                  .formatted(why));
      case Reason.Retrying(String why, Instant until) ->
          lasting(
              "retrying",
              "the last write failed (%s) and is tried again at %s".formatted(why, time(until)),
              until);
      case Reason.WithoutEffect(String what) ->
          plain(
              "without_effect",
              "%s several times, and is asked again after 'chase resume' or another command"
                  .formatted(what));
      case Reason.Unwritable(String why) ->
          plain("unwritable", "Chase never writes this GPU (%s)".formatted(why));
      case Reason.Lost(String why) -> plain("lost", "it no longer answers (%s)".formatted(why));
      case Reason.ChaseStopping() ->
          plain("stopping", "Chase is stopping and puts back what it found");
    };
  }

  /** Whether the policy of that spec looks at the grid. */
  static boolean weighsGrid(String policy) {
    return policy.startsWith("chase:") || policy.startsWith("budget:");
  }

  /** Whether the policy of that spec looks at what a job costs in energy. */
  static boolean weighsEnergy(String policy) {
    return policy.startsWith("zeus:") || weighsGrid(policy);
  }

  /** To the second, in UTC. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What is wrong with the signals that count; empty when they may be acted on. */
  static Optional<String> signalFault(GridState grid, Instant now) {
    List<String> faults =
        Stream.of(
                carbonFault(grid, now).filter(fault -> grid.weights().carbon() > 0),
                priceFault(grid, now).filter(fault -> grid.weights().price() > 0))
            .flatMap(Optional::stream)
            .toList();
    return faults.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", faults));
  }

  private static Optional<String> carbonFault(GridState grid, Instant now) {
    if (grid.trustedAt(now)) {
      return Optional.empty();
    }
    String fault =
        grid.current()
            .map(current -> old("number", current.region(), current.age(now), grid.maxAge()))
            .orElseGet(() -> noNumber(grid));
    return Optional.of(fault + grid.failure().map(t -> " (" + t.message() + ")").orElse(""));
  }

  private static Optional<String> priceFault(GridState grid, Instant now) {
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
            .map(last -> old("price", last.region(), last.age(now), price.maxAge()))
            .orElse("no price for %s has come in".formatted(price.region()));
    return Optional.of(fault + price.failure().map(t -> " (" + t.message() + ")").orElse(""));
  }

  private static String old(String what, Region region, Duration age, Duration most) {
    return "the last %s for %s is %s old, and %s is the most that is trusted"
        .formatted(what, region, Durations.format(age), Durations.format(most));
  }

  private static String noNumber(GridState grid) {
    return grid.provider().equals(GridState.NO_PROVIDER)
        ? "no provider is configured (carbon.provider)"
        : grid.isWaiting()
            ? grid.provider() + " has not answered yet"
            : "no number for %s has come in".formatted(grid.region());
  }

  private static String chosen(String policy, GridState grid, Instant now) {
    return switch (kind(policy)) {
      case "max" -> "policy max always chooses full power";
      case "fixed" -> "policy %s always chooses this limit".formatted(policy);
      case "zeus" -> "policy %s finds this limit cheapest in energy and time".formatted(policy);
      case "chase" ->
          "policy %s finds this limit cheapest".formatted(policy)
              + grams(grid).map(current -> whileGrid(current, policy, grid)).orElse("")
              + money(grid, now).map(price -> whilePaying(price, policy, grid)).orElse("");
      case "budget" ->
          "policy %s plans this limit".formatted(policy)
              + grams(grid).map(ReasonText::whileAt).orElse("")
              + money(grid, now).map(price -> whilePaying(price, policy, grid)).orElse("");
      default -> "policy %s chooses this limit".formatted(policy);
    };
  }

  private static Optional<CarbonIntensity> grams(GridState grid) {
    return grid.current().filter(current -> grid.weights().carbon() > 0);
  }

  private static Optional<EnergyPrice> money(GridState grid, Instant now) {
    return grid.price()
        .filter(price -> grid.weights().price() > 0)
        .flatMap(price -> price.current(now));
  }

  private static String whilePaying(EnergyPrice price, String policy, GridState grid) {
    OptionalDouble own =
        policy.startsWith("chase:") && !grid.weights().isBlended()
            ? reference(policy, grid)
            : OptionalDouble.empty();
    return "%s energy in %s costs %s (%s)"
            .formatted(
                grams(grid).isPresent() ? ", and" : " while",
                price.region(),
                price.value(),
                price.provenance().label())
        + (own.isPresent() && own.getAsDouble() > 0
            ? String.format(
                Locale.ROOT,
                ", %.0f %% of the reference %.0f",
                100 * price.value().value() / own.getAsDouble(),
                own.getAsDouble())
            : "");
  }

  private static String whileGrid(CarbonIntensity current, String policy, GridState grid) {
    String now = whileAt(current);
    OptionalDouble reference = reference(policy, grid);
    return reference.isEmpty()
        ? now
        : now
            + String.format(
                Locale.ROOT,
                ", %.0f %% of the reference %.0f",
                100 * current.value().value() / reference.getAsDouble(),
                reference.getAsDouble());
  }

  private static String whileAt(CarbonIntensity current) {
    return " while %s is at %s (%s)"
        .formatted(current.region(), current.value(), current.provenance().label());
  }

  /** What the policy compares the grid with: its own constant, else the trailing maximum. */
  public static OptionalDouble reference(String policy, GridState grid) {
    String[] parts = policy.split(":", -1);
    return policy.startsWith("chase:") && parts.length == 3
        ? OptionalDouble.of(Double.parseDouble(parts[2]))
        : grid.weights().carbon() > 0
            ? grid.reference()
            : grid.price().map(PriceState::reference).orElse(OptionalDouble.empty());
  }

  private static String noSignal(String policy, GridState grid, Instant now) {
    return "policy %s needs a signal to trust, and %s"
        .formatted(policy, signalFault(grid, now).orElse("a new one has only just come in"));
  }

  private static String kind(String policy) {
    return policy.split(":", 2)[0];
  }

  private static ReasonText plain(String word, String clause) {
    return new ReasonText(word, clause, Optional.empty());
  }

  private static ReasonText lasting(String word, String clause, Instant until) {
    return new ReasonText(word, clause, Optional.of(until));
  }
}
