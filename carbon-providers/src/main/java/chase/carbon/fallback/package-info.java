/**
 * Decides which provider's value counts: the first that is live, then its forecast, Chase's own
 * forecast, and at last nothing, always at a level that is announced. Knows no HTTP.
 */
@NullMarked
package chase.carbon.fallback;

import org.jspecify.annotations.NullMarked;
