package chase.daemon.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.NotificationBody;
import chase.daemon.api.StatusBody;
import chase.daemon.bodies.GpuBodies;
import chase.daemon.cli.view.ColumnChoice;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.cli.view.TextLines;
import chase.daemon.fixtures.TestDaemon;
import chase.daemon.fixtures.TestTerminal;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopViewTest {
  private static final String LONG =
      "policy budget:0.03 plans this limit while a region with a very long name is at 412 gCO2/kWh";

  private final Vertx vertx = Vertx.vertx();
  private final GpuBodies daemon = new TestDaemon(vertx).state().bodies();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private TopState state(int gpus) {
    StatusBody real = daemon.status("1.2.3");
    StatusBody status =
        new StatusBody(
            real.version(),
            real.at(),
            real.mode(),
            real.paused(),
            real.pausedSince(),
            real.pausedUntil(),
            real.policy(),
            real.policyUntil(),
            real.kept(),
            real.host(),
            real.driver(),
            real.unanswered(),
            real.notRestored(),
            real.signal(),
            real.config(),
            gpus == 0 ? List.of() : Collections.nCopies(gpus, real.gpus().getFirst()));
    NotificationBody event =
        new NotificationBody(
            TestDaemon.NOON, "limit", Optional.empty(), Optional.empty(), Optional.empty(), LONG);
    return new TopState(
        Optional.of(new TopState.Answer(status, real.signal(), daemon.jobs())),
        Optional.of(new TopState.ExplainedGpu(TestDaemon.FIRST.uuid(), LONG)),
        List.of(event),
        Optional.empty());
  }

  private static List<String> screen(TopState state, TopChoice choice, int width, int height) {
    return TopView.of(
        state,
        choice,
        TextLayout.of(TestTerminal.PIPE.sized(width, height), ColumnChoice.usual(), true),
        height);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 80, 24",
    "1, 80, 24",
    "16, 80, 24",
    "16, 40, 12",
    "0, 40, 12",
    "16, 20, 5",
    "1, 200, 60"
  })
  void theScreenIsExactlyAsHighAndNeverWiderThanTheTerminal(int gpus, int width, int height) {
    for (boolean explaining : new boolean[] {false, true}) {
      TopChoice choice = TopChoice.FIRST.explained(explaining, state(gpus).gpus());

      List<String> lines = screen(state(gpus), choice, width, height);

      assertThat(lines).hasSize(height);
      assertThat(lines)
          .allSatisfy(line -> assertThat(TextLines.width(line)).isLessThanOrEqualTo(width));
      assertThat(lines.getLast()).startsWith("q quit");
    }
  }

  @Test
  void itShowsWhatTheDaemonAnswered() {
    assertThat(String.join("\n", screen(state(1), TopChoice.FIRST, 80, 24)))
        .contains("chase 1.2.3, mode control", "412 gCO2/kWh", "401.2   420   700", "SIMULATED")
        .contains("policy budget:0.03 plans this limit");
  }

  @Test
  void anExplanationHasRoomBesideManyGpus() {
    TopChoice explaining = TopChoice.FIRST.explained(true, state(16).gpus());

    assertThat(String.join(" ", screen(state(16), explaining, 80, 14)))
        .contains("policy budget:0.03 plans this limit");
    assertThat(String.join(" ", screen(state(16), explaining, 40, 12)))
        .contains("policy budget:0.03 plans this");
  }

  @Test
  void anExplanationOfAnotherGpuIsNotShown() {
    TopChoice other = new TopChoice(TopChoice.GpuOrder.INDEX, Optional.of("GPU-other"), true);

    assertThat(String.join(" ", screen(state(16), other, 80, 24)))
        .contains("asking the daemon")
        .doesNotContain("plans this limit");
  }

  @Test
  void simulatedIsSaidOnEveryTerminal() {
    for (int width : new int[] {20, 40, 80}) {
      assertThat(String.join("\n", screen(state(2), TopChoice.FIRST, width, 12)))
          .contains("SIMULATED");
    }
  }

  @Test
  void aDaemonThatIsAwayIsSaidAboveItsLastAnswer() {
    TopState last = state(1);
    TopState away =
        new TopState(
            last.known(), last.explanation(), last.events(), Optional.of("no daemon answers"));

    assertThat(String.join("\n", screen(away, TopChoice.FIRST, 80, 24)))
        .startsWith("no daemon answers; trying again")
        .contains("401.2   420   700");
  }
}
