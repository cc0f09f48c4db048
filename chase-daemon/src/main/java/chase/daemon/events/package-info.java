/** Typed topics on the event bus, the notifications that go over them, and how a command fails. */
@NullMarked
package chase.daemon.events;

import org.jspecify.annotations.NullMarked;
