/**
 * PJM, the grid of thirteen states from New Jersey to Illinois, by its Data Miner 2 API and the
 * user's own free key: the operator's marginal emission rate by five minutes, for the whole or for
 * a zone, or the average of its hourly generation by fuel, which Chase calculates as it does for
 * other operators. The forms of the feeds, their limits for those who are no members (six calls a
 * minute) and the numbers of the zones are as users of the API recorded them in 2026. The data may
 * be used by whom the key belongs to; it is not to be passed on.
 */
@NullMarked
package chase.carbon.pjm;

import org.jspecify.annotations.NullMarked;
