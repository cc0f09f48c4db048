package chase.daemon.control;

import chase.daemon.host.HostProcess;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** The processes that compute on GPUs; any thread may ask. */
public interface Processes {
  /** Those on GPUs for which no job registered, as last seen. */
  Map<GpuId, List<HostProcess>> seen();

  /** Those on every GPU that tells, as of the last few seconds. */
  Future<Map<GpuId, List<HostProcess>>> now();
}
