/**
 * What is on record in the state directory: the original limits and the settings that users
 * changed, each written before a GPU is changed, and the lock that protects them. Calls no GPU.
 */
@NullMarked
package chase.daemon.gpu.journal;

import org.jspecify.annotations.NullMarked;
