/** Tests of zeusd's API: its words, its streams, and its CPUs. */
@NullMarked
package chase.daemon.zeusd;

import org.jspecify.annotations.NullMarked;
