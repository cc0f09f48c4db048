package chase.daemon.cli;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.SignalKind.Scope;
import chase.daemon.api.SignalBody;
import java.time.Duration;
import java.util.Locale;

/** Turns a number as the daemon tells it back into what it is. */
final class HeardSample {
  private HeardSample() {}

  /**
   * The number with its provenance.
   *
   * @throws CommandException when it is of a kind that this command does not know
   */
  static CarbonIntensity of(SignalBody.Current told) {
    try {
      return new CarbonIntensity(
          new GramsPerKwh(told.carbonIntensityGramsPerKwh()),
          new SignalKind(
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
      throw new CommandException(
          ExitCode.FAILED, "the daemon's answer is not understood: " + e.getMessage());
    }
  }

  private static Provenance origin(SignalBody.Current told) {
    return switch (told.origin()) {
      case "measured" -> new Provenance.Measured();
      case "estimated" -> new Provenance.Estimated(told.estimationMethod().orElse("unstated"));
      case "forecast" ->
          new Provenance.ForecastByProvider(
              Duration.ofSeconds(told.forecastAheadSeconds().orElse(0L)));
      case "replayed" -> new Provenance.Replayed(told.recordedAt().orElse(told.validFrom()));
      default -> throw new IllegalArgumentException("origin " + told.origin());
    };
  }
}
