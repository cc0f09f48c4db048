package chase.zeus.gpu;

import java.util.List;

/** The GPUs of this host behind one driver, each opened by itself and kept open. */
public interface Gpus extends AutoCloseable {
  /** Every GPU that the driver counted, in its order; asks nothing. */
  List<GpuSlot> slots();

  /** Releases the driver; limits stay as they are. May hang with the driver. */
  @Override
  void close();
}
