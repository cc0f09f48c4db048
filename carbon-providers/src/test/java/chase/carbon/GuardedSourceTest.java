package chase.carbon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class GuardedSourceTest {
  private final TestClock clock = new TestClock("2026-03-01T00:00:00Z");
  private final Course course =
      new Course(new Signal(Margin.AVERAGE, Scope.LIFECYCLE), Duration.ofHours(1), clock.instant());
  private final Script script = new Script();
  private final PlausibilityGuard guard =
      new PlausibilityGuard(new Signal(Margin.AVERAGE, Scope.LIFECYCLE));
  private final GuardedSource source = new GuardedSource(script, guard, clock);

  @Test
  void aGoodNumberPassesUnchanged() throws Exception {
    CarbonIntensity good = course.of(300);
    script.answers.add(good);
    assertThat(source.current()).isSameAs(good);
    assertThat(guard.quarantine()).isEqualTo(Quarantine.EMPTY);
    assertThat(source.provider()).isEqualTo("script");
    assertThat(source.region()).isEqualTo(new Region("X"));
  }

  @Test
  void aHeldNumberIsImplausibleAndShown() {
    script.answers.add(course.of(0));
    CarbonUnavailable failure = catchThrowableOfType(CarbonUnavailable.class, source::current);
    assertThat(failure.reason()).isEqualTo(Reason.IMPLAUSIBLE);
    assertThat(failure).hasMessage("grid X: 0 gCO2/kWh is most likely a missing number");
    assertThat(guard.quarantine().last().orElseThrow().why()).isEqualTo(failure.getMessage());
  }

  @Test
  void answersWithoutANumberAreCountedAndFailuresOfTheProviderAreNot() {
    for (Reason reason : Reason.values()) {
      script.answers.add(new CarbonUnavailable(reason, "no: " + reason));
      assertThat(catchThrowableOfType(CarbonUnavailable.class, source::current).reason())
          .isEqualTo(reason);
    }
    assertThat(guard.quarantine().count(Doubt.MISSING)).isEqualTo(1);
    assertThat(guard.quarantine().count(Doubt.UNREADABLE)).isEqualTo(2);
    assertThat(guard.quarantine().count(Doubt.FUTURE_DATED)).isEqualTo(1);
    assertThat(guard.quarantine().total()).isEqualTo(4);
  }

  @Test
  void aReaderThatKnowsTheReasonIsCountedByIt() {
    script.answers.add(new CarbonUnavailable(Reason.IMPLAUSIBLE, "made up").because(Doubt.SANDBOX));
    assertThat(catchThrowableOfType(CarbonUnavailable.class, source::current).doubt())
        .contains(Doubt.SANDBOX);
    assertThat(guard.quarantine().counts()).containsOnlyKeys(Doubt.SANDBOX);
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
