/**
 * The average intensity of five grids of the United States by five minutes, which Chase calculates
 * itself from the fuel mix that each operator publishes: CAISO, ERCOT, NYISO, MISO and SPP, none of
 * which asks for a key. One parser for each operator, one arithmetic ({@link
 * chase.carbon.fuelmix.MixArithmetic}) and one table of emission factors ({@link
 * chase.carbon.fuelmix.Fuel}) for all. The forms of the pages are those that the open-source
 * library gridstatus reads (BSD-3) and that others recorded in 2026. The operators publish for
 * anybody's use; none names a licence.
 */
@NullMarked
package chase.carbon.fuelmix;

import org.jspecify.annotations.NullMarked;
