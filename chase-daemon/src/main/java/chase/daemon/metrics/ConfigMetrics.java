package chase.daemon.metrics;

import static chase.daemon.metrics.Metric.counter;
import static chase.daemon.metrics.Metric.gauge;

import java.util.List;
import java.util.stream.Stream;

/** Which configuration is in force. The first two are called as Prometheus calls its own. */
final class ConfigMetrics {
  static final List<Metric> ALL =
      List.of(
          gauge(
              "chase_config_last_reload_successful",
              "Whether the last reload of the configuration was applied; 1 before the first.",
              scrape -> Stream.of(Sample.of(scrape.config().refused().isPresent() ? 0 : 1))),
          gauge(
              "chase_config_last_reload_success_timestamp_seconds",
              "When the configuration in force was read, at the start or by a reload.",
              scrape -> Stream.of(Sample.of(Sample.seconds(scrape.config().loadedAt())))),
          counter(
              "chase_config_reloads_total",
              "Reloads of the configuration, by result.",
              scrape ->
                  Stream.of(
                      Sample.of((double) scrape.config().reloads(), "result", "applied"),
                      Sample.of((double) scrape.config().refusals(), "result", "refused"))),
          gauge(
              "chase_config_keys_waiting",
              "Keys whose value in the configuration file takes a restart.",
              scrape -> Stream.of(Sample.of((double) scrape.config().waiting().size()))));

  private ConfigMetrics() {}
}
