package chase.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Promtool;
import chase.zeus.gpu.GpuException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {
  private final MetricsPage page = TestScrapes.page(calls());

  /** Three calls, of which one failed. */
  private static DriverCallMetrics calls() {
    var calls = new DriverCallMetrics();
    calls.onReturned("read", Duration.ofNanos(50_000));
    calls.onReturned("read", Duration.ofMillis(2));
    calls.onReturned("limit_power", Duration.ofMillis(40));
    calls.onFailed("limit_power", GpuException.Kind.REFUSED);
    return calls;
  }

  @Test
  void theWholePageIsTheGoldenOne() throws IOException {
    assertThat(page.render(null).text()).isEqualTo(golden("page.txt"));
  }

  @Test
  void aScraperThatAcceptsOpenMetricsGetsIt() throws IOException {
    MetricsPage.Rendered rendered = page.render("application/openmetrics-text; version=1.0.0");
    assertThat(rendered.contentType()).startsWith("application/openmetrics-text");
    assertThat(rendered.text()).endsWith("# EOF\n").contains("# TYPE chase_gpu info");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",;=q",
        "*/*",
        "text/html, */*",
        "application/vnd.google.protobuf",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text;q=1",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            + "encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
        "text/plain;version=1.0.0;escaping=allow-utf-8",
        "application/json;q=\u0000",
      })
  void everyoneElseGetsPrometheusText(String accept) {
    MetricsPage.Rendered rendered = page.render(accept);
    assertThat(rendered.contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(rendered.text()).isEqualTo(page.render(null).text());
  }

  @Test
  void promtoolFindsNothingToMend(@TempDir Path dir) throws Exception {
    Promtool.assumeThere();
    Path file = Files.writeString(dir.resolve("page.txt"), page.render(null).text());
    assertThat(Promtool.checkMetrics(file)).isEmpty();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = MetricsPageTest.class.getResourceAsStream("/metrics/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
