/**
 * Shows the daemon's state to Prometheus. A scrape reads one snapshot and one grid state; it never
 * touches a driver or a provider. What is not known has no series and is never zero. Every metric
 * is described in docs/metrics.md.
 */
@NullMarked
package chase.daemon.metrics;

import org.jspecify.annotations.NullMarked;
