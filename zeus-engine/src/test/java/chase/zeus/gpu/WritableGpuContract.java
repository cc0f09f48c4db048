package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.gpu.GpuSettings.ClockRange;
import chase.zeus.unit.Watts;
import org.junit.jupiter.api.Test;

/** What a GPU does when its limit is written; never run on a real one. */
public abstract class WritableGpuContract extends GpuContract {
  @Test
  void aLimitInsideTheRangeIsReadBack() throws Exception {
    Gpu gpu = gpu();
    Watts limit = gpu.traits().powerRange().orElseThrow().min().plus(new Watts(25));
    gpu.limitPower(limit);
    assertThat(gpu.powerLimits().requested()).isEqualTo(limit);
  }

  @Test
  void aLimitOutsideTheRangeIsRefusedAndChangesNothing() throws Exception {
    Gpu gpu = gpu();
    PowerRange range = gpu.traits().powerRange().orElseThrow();
    PowerLimits before = gpu.powerLimits();
    for (Watts limit :
        new Watts[] {
          new Watts(range.min().value() - 1), range.max().plus(new Watts(1)), new Watts(0)
        }) {
      assertThatThrownBy(() -> gpu.limitPower(limit))
          .asInstanceOf(type(GpuException.class))
          .extracting(GpuException::kind)
          .isEqualTo(GpuException.Kind.REFUSED);
      assertThat(gpu.powerLimits()).isEqualTo(before);
    }
  }

  @Test
  void bothEndsOfTheRangeAreAccepted() throws Exception {
    Gpu gpu = gpu();
    PowerRange range = gpu.traits().powerRange().orElseThrow();
    for (Watts limit : new Watts[] {range.min(), range.max()}) {
      gpu.limitPower(limit);
      assertThat(gpu.powerLimits().requested()).isEqualTo(limit);
    }
  }

  @Test
  void lockedClocksHoldTheClockUntilTheyAreUnlocked() throws Exception {
    Gpu gpu = gpu();
    gpu.settings().lockClocks(ClockDomain.GPU, new ClockRange(210, 600));
    assertThat(gpu.read().smClockMegahertz().orElseThrow()).isLessThanOrEqualTo(600);
    gpu.settings().unlockClocks(ClockDomain.GPU);
    assertThat(gpu.read().smClockMegahertz().orElseThrow()).isGreaterThan(600);
    gpu.settings().unlockClocks(ClockDomain.GPU);
  }

  @Test
  void clocksThatNoGpuHasAreRefused() throws Exception {
    Gpu gpu = gpu();
    assertThatThrownBy(() -> gpu.settings().lockClocks(ClockDomain.GPU, new ClockRange(0, 0)))
        .asInstanceOf(type(GpuException.class))
        .extracting(GpuException::kind)
        .isEqualTo(GpuException.Kind.REFUSED);
  }

  @Test
  void persistenceModeIsReadBack() throws Exception {
    Gpu gpu = gpu();
    for (boolean on : new boolean[] {false, true, true}) {
      gpu.settings().persistenceMode(on);
      assertThat(gpu.settings().persistenceMode()).isEqualTo(on);
      assertThat(gpu.read().persistenceMode()).contains(on);
    }
  }
}
