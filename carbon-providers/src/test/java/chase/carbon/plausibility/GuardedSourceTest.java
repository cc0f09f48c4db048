package chase.carbon.plausibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonSource;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.SignalKind.Scope;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestIntensities;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class GuardedSourceTest {
  private final TestClock clock = new TestClock("2026-03-01T00:00:00Z");
  private final TestIntensities course =
      new TestIntensities(
          new SignalKind(Margin.AVERAGE, Scope.LIFECYCLE), Duration.ofHours(1), clock.instant());
  private final Script script = new Script();
  private final PlausibilityGuard guard =
      new PlausibilityGuard(new SignalKind(Margin.AVERAGE, Scope.LIFECYCLE));
  private final GuardedSource source = new GuardedSource(script, guard, clock);

  @Test
  void aGoodNumberPassesUnchanged() throws Exception {
    CarbonIntensity good = course.of(300);
    script.answers.add(good);
    assertThat(source.current()).isSameAs(good);
    assertThat(guard.rejected()).isEqualTo(RejectedValues.EMPTY);
    assertThat(source.provider()).isEqualTo("script");
    assertThat(source.region()).isEqualTo(new Region("X"));
  }

  @Test
  void aHeldNumberIsImplausibleAndShown() {
    script.answers.add(course.of(0));
    CarbonUnavailable failure = catchThrowableOfType(CarbonUnavailable.class, source::current);
    assertThat(failure.reason()).isEqualTo(FailureReason.IMPLAUSIBLE);
    assertThat(failure).hasMessage("grid X: 0 gCO2/kWh is most likely a missing number");
    assertThat(guard.rejected().last().orElseThrow().message()).isEqualTo(failure.getMessage());
  }

  @Test
  void answersWithoutANumberAreCountedAndFailuresOfTheProviderAreNot() {
    for (FailureReason reason : FailureReason.values()) {
      script.answers.add(new CarbonUnavailable(reason, "no: " + reason));
      assertThat(catchThrowableOfType(CarbonUnavailable.class, source::current).reason())
          .isEqualTo(reason);
    }
    assertThat(guard.rejected().count(RejectReason.MISSING)).isEqualTo(1);
    assertThat(guard.rejected().count(RejectReason.UNREADABLE)).isEqualTo(2);
    assertThat(guard.rejected().count(RejectReason.FUTURE_DATED)).isEqualTo(1);
    assertThat(guard.rejected().total()).isEqualTo(4);
  }

  @Test
  void aReaderThatKnowsTheReasonIsCountedByIt() {
    script.answers.add(
        new CarbonUnavailable(FailureReason.IMPLAUSIBLE, "made up")
            .rejectedFor(RejectReason.SANDBOX));
    assertThat(catchThrowableOfType(CarbonUnavailable.class, source::current).rejectReason())
        .contains(RejectReason.SANDBOX);
    assertThat(guard.rejected().counts()).containsOnlyKeys(RejectReason.SANDBOX);
  }

  /** Says what it was told to say, in that order. */
  private static final class Script implements CarbonSource {
    private final Deque<Object> answers = new ArrayDeque<>();

    @Override
    public String provider() {
      return "script";
    }

    @Override
    public Region region() {
      return new Region("X");
    }

    @Override
    public CarbonIntensity current() throws CarbonUnavailable {
      Object next = answers.remove();
      if (next instanceof CarbonUnavailable failure) {
        throw failure;
      }
      return (CarbonIntensity) next;
    }
  }
}
