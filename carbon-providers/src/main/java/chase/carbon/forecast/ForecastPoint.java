package chase.carbon.forecast;

import chase.carbon.GramsPerKwh;
import java.time.Instant;

/**
 * The forecast for one slot.
 *
 * @param from its start
 * @param to its end, excluded
 * @param value the value to expect
 * @param low four in five values lie between this one and {@code high}, as measured recently
 * @param high the upper end of that interval
 * @param model whose forecast it is
 */
public record ForecastPoint(
    Instant from,
    Instant to,
    GramsPerKwh value,
    GramsPerKwh low,
    GramsPerKwh high,
    ModelKind model) {}
