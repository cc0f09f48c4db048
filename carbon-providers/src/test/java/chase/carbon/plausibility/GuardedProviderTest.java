package chase.carbon.plausibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestIntensities;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class GuardedProviderTest {
  private final TestClock clock = new TestClock("2026-03-01T00:00:00Z");
  private final TestIntensities series =
      new TestIntensities(
          new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE),
          Duration.ofHours(1),
          clock.instant());
  private final ScriptedProvider script = new ScriptedProvider();
  private final PlausibilityGuard guard =
      new PlausibilityGuard(new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE));

  @Test
  void aGoodNumberPassesUnchanged() throws Exception {
    CarbonIntensity good = series.of(300);
    script.outcomes.add(good);
    assertThat(current()).isSameAs(good);
    assertThat(guard.rejected()).isEqualTo(RejectedValues.EMPTY);
  }

  @Test
  void aRejectedNumberIsImplausibleAndShown() {
    script.outcomes.add(series.of(0));
    CarbonUnavailable failure = catchThrowableOfType(CarbonUnavailable.class, this::current);
    assertThat(failure.reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
    assertThat(failure).hasMessage("grid X: 0 gCO2/kWh is most likely a missing number");
    assertThat(guard.rejected().last().orElseThrow().message()).isEqualTo(failure.getMessage());
  }

  @Test
  void answersWithoutANumberAreCountedAndFailuresOfTheProviderAreNot() {
    for (FailureReason reason : FailureReason.values()) {
      script.outcomes.add(new CarbonUnavailable(reason, "no: " + reason));
      assertThat(catchThrowableOfType(CarbonUnavailable.class, this::current).reason())
          .isEqualTo(reason);
    }
    assertThat(guard.rejected().counts())
        .containsOnly(
            entry(RejectReason.MISSING, 1L),
            entry(RejectReason.UNREADABLE, 2L),
            entry(RejectReason.FUTURE_DATED, 1L));
  }

  @Test
  void aReaderThatKnowsTheReasonIsCountedByIt() {
    script.outcomes.add(
        new CarbonUnavailable(FailureReason.IMPLAUSIBLE, "made up")
            .rejectedFor(RejectReason.SANDBOX));
    assertThat(catchThrowableOfType(CarbonUnavailable.class, this::current).rejectReason())
        .contains(RejectReason.SANDBOX);
    assertThat(guard.rejected().counts()).containsOnlyKeys(RejectReason.SANDBOX);
  }

  private CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    return guard.current(script, clock);
  }

  /** Gives the values and failures that it holds, in that order. */
  private static final class ScriptedProvider implements CarbonProvider {
    private final Deque<Object> outcomes = new ArrayDeque<>();

    @Override
    public String provider() {
      return "script";
    }

    @Override
    public Region region() {
      return new Region("X");
    }

    @Override
    public SignalKind kind() {
      return new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
    }

    @Override
    public CarbonIntensity current() throws CarbonUnavailable {
      Object next = outcomes.remove();
      if (next instanceof CarbonUnavailable failure) {
        throw failure;
      }
      return (CarbonIntensity) next;
    }
  }
}
