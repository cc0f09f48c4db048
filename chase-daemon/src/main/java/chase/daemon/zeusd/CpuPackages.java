package chase.daemon.zeusd;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** The CPU packages of this host whose energy can be read (RAPL). */
public interface CpuPackages {
  /** One package. */
  interface CpuPackage {
    /** Its number, as the kernel counts packages. */
    int id();

    /** Whether it also tells the energy of its memory. */
    boolean tellsDram();

    /**
     * Its counters now. Blocks for a moment.
     *
     * @throws IOException when they cannot be read
     */
    Energy read() throws IOException;
  }

  /**
   * Counters that never go back while the daemon runs.
   *
   * @param packageMicrojoules the package's energy
   * @param dramMicrojoules its memory's energy, where it is told
   */
  record Energy(long packageMicrojoules, OptionalLong dramMicrojoules) {}

  /** Every package, in ascending order; none where nothing can be read. */
  List<? extends CpuPackage> all();

  /** No package at all. */
  static CpuPackages none() {
    return List::of;
  }
}
