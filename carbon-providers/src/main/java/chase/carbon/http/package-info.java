/**
 * The one way in which Chase talks to providers: plain GETs with time limits, a bounded body, no
 * credentials sent to another host, a budget of calls, rest where a provider asks for it, a few
 * repetitions, and every failure told as {@link chase.carbon.CarbonUnavailable} without a secret in
 * it.
 */
@NullMarked
package chase.carbon.http;

import org.jspecify.annotations.NullMarked;
