/**
 * Everything that calls a GPU. One thread owns one GPU, nothing here blocks an event loop, and no
 * limit is written before the original limit is safe on disk.
 */
@NullMarked
package chase.daemon.gpu;

import org.jspecify.annotations.NullMarked;
