/**
 * How long calls to a GPU's driver take and how they fail, told to whoever keeps the score. Knows
 * neither who owns the GPU nor who shows the figures.
 */
@NullMarked
package chase.daemon.calls;

import org.jspecify.annotations.NullMarked;
