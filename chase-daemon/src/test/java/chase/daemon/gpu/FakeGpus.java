package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import java.util.List;

/** A driver that remembers whether it was closed; its cards fail and hang as they open, too. */
public final class FakeGpus implements Gpus {
  private final List<FakeGpu> all;
  private volatile boolean closed;

  /** A driver of these cards. */
  public FakeGpus(List<FakeGpu> all) {
    this.all = List.copyOf(all);
  }

  private record Slot(FakeGpu gpu) implements GpuSlot {
    @Override
    public int index() {
      return gpu.traits().index();
    }

    @Override
    public Gpu identify() throws GpuException {
      gpu.call();
      return gpu;
    }

    @Override
    public Gpu open() throws GpuException {
      gpu.opening();
      return gpu;
    }
  }

  @Override
  public List<GpuSlot> slots() {
    return all.stream().<GpuSlot>map(Slot::new).toList();
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }
}
