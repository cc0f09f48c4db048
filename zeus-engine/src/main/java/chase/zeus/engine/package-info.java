/**
 * Decides each GPU's power limit from everything that happens. One door in ({@link
 * chase.zeus.engine.Engine#on}), one window out ({@link chase.zeus.engine.Engine#snapshot}). Knows
 * no clock, thread or driver, so a day replays in a moment.
 */
@NullMarked
package chase.zeus.engine;

import org.jspecify.annotations.NullMarked;
