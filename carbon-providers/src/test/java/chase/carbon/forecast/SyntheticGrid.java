package chase.carbon.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Made-up grids of many kinds, in gCO2/kWh. Nothing here is measured anywhere. */
enum SyntheticGrid {
  /** Nearly one value. */
  FLAT {
    @Override
    double next(double hours, Weather weather) {
      return 300 + 0.5 * weather.normal();
    }
  },
  /** A day like the other, and noise. */
  DAILY {
    @Override
    double next(double hours, Weather weather) {
      return 300 + 100 * day(hours) + 15 * weather.normal();
    }
  },
  /** A random walk. */
  WALK {
    @Override
    double next(double hours, Weather weather) {
      return 300 + weather.walk(8, 250);
    }
  },
  /** Wind that comes and goes within a day. */
  WIND {
    @Override
    double next(double hours, Weather weather) {
      return 350 * Math.exp(-0.4 * weather.alikeFor(18)) * (1 + 0.15 * day(hours));
    }
  },
  /** Sun, clouds and weekends. */
  SOLAR {
    @Override
    double next(double hours, Weather weather) {
      double clear = 1 / (1 + Math.exp(-1.5 - weather.alikeFor(30)));
      double sun = Math.max(0, day(hours - 6)) * clear;
      return ((long) hours / 24 % 7 >= 5 ? 330 : 400) - 260 * sun;
    }
  },
  /** Spikes of four times the value. */
  SPIKY {
    @Override
    double next(double hours, Weather weather) {
      double usual = 250 + 60 * day(hours) + 8 * weather.normal();
      return weather.happens(0.01) ? 4 * usual : usual;
    }
  },
  /** A clean grid. */
  CLEAN {
    @Override
    double next(double hours, Weather weather) {
      return Math.max(0, 25 + 6 * weather.alikeFor(40) + 2 * day(hours));
    }
  };

  static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static final long SEED = 3;

  /** The next value, at {@code hours} since the beginning. */
  abstract double next(double hours, Weather weather);

  /** {@code days} days of it, the same ones at every call. */
  double[] values(int days, Duration step) {
    double stepHours = step.toMinutes() / 60.0;
    Weather weather = new Weather(new Random(SEED), stepHours);
    double[] values = new double[(int) (24 * days / stepHours)];
    for (int i = 0; i < values.length; i++) {
      values[i] = next(i * stepHours, weather);
    }
    return values;
  }

  private static double day(double hours) {
    return Math.sin(hours * Math.PI / 12);
  }

  /** What moves a grid by chance. */
  static final class Weather {
    private final Random random;
    private final double stepHours;
    private double state;

    Weather(Random random, double stepHours) {
      this.random = random;
      this.stepHours = stepHours;
    }

    double normal() {
      return random.nextGaussian();
    }

    boolean happens(double chance) {
      return random.nextDouble() < chance;
    }

    /** Normal, and alike within about {@code hours}. */
    double alikeFor(double hours) {
      double kept = Math.exp(-stepHours / hours);
      state = kept * state + Math.sqrt(1 - kept * kept) * normal();
      return state;
    }

    /** A walk of {@code hourly} an hour that turns back at {@code most}. */
    double walk(double hourly, double most) {
      state = Math.clamp(state + hourly * Math.sqrt(stepHours) * normal(), -most, most);
      return state;
    }
  }
}
