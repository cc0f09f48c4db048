package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeteredGpusTest {
  private final List<String> calls = new ArrayList<>();
  private long nanos;

  @Test
  void aCallIsTimed() throws GpuException {
    Gpu gpu = metered(new FailingGpu(false));
    gpu.powerLimits();
    gpu.processes();
    assertThat(calls).containsExactly("power_limits took 7 ns", "processes took 7 ns");
  }

  @Test
  void everySettingIsTimed() throws GpuException {
    Gpu gpu = metered(new FailingGpu(false));
    gpu.powerDraw();
    gpu.energy();
    gpu.settings().persistenceMode();
    gpu.settings().persistenceMode(false);
    gpu.settings().lockClocks(GpuSettings.ClockDomain.GPU, new GpuSettings.ClockRange(1, 2));
    gpu.settings().unlockClocks(GpuSettings.ClockDomain.GPU);
    assertThat(calls)
        .containsExactly(
            "power_draw took 7 ns",
            "energy took 7 ns",
            "persistence_mode took 7 ns",
            "set_persistence_mode took 7 ns",
            "lock_clocks took 7 ns",
            "unlock_clocks took 7 ns");
  }

  @Test
  void aFailureIsReportedAndPassedOn() throws GpuException {
    Gpu gpu = metered(new FailingGpu(false));
    assertThatThrownBy(() -> gpu.limitPower(new Watts(1))).isInstanceOf(GpuException.class);
    assertThat(calls).containsExactly("limit_power failed REFUSED", "limit_power took 7 ns");
  }

  @Test
  void aSimulatedGpuCallsNoDriver() throws GpuException {
    metered(new FailingGpu(true)).powerLimits();
    assertThat(calls).isEmpty();
  }

  private Gpu metered(Gpu gpu) throws GpuException {
    return new MeteredGpus(new One(gpu), new Log(), () -> nanos).slots().getFirst().open();
  }

  private final class Log implements MeteredGpus.CallListener {
    @Override
    public void onReturned(String function, Duration took) {
      calls.add(function + " took " + took.toNanos() + " ns");
    }

    @Override
    public void onFailed(String function, GpuException.Kind kind) {
      calls.add(function + " failed " + kind);
    }
  }

  private final class Knobs implements GpuSettings {
    @Override
    public boolean persistenceMode() {
      nanos += 7;
      return true;
    }

    @Override
    public void persistenceMode(boolean on) {
      nanos += 7;
    }

    @Override
    public void lockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range) {
      nanos += 7;
    }

    @Override
    public void unlockClocks(GpuSettings.ClockDomain domain) {
      nanos += 7;
    }
  }

  /** Takes 7 ns for everything, has a limit and refuses another. */
  private final class FailingGpu implements Gpu {
    private final boolean simulated;

    FailingGpu(boolean simulated) {
      this.simulated = simulated;
    }

    @Override
    public GpuTraits traits() {
      return new GpuTraits(
          new GpuId("GPU-aaaa"),
          0,
          "Fake GPU",
          Optional.empty(),
          "1",
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          simulated);
    }

    @Override
    public GpuTraits refreshTraits() {
      return traits();
    }

    @Override
    public GpuReading read() throws GpuException {
      throw new GpuException(GpuException.Kind.LOST, "gone");
    }

    @Override
    public Watts powerDraw() {
      nanos += 7;
      return new Watts(90);
    }

    @Override
    public Joules energy() {
      nanos += 7;
      return new Joules(1);
    }

    @Override
    public GpuSettings settings() {
      return new Knobs();
    }

    @Override
    public PowerLimits powerLimits() {
      nanos += 7;
      return new PowerLimits(new Watts(300), new Watts(300));
    }

    @Override
    public List<GpuProcess> processes() {
      nanos += 7;
      return List.of();
    }

    @Override
    public void limitPower(Watts limit) throws GpuException {
      nanos += 7;
      throw new GpuException(GpuException.Kind.REFUSED, limit + " is too low");
    }
  }

  private record One(Gpu gpu) implements Gpus, GpuSlot {
    @Override
    public List<GpuSlot> slots() {
      return List.of(this);
    }

    @Override
    public int index() {
      return 0;
    }

    @Override
    public Gpu identify() {
      return gpu;
    }

    @Override
    public Gpu open() {
      return gpu;
    }

    @Override
    public void close() {}
  }
}
