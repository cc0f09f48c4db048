package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.Gpus;
import java.util.List;

/** A driver that remembers whether it was closed. */
public final class FakeGpus implements Gpus {
  private final List<Gpu> all;
  private volatile boolean closed;

  /** A driver of these cards. */
  public FakeGpus(List<? extends Gpu> all) {
    this.all = List.copyOf(all);
  }

  @Override
  public List<Gpu> all() {
    return all;
  }

  @Override
  public List<String> unopened() {
    return List.of();
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
