package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.SourceStatus;
import chase.carbon.forecast.ForecastScores;
import chase.carbon.plausibility.RejectedValues;
import chase.daemon.api.SignalBody;
import chase.daemon.bodies.SignalBodies;
import chase.daemon.grid.GridState;
import chase.daemon.grid.GridState.PollFailure;
import chase.daemon.grid.SignalWeights;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why there is no number, and when the next poll is, as everybody reads it. */
class WaitingSignalTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static GridState grid(Optional<PollFailure> failure, Instant nextPoll) {
    SourceStatus source =
        new SourceStatus(
            "neso",
            new Region("GB"),
            Optional.empty(),
            Optional.empty(),
            nextPoll,
            new RejectedValues(Map.of(), Optional.empty()));
    return new GridState(
        "neso",
        new Region("GB"),
        FallbackLevel.NO_SIGNAL,
        Optional.empty(),
        List.of(),
        failure,
        Duration.ofHours(2),
        Optional.empty(),
        0,
        failure.isPresent() ? 1 : 0,
        new GridState.Details(List.of(source), ForecastScores.NONE, List.of()),
        Optional.empty(),
        SignalWeights.CARBON);
  }

  private static SignalBody.FailureBody trouble(GridState grid) {
    return new SignalBodies(grid, NOON).brief().trouble().orElseThrow();
  }

  @Test
  void aProviderThatHasNotAnsweredYetIsNoFailure() {
    GridState grid = grid(Optional.empty(), NOON.minusSeconds(12));
    assertThat(new GridText(grid, NOON).fault())
        .contains("neso has not answered yet (polled since 2026-11-23T11:59:48Z)");
    assertThat(trouble(grid))
        .isEqualTo(
            new SignalBody.FailureBody(
                "no_answer_yet",
                "neso has not answered yet",
                NOON.minusSeconds(12),
                Optional.empty()));
  }

  @Test
  void aPauseThatLastsOverARestartIsCalledOne() {
    GridState grid = grid(Optional.empty(), NOON.plusSeconds(90));
    String line =
        "neso is not polled before 2026-11-23T12:01:30Z: it wanted a pause before Chase was"
            + " restarted";
    assertThat(new GridText(grid, NOON).fault()).contains(line);
    assertThat(trouble(grid))
        .isEqualTo(
            new SignalBody.FailureBody(
                "no_answer_yet", line, NOON, Optional.of(NOON.plusSeconds(90))));
  }

  @Test
  void aFailureSaysWhenTheNextPollIs() {
    PollFailure failure =
        new PollFailure(
            FailureReason.PROVIDER_DOWN,
            "neso GB: no connection to 127.0.0.1",
            NOON.minusSeconds(60),
            NOON.plusSeconds(40));
    GridState grid = grid(Optional.of(failure), NOON.plusSeconds(40));
    assertThat(new GridText(grid, NOON).fault())
        .contains(
            "no number for GB has come in (neso GB: no connection to 127.0.0.1; polled again at"
                + " 2026-11-23T12:00:40Z)");
    assertThat(new GridText(grid, NOON.plusSeconds(40)).pollFailure())
        .contains("neso GB: no connection to 127.0.0.1; polled again now");
    assertThat(trouble(grid))
        .isEqualTo(
            new SignalBody.FailureBody(
                "provider_down",
                "neso GB: no connection to 127.0.0.1",
                NOON.minusSeconds(60),
                Optional.of(NOON.plusSeconds(40))));
  }
}
