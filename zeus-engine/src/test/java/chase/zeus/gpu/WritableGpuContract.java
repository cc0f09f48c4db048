package chase.zeus.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import chase.zeus.unit.Watts;
import org.junit.jupiter.api.Test;

/** What a card keeps when its limit is written; never for a real one. */
public abstract class WritableGpuContract extends GpuContract {
  @Test
  void aLimitInsideTheRangeIsReadBack() throws Exception {
    Gpu gpu = gpu();
    Watts wish = gpu.traits().powerRange().orElseThrow().min().plus(new Watts(25));
    gpu.limitPower(wish);
    assertThat(gpu.powerLimits().requested()).isEqualTo(wish);
  }

  @Test
  void aLimitOutsideTheRangeIsRefusedAndChangesNothing() throws Exception {
    Gpu gpu = gpu();
    PowerRange range = gpu.traits().powerRange().orElseThrow();
    PowerLimits before = gpu.powerLimits();
    for (Watts wish :
        new Watts[] {
          new Watts(range.min().value() - 1), range.max().plus(new Watts(1)), new Watts(0)
        }) {
      assertThatThrownBy(() -> gpu.limitPower(wish))
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
    for (Watts wish : new Watts[] {range.min(), range.max()}) {
      gpu.limitPower(wish);
      assertThat(gpu.powerLimits().requested()).isEqualTo(wish);
    }
  }
}
