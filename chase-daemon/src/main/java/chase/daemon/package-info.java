/** Joins the engine, the GPUs and the grid on Vert.x. Runs everything and decides nothing. */
@NullMarked
package chase.daemon;

import org.jspecify.annotations.NullMarked;
