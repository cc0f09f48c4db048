package chase.daemon.cli;

import chase.carbon.forecast.Backtest;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;

/**
 * One figure of {@code chase simulate forecast --format json}.
 *
 * @param protocol {@code exact}: foreseen at every step; {@code day-ahead}: whole days of UTC, at
 *     their beginning
 * @param horizonHours how far ahead; missing for days ahead
 * @param model who foresaw
 * @param errorRatio the mean of |truth - forecast| / truth
 * @param coverage the share of values inside the 80 % interval; missing but for the mix
 * @param count how many values were scored
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record ForecastBody(
    String protocol,
    @JsonProperty("horizon_hours") OptionalDouble horizonHours,
    String model,
    @JsonProperty("error_ratio") double errorRatio,
    OptionalDouble coverage,
    long count) {
  static ForecastBody of(Backtest.ModelAccuracy row) {
    return new ForecastBody(
        row.horizon().isPresent() ? "exact" : "day-ahead",
        row.horizon().isPresent()
            ? OptionalDouble.of(row.horizon().get().toSeconds() / 3600.0)
            : OptionalDouble.empty(),
        row.model().word(),
        row.errorRatio(),
        row.coverage(),
        row.count());
  }
}
