package chase.daemon.cli.signal;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.cli.signal.GridWait.GridAnswer;
import chase.daemon.cli.signal.GridWait.WaitEnd;
import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.cli.signal.WaitPlan.WaitDecision;
import chase.daemon.cli.signal.WaitPlan.WaitState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Time passes only when the wait lets it. */
class GridWaitTest {
  private static final Duration SIX_HOURS = Duration.ofHours(6);

  private final List<String> told = new ArrayList<>();
  private Instant now = TestReadings.NOON;
  private Instant giveUp = Instant.MAX;

  private Optional<WaitEnd> run(String goal, Function<Instant, GridAnswer> grid) {
    WaitGoal parsed = WaitGoal.parse(goal);
    Instant latest = now.plus(SIX_HOURS).minus(parsed.length());
    return new GridWait(
            new WaitPlan(parsed, latest, false),
            () -> grid.apply(now),
            () -> now,
            time -> {
              assertThat(time).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(30));
              now = now.plus(time);
              return now.isBefore(giveUp);
            },
            new Listener())
        .run();
  }

  private final class Listener implements GridWait.WaitListener {
    @Override
    public void onDecision(WaitDecision decision, Optional<GridReading> reading, boolean first) {
      tell((first ? "first " : "") + decision.state());
    }

    @Override
    public void onLost(String why) {
      tell("lost: " + why);
    }

    @Override
    public void onBack() {
      tell("back");
    }

    private void tell(String what) {
      told.add(now.truncatedTo(ChronoUnit.MINUTES).toString().substring(11, 16) + " " + what);
    }
  }

  private static GridAnswer read(double... grams) {
    return new GridAnswer.Read(TestReadings.hourly(grams));
  }

  @Test
  void itStartsWhenWhatItWaitsForIsThere() {
    WaitEnd end = run("cleanest:1h", at -> read(400, 300, 100, 200)).orElseThrow();
    assertThat(end.decision().state()).isEqualTo(WaitState.MET);
    assertThat(now).isEqualTo("2026-11-23T14:00:00Z");
    assertThat(told).containsExactly("12:00 first EXPECTED", "14:00 MET");
  }

  @Test
  void anOutlookThatChangesIsToldOnce() {
    Instant one = now.plus(Duration.ofHours(1));
    run(
        "cleanest:1h",
        at -> at.isBefore(one) ? read(400, 300, 100, 200) : read(400, 300, 250, 90, 200));
    assertThat(told).containsExactly("12:00 first EXPECTED", "13:00 EXPECTED", "15:00 MET");
  }

  @Test
  void atTheDeadlineItStartsWhateverTheGridIsLike() {
    WaitEnd end = run("below:50", at -> read(400, 300, 200, 100, 90, 80, 70)).orElseThrow();
    assertThat(end.decision().state()).isEqualTo(WaitState.DEADLINE);
    assertThat(Duration.between(TestReadings.NOON, now)).isEqualTo(SIX_HOURS);
    assertThat(told).containsExactly("12:00 first NOT_EXPECTED", "18:00 DEADLINE");
  }

  @Test
  void aDaemonThatIsLostIsToldOfAndTheDeadlineHolds() {
    Instant lost = now.plusSeconds(600);
    WaitEnd end =
        run("below:50", at -> at.isBefore(lost) ? read(400, 300) : new GridAnswer.Unread("gone"))
            .orElseThrow();
    assertThat(end.decision().state()).isEqualTo(WaitState.DEADLINE);
    assertThat(Duration.between(TestReadings.NOON, now)).isEqualTo(SIX_HOURS);
    assertThat(told)
        .containsExactly(
            "12:00 first NOT_EXPECTED", "12:10 lost: gone", "14:00 UNKNOWN", "18:00 DEADLINE");
  }

  @Test
  void aDaemonThatIsRestartedIsToldOfAndItsOutlookCounts() {
    Instant lost = now.plusSeconds(600);
    Instant back = now.plusSeconds(1200);
    run(
        "below:200",
        at ->
            at.isBefore(lost)
                ? read(400, 300, 100)
                : at.isBefore(back) ? new GridAnswer.Unread("gone") : read(150, 300, 100));
    assertThat(told)
        .containsExactly("12:00 first EXPECTED", "12:10 lost: gone", "12:20 back", "12:20 MET");
  }

  @Test
  void withoutADaemonItWaitsForOne() {
    Instant comes = now.plusSeconds(300);
    run("below:200", at -> at.isBefore(comes) ? new GridAnswer.Unread("none") : read(100));
    assertThat(told)
        .containsExactly("12:00 lost: none", "12:00 first UNKNOWN", "12:05 back", "12:05 MET");
  }

  @Test
  void whoeverHasGoneIsNotWaitedFor() {
    giveUp = now.plusSeconds(60);
    assertThat(run("below:200", at -> read(400))).isEmpty();
    assertThat(told).containsExactly("12:00 first NOT_EXPECTED");
  }
}
