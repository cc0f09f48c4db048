/**
 * WattTime v3's marginal intensity. Logs in by itself, and never often: a plan that does not cover
 * a region is told once, not tried with login after login.
 */
@NullMarked
package chase.carbon.watttime;

import org.jspecify.annotations.NullMarked;
