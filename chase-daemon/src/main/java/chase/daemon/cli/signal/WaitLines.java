package chase.daemon.cli.signal;

import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.cli.signal.WaitPlan.WaitDecision;
import chase.daemon.cli.signal.WaitPlan.WaitState;
import chase.daemon.text.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What people are told while they wait: what is waited for and on what grounds, a line when that
 * changes, and how it ends. Moments are ISO-8601 in UTC.
 *
 * @param asked when the wait began
 * @param starts whether a command starts when it ends
 * @param follows whether somebody looks, so that changes are worth a line
 * @param say takes what only informs
 * @param warn takes what is wrong
 */
public record WaitLines(
    WaitPlan plan,
    Instant asked,
    boolean starts,
    boolean follows,
    Consumer<String> say,
    Consumer<String> warn,
    InstantSource clock)
    implements GridWait.WaitListener {
  /** Less is no wait. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  @Override
  public void onDecision(WaitDecision decision, Optional<GridReading> reading, boolean first) {
    if (first) {
      say.accept(
          "waits for %s, until %s at the latest%s"
              .formatted(
                  plan.goal().text(),
                  minute(plan.latest()),
                  reading.map(known -> ", by " + source(known)).orElse("")));
    }
    if (first || follows || decision.state().starts()) {
      say.accept(line(decision));
    }
  }

  private static String source(GridReading known) {
    return GridOutlook.grams(known.signal(), known.at(), known.at()).source();
  }

  private String line(WaitDecision decision) {
    WaitState state = decision.state();
    String what =
        switch (state) {
          case MET, DEADLINE, UNKNOWN_START -> (starts ? "starts" : "done") + waited();
          case EXPECTED -> "expected at " + minute(decision.at());
          case NOT_EXPECTED, UNKNOWN ->
              (starts ? "starts at " : "ends at ") + minute(decision.at()) + " unless that changes";
        };
    return what + ": " + decision.why();
  }

  private String waited() {
    Duration waited = Duration.between(asked, clock.instant());
    ChronoUnit exact =
        waited.compareTo(Duration.ofHours(1)) > 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    return waited.compareTo(MOMENT) < 0
        ? ""
        : " after " + Durations.format(waited.truncatedTo(exact));
  }

  /** To the minute, unless the seconds are of use: in a recording that is played fast. */
  private Instant minute(Instant at) {
    boolean soon = Duration.between(asked, at).compareTo(Duration.ofMinutes(10)) < 0;
    return at.truncatedTo(soon ? ChronoUnit.SECONDS : ChronoUnit.MINUTES);
  }

  @Override
  public void onLost(String why) {
    warn.accept(why + "; the wait goes on, and the deadline holds");
  }

  @Override
  public void onBack() {
    warn.accept("the daemon answers again");
  }
}
