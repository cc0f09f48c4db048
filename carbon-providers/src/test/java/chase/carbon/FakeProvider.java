package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A provider whose grid is at 100 g/kWh plus its hour of the day. It answers, or fails, as it was
 * told last; it counts every question.
 */
final class FakeProvider {
  static final Duration HOUR = Duration.ofHours(1);

  final String name;
  final Signal signal;
  final InstantSource clock;
  Optional<CarbonUnavailable> failure = Optional.empty();
  Optional<CarbonUnavailable> forecastFailure = Optional.empty();
  Optional<Double> grams = Optional.empty();
  Duration late = Duration.ZERO;
  boolean interrupted;
  int asked;
  int forecastAsked;

  FakeProvider(String name, Signal signal, InstantSource clock) {
    this.name = name;
    this.signal = signal;
    this.clock = clock;
  }

  void fails(Reason reason) {
    fails(reason, Optional.empty());
  }

  void fails(Reason reason, Optional<Duration> retryAfter) {
    failure = Optional.of(new CarbonUnavailable(reason, name + ": " + reason, retryAfter));
    forecastFailure = failure;
  }

  void works() {
    failure = Optional.empty();
    forecastFailure = Optional.empty();
  }

  ChainLink link() {
    return new ChainLink(signal, source(), Optional.of(this::ahead));
  }

  ChainLink linkWithoutForecast() {
    return new ChainLink(signal, source(), Optional.empty());
  }

  /** A mean of a whole year, which is at hand without a question. */
  ChainLink yearly(int year) {
    Instant begin = Instant.parse(year + "-01-01T00:00:00Z");
    CarbonIntensity figure = sample(begin, new Origin.Static(Year.of(year), "test"));
    return new ChainLink(signal, asked(() -> figure), Optional.empty());
  }

  private CarbonSource source() {
    return asked(() -> {
      asked++;
      if (interrupted) {
        throw new InterruptedException();
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      return sample(hour(clock.instant().minus(late)), new Origin.Measured());
    });
  }

  /** What {@link CarbonSource#current} does. */
  private interface Question {
    CarbonIntensity current() throws CarbonUnavailable, InterruptedException;
  }

  private CarbonSource asked(Question question) {
    return new CarbonSource() {
      @Override
      public String provider() {
        return name;
      }

      @Override
      public Region region() {
        return new Region("X");
      }

      @Override
      public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
        return question.current();
      }
    };
  }

  private List<CarbonIntensity> ahead() throws CarbonUnavailable {
    forecastAsked++;
    if (forecastFailure.isPresent()) {
      throw forecastFailure.get();
    }
    List<CarbonIntensity> points = new ArrayList<>();
    Instant first = hour(clock.instant());
    for (int i = 0; i < 48; i++) {
      points.add(sample(first.plus(HOUR.multipliedBy(i)), new Origin.Forecast(HOUR)));
    }
    return points;
  }

  CarbonIntensity sample(Instant from, Origin origin) {
    return new CarbonIntensity(
        new GramsPerKwh(grams.orElse(100.0 + from.getEpochSecond() / 3600 % 24)),
        signal,
        origin,
        name,
        new Region("X"),
        from,
        from.plus(HOUR),
        clock.instant(),
        clock.instant(),
        Optional.empty());
  }

  static Instant hour(Instant at) {
    return Instant.ofEpochSecond(at.getEpochSecond() / 3600 * 3600);
  }
}
