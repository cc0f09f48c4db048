package chase.carbon.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Made-up grids of many kinds, in gCO2/kWh. Nothing here is measured anywhere. */
enum Grids {
  /** Nearly one value. */
  FLAT {
    @Override
    double next(double hours) {
      return 300 + 0.5 * random.nextGaussian();
    }
  },
  /** A day like the other, and noise. */
  DAILY {
    @Override
    double next(double hours) {
      return 300 + 100 * day(hours) + 15 * random.nextGaussian();
    }
  },
  /** Where it goes next nobody can know. */
  WALK {
    @Override
    double next(double hours) {
      state = Math.clamp(state + 8 * Math.sqrt(stepHours) * random.nextGaussian(), -250, 400);
      return 300 + state;
    }
  },
  /** Wind that comes and goes within a day. */
  WIND {
    @Override
    double next(double hours) {
      return 350 * Math.exp(-0.4 * weather(18)) * (1 + 0.15 * day(hours));
    }
  },
  /** Sun, clouds and weekends. */
  SOLAR {
    @Override
    double next(double hours) {
      double clear = 1 / (1 + Math.exp(-1.5 - weather(30)));
      double sun = Math.max(0, day(hours - 6)) * clear;
      return ((long) hours / 24 % 7 >= 5 ? 330 : 400) - 260 * sun;
    }
  },
  /** Spikes of four times the value. */
  SPIKY {
    @Override
    double next(double hours) {
      double usual = 250 + 60 * day(hours) + 8 * random.nextGaussian();
      return random.nextDouble() < 0.01 ? 4 * usual : usual;
    }
  },
  /** A clean grid. */
  CLEAN {
    @Override
    double next(double hours) {
      return Math.max(0, 25 + 6 * weather(40) + 2 * day(hours));
    }
  };

  final Random random = new Random(3);
  double state;
  double stepHours;

  /** The next value, at {@code hours} since the beginning. */
  abstract double next(double hours);

  /** {@code days} days of it, the same ones at every call. */
  double[] values(int days, Duration step) {
    random.setSeed(3);
    state = 0;
    stepHours = step.toMinutes() / 60.0;
    double[] values = new double[(int) (24 * days / stepHours)];
    for (int i = 0; i < values.length; i++) {
      values[i] = next(i * stepHours);
    }
    return values;
  }

  static double day(double hours) {
    return Math.sin(hours * Math.PI / 12);
  }

  /** Normal, and alike within about {@code hours}. */
  double weather(double hours) {
    double kept = Math.exp(-stepHours / hours);
    state = kept * state + Math.sqrt(1 - kept * kept) * random.nextGaussian();
    return state;
  }

  static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
}
