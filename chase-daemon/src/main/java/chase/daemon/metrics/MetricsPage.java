package chase.daemon.metrics;

import chase.daemon.http.ReadOnlyServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the metrics in the format that a scraper accepts: OpenMetrics, else Prometheus text. */
public final class MetricsPage {
  private final Supplier<Scrape> scrapes;
  private final DriverCallMetrics driverCalls;
  private final RequestMetrics requests;
  private final ExpositionFormats formats = ExpositionFormats.init();

  /**
   * A page that anything on any thread may ask for.
   *
   * @param scrapes reads the state of this moment from memory
   */
  public MetricsPage(
      Supplier<Scrape> scrapes, DriverCallMetrics driverCalls, RequestMetrics requests) {
    this.scrapes = scrapes;
    this.driverCalls = driverCalls;
    this.requests = requests;
  }

  /** A page as it goes out. */
  record Rendered(String contentType, Buffer body) {
    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }

  /** Answers a scraper. */
  public void answer(HttpServerRequest request) {
    Rendered rendered = render(request.getHeader("Accept"));
    ReadOnlyServer.send(request, 200, rendered.contentType(), rendered.body());
  }

  /** The page of this moment for a request with this {@code Accept} header, or with none. */
  Rendered render(@Nullable String accept) {
    ExpositionFormatWriter writer = writer(accept);
    var body = new ByteArrayOutputStream(16_384);
    try {
      writer.write(body, metrics(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Rendered(writer.getContentType(), Buffer.buffer(body.toByteArray()));
  }

  /**
   * OpenMetrics for a client that names it, else Prometheus text. Protobuf, which newer scrapers
   * prefer, is never the only format that they accept.
   */
  private ExpositionFormatWriter writer(@Nullable String accept) {
    var openMetrics = formats.getOpenMetricsTextFormatWriter();
    return openMetrics.accepts(accept) ? openMetrics : formats.getPrometheusTextFormatWriter();
  }

  private MetricSnapshots metrics() {
    List<MetricSnapshot> all = new ArrayList<>(SnapshotMetrics.of(scrapes.get()));
    all.addAll(driverCalls.collect());
    all.addAll(requests.collect());
    return new MetricSnapshots(all);
  }
}
