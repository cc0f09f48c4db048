package chase.zeus.engine;

import chase.zeus.gpu.GpuId;

/** What a policy is for; the narrowest wins. */
public sealed interface Scope {
  /** All GPUs of the host. */
  record WholeHost() implements Scope {}

  /** One GPU, whatever runs on it. */
  record OneGpu(GpuId gpu) implements Scope {}

  /** One job, on all of its GPUs, until it ends. */
  record OneJob(JobId job) implements Scope {}
}
