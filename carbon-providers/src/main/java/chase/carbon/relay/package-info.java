/**
 * Another Chase as the source of the signal: the outlook that a daemon serves at {@code
 * /v1/outlook}, written and read here, and its client. What a value is stays as its first host got
 * it, its times too, so that no hop makes it younger or better. The licences of the values are
 * those of their providers.
 */
@NullMarked
package chase.carbon.relay;

import org.jspecify.annotations.NullMarked;
