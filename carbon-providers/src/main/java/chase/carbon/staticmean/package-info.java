/**
 * Yearly means by country, for when nothing better is known: they distinguish a coal country from a
 * hydro country, and nothing about the hour. Every value names its year and its source.
 */
@NullMarked
package chase.carbon.staticmean;

import org.jspecify.annotations.NullMarked;
