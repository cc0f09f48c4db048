/**
 * The one way in which Chase talks to providers: plain GETs with time limits, a bounded body, no
 * credentials sent to another host, no retries, and every failure told as {@link
 * chase.carbon.CarbonUnavailable} without a secret in it.
 */
@NullMarked
package chase.carbon.http;

import org.jspecify.annotations.NullMarked;
