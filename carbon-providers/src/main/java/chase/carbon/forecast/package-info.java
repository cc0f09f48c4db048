/**
 * Forecasts a signal from nothing but its own past and the calendar, and measures every forecast as
 * its time arrives, the provider's own included. Pure: no clock, thread or I/O.
 */
@NullMarked
package chase.carbon.forecast;

import org.jspecify.annotations.NullMarked;
