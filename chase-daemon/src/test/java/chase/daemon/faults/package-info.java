/**
 * The fault suite: every way of dying, every fault of driver, disk and network, and every hostile
 * client, tried by machine. A part is a class that runs in a short form with all other tests and in
 * full with {@code mvn -Pfaults verify}, which writes its table into {@code docs/faults.md}.
 */
@NullMarked
package chase.daemon.faults;

import org.jspecify.annotations.NullMarked;
