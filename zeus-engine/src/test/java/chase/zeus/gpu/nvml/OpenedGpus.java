package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSlot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every GPU of a driver, opened one after the other on the thread of the test.
 *
 * @param driver the driver
 * @param all the GPUs that could be opened
 * @param unopened why the others could not
 * @param remarks what was said of them
 */
record OpenedGpus(NvmlGpus driver, List<Gpu> all, List<String> unopened, List<String> remarks)
    implements AutoCloseable {
  static OpenedGpus open(Optional<Path> library) throws GpuException {
    List<String> remarks = new ArrayList<>();
    OpenedGpus opened =
        new OpenedGpus(
            NvmlGpus.open(library, remarks::add), new ArrayList<>(), new ArrayList<>(), remarks);
    for (GpuSlot slot : opened.driver.slots()) {
      try {
        opened.all.add(slot.open());
      } catch (GpuException e) {
        opened.unopened.add(e.getMessage());
      }
    }
    return opened;
  }

  @Override
  public void close() {
    driver.close();
  }
}
