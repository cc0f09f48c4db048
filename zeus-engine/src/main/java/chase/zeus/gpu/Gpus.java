package chase.zeus.gpu;

import java.util.List;

/** The GPUs of this host behind one driver, opened once and kept open. */
public interface Gpus extends AutoCloseable {
  /** Every card that could be opened, in the driver's order. */
  List<Gpu> all();

  /**
   * What could not be opened and why, one readable line each; empty when all went well.
   *
   * @return lines such as {@code GPU 2: GPU is lost}
   */
  List<String> unopened();

  /** Releases the driver; limits stay as they are. */
  @Override
  void close();
}
