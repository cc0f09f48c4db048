package chase.zeus.gpu.simulated;

import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.ClockRange;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuKnobs;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The knobs of a simulated card, with the rights and the support that a card of its kind has. */
record SimulatedKnobs(SimulatedGpu gpu) implements GpuKnobs {
  @Override
  public boolean persistenceMode() throws GpuException {
    return gpu.present().setting().knobs().persistence();
  }

  @Override
  public void persistenceMode(boolean on) throws GpuException {
    turn("setting persistence mode", knobs -> knobs.persistence(on));
  }

  @Override
  public void lockClocks(ClockDomain domain, ClockRange range) throws GpuException {
    requireLockable(domain);
    if (range.maxMegahertz() == 0) {
      throw new GpuException(Kind.REFUSED, "Invalid Argument: no clock of 0 MHz");
    }
    turn("locking clocks", knobs -> knobs.clocks(domain, Optional.of(range)));
  }

  @Override
  public void unlockClocks(ClockDomain domain) throws GpuException {
    requireLockable(domain);
    turn("unlocking clocks", knobs -> knobs.clocks(domain, Optional.empty()));
  }

  private void requireLockable(ClockDomain domain) throws GpuException {
    if (domain == ClockDomain.MEMORY && !gpu.preset().locksMemoryClocks()) {
      throw new GpuException(Kind.REFUSED, "Not Supported: locking memory clocks");
    }
  }

  private void turn(String what, UnaryOperator<Knobs> change) throws GpuException {
    if (!gpu.present().setting().writable()) {
      throw GpuException.noRights("Insufficient Permissions: " + what);
    }
    gpu.change(now -> now.with(now.setting().turned(change.apply(now.setting().knobs()))));
  }
}
