package chase.daemon.host;

import java.time.Duration;
import java.time.Instant;

/**
 * A process of this host. The kernel gives a process id to another process some time after its
 * owner has ended; {@code pid} and {@code startedAfterBoot} together name one for good.
 *
 * @param pid its id
 * @param user the name of its user, or the number where there is no name
 * @param command what it runs, in a word or two, such as {@code python train.py}; never its other
 *     arguments, among which may be secrets
 * @param startedAfterBoot when it started, counted from the host's boot, exact to 10 ms
 * @param startedAt the same on the wall clock, exact to a second
 */
public record HostProcess(
    long pid, String user, String command, Duration startedAfterBoot, Instant startedAt) {}
