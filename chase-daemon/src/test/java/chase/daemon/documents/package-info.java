/** What the documentation promises is true: its commands run, its links lead somewhere. */
@NullMarked
package chase.daemon.documents;

import org.jspecify.annotations.NullMarked;
