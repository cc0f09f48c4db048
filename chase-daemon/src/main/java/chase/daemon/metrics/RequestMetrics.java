package chase.daemon.metrics;

import chase.daemon.http.FailureCounter;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Counts what went wrong between the daemon's servers and their clients. */
public final class RequestMetrics implements FailureCounter {
  private final Counter failures =
      Counter.builder()
          .name("chase_http_failures_total")
          .help("Requests that failed by a fault of Chase's; its log has each kind once.")
          .labelNames("listener")
          .withoutExemplars()
          .build();
  private final Counter closed =
      Counter.builder()
          .name("chase_http_connections_closed_total")
          .help("Connections that Chase closed on its clients, by why.")
          .labelNames("listener", "reason")
          .withoutExemplars()
          .build();
  private final Counter unauthorized =
      Counter.builder()
          .name("chase_http_unauthorized_requests_total")
          .help("Requests that did not show the listener's token.")
          .labelNames("listener")
          .withoutExemplars()
          .build();
  private final Gauge expiry =
      Gauge.builder()
          .name("chase_tls_certificate_expiry_timestamp_seconds")
          .help("When the certificate that a listener serves expires.")
          .labelNames("listener")
          .withoutExemplars()
          .build();

  private final Counter audited =
      Counter.builder()
          .name("chase_audit_lines_total")
          .help("Lines of the audit log, written or lost because it could not be written.")
          .labelNames("result")
          .withoutExemplars()
          .build();

  /** Nothing counted yet. */
  public RequestMetrics() {}

  @Override
  public void failed(String listener) {
    failures.labelValues(listener).inc();
  }

  @Override
  public void closed(String listener, FailureCounter.CloseReason reason) {
    closed.labelValues(listener, reason.name().toLowerCase(Locale.ROOT)).inc();
  }

  @Override
  public void unauthorized(String listener) {
    unauthorized.labelValues(listener).inc();
  }

  @Override
  public void certificateExpires(String listener, Instant at) {
    expiry.labelValues(listener).set((double) at.getEpochSecond());
  }

  /** So many lines of the audit log were written or, where they could not be, lost. */
  public void audited(boolean written, int lines) {
    audited.labelValues(written ? "written" : "lost").inc(lines);
  }

  List<MetricSnapshot> collect() {
    return Stream.<MetricSnapshot>of(
            audited.collect(),
            failures.collect(),
            closed.collect(),
            unauthorized.collect(),
            expiry.collect())
        .filter(metric -> !metric.getDataPoints().isEmpty())
        .toList();
  }
}
