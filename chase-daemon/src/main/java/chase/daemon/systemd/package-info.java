/**
 * Notifies systemd of how the daemon does. Without systemd everything here does nothing, and no
 * failure here ever stops Chase.
 */
@NullMarked
package chase.daemon.systemd;

import org.jspecify.annotations.NullMarked;
