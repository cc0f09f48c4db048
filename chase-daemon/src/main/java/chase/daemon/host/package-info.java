/**
 * What Linux shows of the host beside its GPUs: the energy of its CPUs and who runs which process.
 * Reads files of the kernel and changes nothing. Every call blocks, so none belongs on an event
 * loop; what the kernel does not show, or not to us, is absent.
 */
@NullMarked
package chase.daemon.host;

import org.jspecify.annotations.NullMarked;
