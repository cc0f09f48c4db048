package chase.zeus.gpu;

import java.util.List;

/** The GPUs of this host behind one driver; each is opened separately and kept open. */
public interface Gpus extends AutoCloseable {
  /** Every GPU that the driver counted, in its order; makes no driver call. */
  List<GpuSlot> slots();

  /** Releases the driver; limits stay as they are. May hang with the driver. */
  @Override
  void close();
}
