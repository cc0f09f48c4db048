/**
 * The one way in which Chase talks to providers: plain GETs with time limits, a bounded body, no
 * credentials sent to another host, a budget of calls, a pause where a provider wants one, a few
 * repetitions, and every failure as {@link chase.carbon.CarbonUnavailable} without a secret in it.
 */
@NullMarked
package chase.carbon.http;

import org.jspecify.annotations.NullMarked;
