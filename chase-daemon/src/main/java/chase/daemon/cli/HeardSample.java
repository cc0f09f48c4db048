package chase.daemon.cli;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.carbon.Signal.Margin;
import chase.carbon.Signal.Scope;
import chase.daemon.api.SignalBody;
import java.time.Duration;
import java.util.Locale;

/** Turns a number as the daemon tells it back into what it is. */
final class HeardSample {
  private HeardSample() {}

  /**
   * The number with its provenance.
   *
   * @throws CommandFailed when it is of a kind that this command does not know
   */
  static CarbonIntensity of(SignalBody.Current told) {
    try {
      return new CarbonIntensity(
          new GramsPerKwh(told.carbonIntensityGramsPerKwh()),
          new Signal(
              Margin.valueOf(told.margin().toUpperCase(Locale.ROOT)),
              Scope.valueOf(told.scope().toUpperCase(Locale.ROOT))),
          origin(told),
          told.provider(),
          new Region(told.region()),
          told.validFrom(),
          told.validTo(),
          told.publishedAt(),
          told.fetchedAt(),
          told.modelDate());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          ExitCode.FAILED, "the daemon's answer is not understood: " + e.getMessage());
    }
  }

  private static Origin origin(SignalBody.Current told) {
    return switch (told.origin()) {
      case "measured" -> new Origin.Measured();
      case "estimated" -> new Origin.Estimated(told.estimationMethod().orElse("unstated"));
      case "forecast" ->
          new Origin.Forecast(Duration.ofSeconds(told.forecastAheadSeconds().orElse(0L)));
      case "replayed" -> new Origin.Replayed(told.recordedAt().orElse(told.validFrom()));
      default -> throw new IllegalArgumentException("origin " + told.origin());
    };
  }
}
