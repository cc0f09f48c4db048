/**
 * Energy-Charts of Fraunhofer ISE, for most of Europe without a key: the carbon intensity of each
 * country by quarters of an hour (some by half hours or hours) with its forecast to the end of the
 * day, from the evening on of the next day too, and the day-ahead prices of the bidding zones. The
 * intensities are averages over whole life cycles of what the country's plants generate. Licence:
 * CC BY 4.0; of the prices only those that come from SMARD, the others are for private and internal
 * use, as each response says. Limits: two price calls a minute; 429 with Retry-After elsewhere when
 * calls are seconds apart.
 */
@NullMarked
package chase.carbon.energycharts;

import org.jspecify.annotations.NullMarked;
