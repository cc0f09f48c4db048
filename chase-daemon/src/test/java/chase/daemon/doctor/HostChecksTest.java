package chase.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.host.ClassCache;
import chase.daemon.host.ClassCache.CacheState;
import chase.daemon.host.KernelClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostChecksTest {
  @Test
  void aClockThatNobodyKeepsRightIsAWarning() {
    assertThat(HostChecks.clock(clock(true)).text()).isEqualTo("synchronised, at most 31 ms off");
    assertThat(HostChecks.clock(clock(false)).result()).isEqualTo(CheckResult.WARNING);
    assertThat(HostChecks.clock(Optional.empty()).result()).isEqualTo(CheckResult.NOTE);
  }

  private static Optional<KernelClock> clock(boolean synchronised) {
    return Optional.of(new KernelClock(synchronised, Duration.ofMillis(31)));
  }

  @Test
  void aVoidClassCacheIsAWarningWithTheWayToMakeItAgain() {
    var check = HostChecks.cache(new ClassCache(CacheState.VOID, "sudo aot.sh"));
    assertThat(check.result()).isEqualTo(CheckResult.WARNING);
    assertThat(check.remedy()).contains("sudo aot.sh");
    assertThat(HostChecks.cache(new ClassCache(CacheState.ABSENT, "x")).result())
        .isEqualTo(CheckResult.NOTE);
  }
}
