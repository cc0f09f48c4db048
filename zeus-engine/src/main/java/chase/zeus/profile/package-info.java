/**
 * What a job draws and achieves at each power limit: measured while it trains, with the noise of
 * the measurement, and checked for as long as it runs.
 */
@NullMarked
package chase.zeus.profile;

import org.jspecify.annotations.NullMarked;
