/** The NVML implementation of Gpu, tested on a fake driver and, on request, on a real GPU. */
@NullMarked
package chase.zeus.gpu.nvml;

import org.jspecify.annotations.NullMarked;
