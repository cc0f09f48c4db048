/**
 * Looks at everything that a daemon needs and says what is wrong, what to do about it and what the
 * grid is like now. Changes nothing but for a file that it makes and removes in the state
 * directory. Every check blocks, so none belongs on an event loop.
 */
@NullMarked
package chase.daemon.doctor;

import org.jspecify.annotations.NullMarked;
