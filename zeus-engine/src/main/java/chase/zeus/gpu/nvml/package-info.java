/**
 * NVIDIA's driver behind {@link chase.zeus.gpu.Gpus}. The only package of the engine that makes
 * native calls. It reads, and it writes the power limit and the settings that a user requests
 * ({@link chase.zeus.gpu.GpuSettings}). What a GPU does not report is found once and queried only
 * now and then.
 */
@NullMarked
package chase.zeus.gpu.nvml;

import org.jspecify.annotations.NullMarked;
