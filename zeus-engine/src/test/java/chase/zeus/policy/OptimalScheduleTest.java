package chase.zeus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.OptimalSchedule.Segment;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;

class OptimalScheduleTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final PowerProfile PROFILE =
      new PowerProfile(List.of(point(100, 100, 60), point(150, 150, 85), point(200, 210, 100)));

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  private static List<Slot> hours(double... weights) {
    List<Slot> slots = new ArrayList<>();
    for (double weight : weights) {
      Instant from = START.plusSeconds(3600L * slots.size());
      slots.add(new Slot(from, from.plusSeconds(3600), weight));
    }
    return slots;
  }

  private static double seconds(Segment span) {
    return JobProgress.seconds(span.from(), span.to());
  }

  @Test
  void theDirtyHourIsTheSlowOne() {
    OptimalSchedule schedule =
        OptimalSchedule.cheapest(hours(300, 100), PROFILE, Optional.empty(), 3600 * 1.85)
            .orElseThrow();
    assertThat(schedule.segments())
        .extracting(Segment::limit)
        .containsExactly(Optional.of(new Watts(150)), Optional.of(new Watts(200)));
  }

  @Test
  void aJobIsDoneEarlyWhereMoreTimeSavesNothing() {
    OptimalSchedule schedule =
        OptimalSchedule.cheapest(hours(100, 100, 100), PROFILE, Optional.empty(), 3600)
            .orElseThrow();
    assertThat(schedule.segments())
        .extracting(Segment::limit)
        .containsOnly(Optional.of(new Watts(100)));
    assertThat(schedule.segments().stream().mapToDouble(OptimalScheduleTest::seconds).sum())
        .isCloseTo(6000, within(1e-6));
  }

  @Test
  void aJobThatMayPausePausesInTheDirtyHour() {
    OptimalSchedule schedule =
        OptimalSchedule.cheapest(hours(100, 900, 100), PROFILE, Optional.of(Watts.ZERO), 5000)
            .orElseThrow();
    assertThat(schedule.segments())
        .contains(new Segment(START.plusSeconds(3600), START.plusSeconds(7200), Optional.empty()));
    assertThat(schedule.segments()).allMatch(span -> seconds(span) > 0);
  }

  @Test
  void whatCannotBeDoneInTimeHasNoSchedule() {
    assertThat(OptimalSchedule.cheapest(hours(100), PROFILE, Optional.empty(), 3601)).isEmpty();
  }

  @Test
  void noLinearProgramFindsAnythingCheaper() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      PowerProfile profile = random(random);
      double[] weights =
          DoubleStream.generate(() -> random.nextInt(5) == 0 ? 100 : random.nextDouble(20, 600))
              .limit(2 + random.nextInt(10))
              .toArray();
      double work = 3600 * weights.length * random.nextDouble(0.55, 1);
      for (Optional<Watts> idle : idles()) {
        Optional<OptimalSchedule> schedule =
            OptimalSchedule.cheapest(hours(weights), profile, idle, work);
        OptionalDouble best = byLinearPrograms(weights, profile, idle, work);
        assertThat(schedule.isPresent()).as("seed %d", seed).isEqualTo(best.isPresent());
        if (schedule.isPresent()) {
          double cost = cost(schedule.get(), weights, profile, idle);
          assertThat(cost / best.orElseThrow()).as("seed %d", seed).isCloseTo(1, within(1e-7));
          assertThat(work(schedule.get(), profile))
              .as("seed %d", seed)
              .isCloseTo(work, within(1e-3));
        }
      }
    }
  }

  private static List<Optional<Watts>> idles() {
    return List.of(Optional.empty(), Optional.of(Watts.ZERO), Optional.of(new Watts(45)));
  }

  private static PowerProfile random(Random random) {
    List<Point> points = new ArrayList<>();
    double throughput = 40;
    for (int limit = 100; limit <= 150 + 25 * random.nextInt(6); limit += 25) {
      throughput += random.nextDouble(-1, 12);
      points.add(point(limit, limit * random.nextDouble(0.9, 1), throughput));
    }
    return new PowerProfile(points);
  }

  private static double cost(
      OptimalSchedule schedule, double[] weights, PowerProfile profile, Optional<Watts> idle) {
    double cost = 0;
    for (Segment span : schedule.segments()) {
      int slot = (int) (JobProgress.seconds(START, span.from()) / 3600 + 1e-9);
      Watts power =
          span.limit()
              .map(limit -> profile.at(limit).orElseThrow().power())
              .orElseGet(idle::orElseThrow);
      cost += weights[slot] * power.value() * seconds(span);
    }
    return cost;
  }

  private static double work(OptimalSchedule schedule, PowerProfile profile) {
    return schedule.segments().stream()
        .filter(span -> span.limit().isPresent())
        .mapToDouble(
            span -> seconds(span) * rate(profile.at(span.limit().get()).orElseThrow(), profile))
        .sum();
  }

  private static double rate(Point point, PowerProfile profile) {
    return point.throughput() / profile.points().getLast().throughput();
  }

  /** The best of one program for each slot that the job might end in, over all measured limits. */
  private static OptionalDouble byLinearPrograms(
      double[] weights, PowerProfile profile, Optional<Watts> idle, double work) {
    OptionalDouble best = OptionalDouble.empty();
    for (int last = 0; last < weights.length; last++) {
      OptionalDouble value = byLinearProgram(weights, last, profile, idle, work);
      if (value.isPresent() && (best.isEmpty() || value.getAsDouble() < best.getAsDouble())) {
        best = value;
      }
    }
    return best;
  }

  /** An independent solver's answer; times in hours and work in hours keep its numbers tame. */
  private static OptionalDouble byLinearProgram(
      double[] weights, int last, PowerProfile profile, Optional<Watts> idle, double work) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Expression allWork = model.newExpression("work").level(work / 3600);
    for (int slot = 0; slot <= last; slot++) {
      Expression time = model.newExpression("slot " + slot).upper(1.0);
      if (slot < last) {
        time.lower(1.0);
      }
      for (Point point : profile.points()) {
        var share =
            model
                .newVariable(slot + " at " + point.limit())
                .lower(0)
                .weight(weights[slot] * point.power().value() * 1e-3);
        time.set(share, 1);
        allWork.set(share, rate(point, profile));
      }
      if (idle.isPresent()) {
        time.set(
            model
                .newVariable(slot + " at rest")
                .lower(0)
                .weight(weights[slot] * idle.get().value() * 1e-3),
            1);
      }
    }
    Optimisation.Result result = model.minimise();
    return result.getState().isFeasible()
        ? OptionalDouble.of(result.getValue() * 1e3 * 3600)
        : OptionalDouble.empty();
  }
}
