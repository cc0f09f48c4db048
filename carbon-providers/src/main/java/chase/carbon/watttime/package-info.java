/**
 * WattTime v3's marginal intensity. Logs in automatically and rarely: a plan that does not cover a
 * region is reported once, not tried with login after login.
 */
@NullMarked
package chase.carbon.watttime;

import org.jspecify.annotations.NullMarked;
