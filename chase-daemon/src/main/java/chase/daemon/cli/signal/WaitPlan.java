package chase.daemon.cli.signal;

import chase.daemon.api.SignalBody;
import chase.daemon.cli.signal.GridOutlook.OutlookWindow;
import chase.daemon.text.Numbers;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides when a command that waits for a clean grid starts. Pure.
 *
 * @param goal what it waits for
 * @param latest when it starts whatever the grid is like
 * @param startsUnknown whether it starts at once where the grid is not known
 */
public record WaitPlan(WaitGoal goal, Instant latest, boolean startsUnknown) {
  /**
   * The grid as a daemon returned it.
   *
   * @param policy the policy that counts, as text
   * @param weighsGrid whether that policy looks at the grid
   * @param at when it was returned
   */
  public record GridReading(SignalBody signal, String policy, boolean weighsGrid, Instant at) {
    /**
     * What a daemon returned.
     *
     * @param policies those of the command's GPUs, at least one; the first that looks at the grid
     *     counts
     */
    public static GridReading of(SignalBody signal, List<String> policies, Instant at) {
      Optional<String> looks = policies.stream().filter(GridReading::weighsGrid).findFirst();
      return new GridReading(signal, looks.orElse(policies.getFirst()), looks.isPresent(), at);
    }

    /** A policy that is not known here is taken for one that does. */
    private static boolean weighsGrid(String policy) {
      try {
        return PowerPolicy.parse(policy).weighsGrid();
      } catch (IllegalArgumentException newer) {
        return true;
      }
    }

    /** How long the running period of the signal is; half an hour where that is not known. */
    public Duration period() {
      return signal
          .current()
          .map(current -> Duration.between(current.validFrom(), current.validTo()))
          .orElse(Duration.ofMinutes(30));
    }
  }

  /** How a decision came about. */
  public enum WaitState {
    /** It starts: what it waited for is there. */
    MET(true),
    /** It starts: it must not wait any longer. */
    DEADLINE(true),
    /** It starts: the grid is not known, and it need not wait for that. */
    UNKNOWN_START(true),
    /** What it waits for is expected. */
    EXPECTED(false),
    /** What it waits for is not expected before the deadline. */
    NOT_EXPECTED(false),
    /** The grid is not known, or not far enough. */
    UNKNOWN(false);

    private final boolean starts;

    WaitState(boolean starts) {
      this.starts = starts;
    }

    /** For programs: {@code met}, {@code deadline} or {@code unknown} where the command starts. */
    public String word() {
      return this == UNKNOWN_START ? "unknown" : name().toLowerCase(Locale.ROOT);
    }

    /** Whether the command starts. */
    public boolean starts() {
      return starts;
    }
  }

  /**
   * What is done now.
   *
   * @param state why
   * @param at when it starts as far as that can be told; now where it does
   * @param why the reason for people, a clause
   */
  public record WaitDecision(WaitState state, Instant at, String why) {
    /** Whether people need not be told of this after {@code before}. */
    public boolean sameAs(WaitDecision before) {
      return state == before.state && minute(at).equals(minute(before.at));
    }

    private static Instant minute(Instant at) {
      return at.plusSeconds(30).truncatedTo(ChronoUnit.MINUTES);
    }
  }

  /**
   * What is done at {@code now}.
   *
   * @param reading the grid; empty where no daemon has answered yet
   */
  public WaitDecision decide(Optional<GridReading> reading, Instant now) {
    WaitDecision decision =
        reading.map(known -> decide(known, now)).orElseGet(() -> unknown("no daemon answers", now));
    return decision.state().starts() || now.isBefore(latest)
        ? decision
        : new WaitDecision(WaitState.DEADLINE, now, "it must not wait any longer");
  }

  private WaitDecision decide(GridReading known, Instant now) {
    return switch (goal) {
      case WaitGoal.BelowGrams(double grams) ->
          below(GridOutlook.grams(known.signal(), known.at(), now), grams, now);
      case WaitGoal.CleanestWindow(Duration length) ->
          cleanest(GridOutlook.grams(known.signal(), known.at(), now), length, now);
      case WaitGoal.CleanForPolicy() ->
          known.weighsGrid()
              ? policy(GridOutlook.weights(known.signal(), known.at(), now), known.policy(), now)
              : new WaitDecision(
                  WaitState.MET,
                  now,
                  "policy %s does not look at the grid".formatted(known.policy()));
    };
  }

