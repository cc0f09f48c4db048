package chase.zeus.gpu.nvml;

/** A floating-point pipe of an SM by its busy share's metric id (nvml.h, NVML_GPM_METRIC_*). */
enum Pipe {
  /** Matrix operations of every number format. */
  TENSOR(5),
  FP64(11),
  FP32(12),
  FP16(13);

  private final int metric;

  Pipe(int metric) {
    this.metric = metric;
  }

  int metric() {
    return metric;
  }
}
