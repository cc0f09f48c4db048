package chase.zeus.engine;

import chase.zeus.gpu.GpuId;

/** Where a policy counts; the narrowest scope wins. */
public sealed interface PolicyScope {
  /** All GPUs of the host. */
  record WholeHost() implements PolicyScope {}

  /** One GPU, whatever runs on it. */
  record OneGpu(GpuId gpu) implements PolicyScope {}

  /** One job, on all of its GPUs, until it ends. */
  record OneJob(JobId job) implements PolicyScope {}
}