  private WaitDecision below(GridOutlook outlook, double grams, Instant now) {
    Optional<Double> current = outlook.at(now);
    Optional<Instant> first = outlook.firstBelow(grams, now);
    if (current.isEmpty() && first.isEmpty()) {
      return unknown("the grid is not known (" + outlook.source() + ")", now);
    }
    String is = current.map(value -> "it is at " + figure(value)).orElse("it is not known now");
    return expected(first, outlook, is, "it will be at ", now);
  }

  /** The same for a goal that is reached at one moment. */
  private WaitDecision expected(
      Optional<Instant> first, GridOutlook outlook, String is, String willBe, Instant now) {
    if (first.isEmpty() || first.get().isAfter(latest)) {
      return new WaitDecision(
          WaitState.NOT_EXPECTED,
          latest,
          is + ", and that is not expected before the deadline" + reach(outlook, now));
    }
    if (!first.get().isAfter(now)) {
      return new WaitDecision(WaitState.MET, now, is);
    }
    return new WaitDecision(
        WaitState.EXPECTED,
        first.get(),
        is + ", and " + willBe + figure(outlook.at(first.get()).orElseThrow()));
  }

  private WaitDecision cleanest(GridOutlook outlook, Duration length, Instant now) {
    if (outlook.slots().isEmpty()) {
      return unknown("the grid is not known (" + outlook.source() + ")", now);
    }
    Optional<OutlookWindow> window =
        outlook.cleanest(length, now, latest.isBefore(now) ? now : latest);
    if (window.isEmpty()) {
      return unknown("no forecast reaches that far" + reach(outlook, now), now);
    }
    Instant from = window.get().from();
    Optional<Double> atOnce = outlook.mean(now, now.plus(length));
    String mean =
        "its mean is %s%s"
                .formatted(
                    figure(window.get().mean()),
                    from.isAfter(now)
                        ? atOnce.map(at -> ", at once it would be " + figure(at)).orElse("")
                        : "")
            + reach(outlook, now);
    return new WaitDecision(
        from.isAfter(now) ? WaitState.EXPECTED : WaitState.MET,
        from.isAfter(now) ? from : now,
        mean);
  }

  private WaitDecision policy(GridOutlook outlook, String policy, Instant now) {
    Optional<Double> current = outlook.at(now);
    Instant until = latest.isAfter(now) ? latest : now.plusSeconds(1);
    Optional<Double> mean = outlook.mean(now, until);
    if (current.isEmpty() || mean.isEmpty()) {
      return unknown(
          "policy %s needs a signal, and the grid is not known (%s)"
              .formatted(policy, outlook.source()),
          now);
    }
    String is =
        "a joule weighs %s, on average until then %s"
            .formatted(Numbers.threeDigits(current.get()), Numbers.threeDigits(mean.get()));
    if (current.get() <= mean.get() * (1 + 1e-9)) {
      return new WaitDecision(WaitState.MET, now, is + " (policy " + policy + ")");
    }
    Optional<Instant> first = outlook.firstBelow(mean.get(), now);
    return first
        .filter(at -> !at.isAfter(latest))
        .map(at -> new WaitDecision(WaitState.EXPECTED, at, is + " (policy " + policy + ")"))
        .orElseGet(() -> new WaitDecision(WaitState.NOT_EXPECTED, latest, is));
  }

  private WaitDecision unknown(String why, Instant now) {
    return startsUnknown
        ? new WaitDecision(WaitState.UNKNOWN_START, now, why)
        : new WaitDecision(WaitState.UNKNOWN, latest, why);
  }

  /** Says how far the outlook reaches, where that is not to the deadline. */
  private String reach(GridOutlook outlook, Instant now) {
    Instant known = outlook.knownUntil(now);
    return known.isBefore(latest)
        ? " (the outlook ends at %s)".formatted(known.truncatedTo(ChronoUnit.MINUTES))
        : "";
  }

  private static String figure(double grams) {
    return Numbers.oneDecimal(grams) + " gCO2/kWh";
  }
}
