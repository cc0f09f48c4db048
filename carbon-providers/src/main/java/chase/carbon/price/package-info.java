/**
 * What electricity costs, in the same shape as what it emits: money and time, with the provenance
 * of every number. A negative price is a price.
 */
@NullMarked
package chase.carbon.price;

import org.jspecify.annotations.NullMarked;
