/**
 * Decides each GPU's power limit from everything that happens. Events go in through {@link
 * chase.zeus.engine.Engine#on}, which returns orders or a refusal; {@link
 * chase.zeus.engine.Engine#snapshot} shows the state. Knows no clock, thread or driver, so a day
 * replays in a moment.
 */
@NullMarked
package chase.zeus.engine;

import org.jspecify.annotations.NullMarked;
