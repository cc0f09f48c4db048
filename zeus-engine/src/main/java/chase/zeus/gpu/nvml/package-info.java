/**
 * NVIDIA's driver behind {@link chase.zeus.gpu.Gpus}. The only room of the engine that makes native
 * calls. It reads, and it writes the power limit and what a user asks for by name ({@link
 * chase.zeus.gpu.GpuSettings}). What a card cannot tell is found once and never asked again.
 */
@NullMarked
package chase.zeus.gpu.nvml;

import org.jspecify.annotations.NullMarked;
