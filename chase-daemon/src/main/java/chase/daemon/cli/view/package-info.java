/**
 * The control API's bodies as text for a terminal. Pure: width, zone and the moment are given, so
 * that what is printed can be tested.
 */
@NullMarked
package chase.daemon.cli.view;

import org.jspecify.annotations.NullMarked;
