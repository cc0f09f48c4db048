/**
 * Energinet's open data for Denmark, keyless: what electricity emits, by five minutes and at least
 * nine hours ahead, and what it costs, as the day-ahead market settled it. Licence: CC BY 4.0.
 */
@NullMarked
package chase.carbon.energinet;

import org.jspecify.annotations.NullMarked;
