package chase.daemon.ledger;

import static chase.daemon.fixtures.UsageSnapshots.FIRST;
import static chase.daemon.fixtures.UsageSnapshots.KWH;
import static chase.daemon.fixtures.UsageSnapshots.SECOND;
import static chase.daemon.fixtures.UsageSnapshots.gone;
import static chase.daemon.fixtures.UsageSnapshots.gpu;
import static chase.daemon.fixtures.UsageSnapshots.grid;
import static chase.daemon.fixtures.UsageSnapshots.gridWithoutSignal;
import static chase.daemon.fixtures.UsageSnapshots.job;
import static chase.daemon.fixtures.UsageSnapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.fixtures.UsageSnapshots;
import chase.daemon.grid.GridState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UsageMeterTest {
  private static final Offset<Double> CLOSE = within(1e-6);

  private final UsageMeter meter = new UsageMeter(100);

  private void update(Snapshot snapshot, GridState grid) {
    meter.update(snapshot, grid, gpu -> snapshot.jobOn(gpu).map(GpuOwner::of));
  }

  private List<LedgerRows.UsageRow> entries() {
    return meter.drain("t").usage();
  }

  private static Snapshot alone(long second, double joules) {
    return snapshot(second, 0, List.of(), gpu(FIRST, joules, 700));
  }

  @Test
  void energyCarbonAndMoneyAreWeighedWithWhatHoldsAtTheTime() {
    update(snapshot(0, 100, List.of(), gpu(FIRST, 0, 700)), grid(400, 50));
    update(snapshot(60, 100, List.of(), gpu(FIRST, KWH, 700)), grid(400, 50));
    update(snapshot(120, 100, List.of(), gpu(FIRST, 3 * KWH, 500)), grid(100, 200));
    LedgerRows.UsageRow entry = entries().getFirst();
    assertThat(entry.usage().seconds()).isEqualTo(120);
    assertThat(entry.usage().joules()).isEqualTo(3 * KWH);
    assertThat(entry.usage().grams()).isCloseTo(400 + 2 * 100, CLOSE);
    assertThat(entry.usage().money()).isCloseTo(0.05 + 2 * 0.2, CLOSE);
    assertThat(entry.usage().hostJoules()).isEqualTo(12_000);
    assertThat(entry.usage().hostGrams()).isCloseTo(6000 / KWH * 500, CLOSE);
    assertThat(entry.usage().intensitySeconds()).isEqualTo(60 * 500);
    assertThat(entry.secondsAt()).isEqualTo(Map.of(700_000L, 60.0, 500_000L, 60.0));
    assertThat(entry.key().sources().price().orElseThrow().currency()).isEqualTo("EUR");
    assertThat(entry.key().sources().carbon().orElseThrow().kind()).isEqualTo("average, lifecycle");
    assertThat(entry.key().sources().simulated()).isTrue();
  }

  @Test
  void whatHasNoSourceIsInARowOfItsOwn() {
    update(alone(0, 0), gridWithoutSignal());
    update(alone(60, 100), gridWithoutSignal());
    update(alone(120, 300), grid(400));
    List<LedgerRows.UsageRow> entries = entries();
    assertThat(entries).hasSize(2);
    assertThat(entries.getFirst().key().sources().carbon()).isEmpty();
    assertThat(entries.getFirst().key().sources().host()).isEmpty();
    assertThat(entries.getFirst().usage().joules()).isEqualTo(100);
    assertThat(entries.getLast().usage().joules()).isEqualTo(200);
  }

  @Test
  void aGpuWithoutEnergyStillHasTimeAndLimits() {
    var mute = gpu(FIRST, Optional.empty(), Optional.empty());
    update(snapshot(0, 0, List.of(), mute), grid(400));
    update(snapshot(60, 0, List.of(), mute), grid(400));
    LedgerRows.UsageRow entry = entries().getFirst();
    assertThat(entry.key().sources().energy()).isEmpty();
    assertThat(entry.usage().seconds()).isEqualTo(60);
    assertThat(entry.secondsAt()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = "ANSWERING", mode = EnumSource.Mode.EXCLUDE)
  void ofAGpuThatDoesNotAnswerTheEnergyIsUnknownUntilItCountsAgain(
      GpuView.GpuContact.ContactState how) {
    var known = gpu(FIRST, 100, 700);
    update(alone(0, 0), grid(400));
    update(snapshot(60, 0, List.of(), known), grid(400));
    update(snapshot(120, 0, List.of(), gone(known, how)), grid(400));
    update(snapshot(180, 0, List.of(), gone(known, how)), grid(400));
    update(alone(240, 900), grid(400));
    List<LedgerRows.UsageRow> entries = entries();
    assertThat(entries).hasSize(2);
    LedgerRows.UsageRow counted = entries.getFirst();
    assertThat(counted.key().sources().energy()).contains("counter");
    assertThat(counted.usage().joules()).isEqualTo(900);
    assertThat(counted.usage().seconds()).isEqualTo(120);
    LedgerRows.UsageRow unknown = entries.getLast();
    assertThat(unknown.key().sources().energy()).isEmpty();
    assertThat(unknown.usage().joules()).isZero();
    assertThat(unknown.usage().seconds()).isEqualTo(120);
    assertThat(unknown.secondsAt()).isEmpty();
  }

  @Test
  void aNewHourIsANewRow() {
    update(alone(3590, 0), grid(400));
    update(alone(3599, 10), grid(400));
    update(alone(3600, 20), grid(400));
    assertThat(entries()).extracting(entry -> entry.usage().joules()).containsExactly(10.0, 10.0);
  }

  @Test
  void timeIsChargedToTheOwnerAtItsBeginning() {
    JobView job = job("a1", 0, 0, 0, FIRST);
    update(alone(0, 0), grid(400));
    update(snapshot(10, 0, List.of(job), gpu(FIRST, 100, 700)), grid(400));
    update(snapshot(20, 0, List.of(job), gpu(FIRST, 300, 700)), grid(400));
    update(alone(30, 700), grid(400));
    update(alone(40, 1500), grid(400));
    assertThat(joulesOf(entries(), "a1")).isEqualTo(600);
  }

  private static double joulesOf(List<LedgerRows.UsageRow> entries, String job) {
    return entries.stream()
        .filter(entry -> entry.key().job().equals(Optional.of(job)))
        .mapToDouble(entry -> entry.usage().joules())
        .sum();
  }

  @Test
  void workIsWhatTheJobReportedSinceItWasFirstSeen() {
    update(snapshot(0, 0, List.of(job("a1", 5000, 0, 0, FIRST)), gpu(FIRST, 0, 700)), grid(400));
    update(snapshot(60, 0, List.of(job("a1", 5600, 0, 0, FIRST)), gpu(FIRST, 600, 700)), grid(400));
    update(
        snapshot(100, 0, List.of(job("a1", 6000, 95, 100, FIRST)), gpu(FIRST, 1000, 700)),
        grid(400));
    update(
        snapshot(130, 0, List.of(job("a1", 6000, 95, 100, FIRST)), gpu(FIRST, 1300, 700)),
        grid(400));
    update(
        snapshot(150, 0, List.of(job("a1", 6200, 115, 120, FIRST)), gpu(FIRST, 1500, 700)),
        grid(400));
    Usage sums = entries().stream().map(LedgerRows.UsageRow::usage).reduce(Usage.ZERO, Usage::plus);
    assertThat(sums.steps()).isEqualTo(1200);
    assertThat(sums.doneSeconds()).isCloseTo(115, CLOSE);
    assertThat(sums.elapsedSeconds()).isCloseTo(120, CLOSE);
    // Of the last 50 s and 500 J the job worked 20 s.
    assertThat(sums.workJoules()).isCloseTo(1000 + 500 * 0.4, CLOSE);
  }

  /** A job that works all the time reports every second, and is metered at other moments. */
  @RepeatedTest(10)
  void reportsBetweenTwoReadingsLeaveNoEnergyBesideTheWork(RepetitionInfo run) {
    var random = new Random(run.getCurrentRepetition());
    double reported = 0;
    for (int second = 0; second <= 600; second++) {
      while (reported + 1.3 < second) {
        reported += 0.7 + 0.6 * random.nextDouble();
      }
      JobView job = job("a1", second, 0.9 * reported, reported, FIRST);
      update(snapshot(second, 0, List.of(job), gpu(FIRST, 500.0 * second, 700)), grid(400));
    }
    Usage sums = entries().stream().map(LedgerRows.UsageRow::usage).reduce(Usage.ZERO, Usage::plus);
    assertThat(sums.joules()).isEqualTo(300_000);
    assertThat(sums.workJoules()).isCloseTo(300_000, within(1_500.0));
  }

  @Test
  void theWorkOfAnEarlierRunIsNotChargedToTheRunThatTookItOver() {
    for (int second = 0; second <= 60; second += 10) {
      JobView job = second < 30 ? job("a2", 0, 0, 0, FIRST) : job("a2", 9, 900, 1000, FIRST);
      update(snapshot(second, 0, List.of(job), gpu(FIRST, 500.0 * second, 700)), grid(400));
    }
    Usage sums = entries().stream().map(LedgerRows.UsageRow::usage).reduce(Usage.ZERO, Usage::plus);
    assertThat(sums.elapsedSeconds()).isCloseTo(30, within(2.1));
    assertThat(sums.doneSeconds()).isCloseTo(0.9 * sums.elapsedSeconds(), CLOSE);
  }

  @Test
  void bothGpusOfAJobHaveItsWork() {
    JobView begun = job("a1", 0, 0, 0, FIRST, SECOND);
    JobView later = job("a1", 100, 9, 10, FIRST, SECOND);
    update(snapshot(0, 0, List.of(begun), gpu(FIRST, 0, 700), gpu(SECOND, 0, 700)), grid(400));
    update(snapshot(10, 0, List.of(later), gpu(FIRST, 7, 700), gpu(SECOND, 9, 700)), grid(400));
    LedgerRows batch = meter.drain("t");
    assertThat(batch.usage()).extracting(entry -> entry.usage().steps()).containsOnly(100.0);
    assertThat(batch.jobs()).hasSize(1);
  }

  @Test
  void aJobThatIsGoneHasEnded() {
    update(snapshot(0, 0, List.of(job("a1", 10, 0, 0, FIRST)), gpu(FIRST, 0, 700)), grid(400));
    assertThat(meter.drain("t").jobs().getFirst().endedAt()).isEmpty();
    update(alone(10, 5), grid(400));
    LedgerRows.JobRow line = meter.drain("t").jobs().getFirst();
    assertThat(line.endedAt()).contains(UsageSnapshots.at(10));
    assertThat(line.seenAt()).isEqualTo(UsageSnapshots.at(0));
    assertThat(line.steps()).hasValue(10L);
  }

  @Test
  void aTotalThatBeganAgainAndAClockThatWentBackLoseNothing() {
    update(alone(60, 500), grid(400));
    update(alone(30, 200), grid(400));
    update(alone(40, 300), grid(400));
    Usage sums = entries().stream().map(LedgerRows.UsageRow::usage).reduce(Usage.ZERO, Usage::plus);
    assertThat(sums.joules()).isEqualTo(800);
    assertThat(sums.seconds()).isEqualTo(10);
  }

  @Test
  void beyondTheMostTheOldestRowsAreLostAndCounted() {
    for (int hour = 0; hour < 150; hour++) {
      update(alone(3600L * hour, hour), grid(400));
    }
    assertThat(meter.waiting()).isEqualTo(100);
    assertThat(meter.dropped()).isEqualTo(49);
    assertThat(entries().getLast().key().hour())
        .isEqualTo(UsageSnapshots.at(3600 * 149).getEpochSecond() / 3600);
  }

  @RepeatedTest(20)
  void noEnergyIsLostOrInvented(RepetitionInfo run) {
    long seed = run.getCurrentRepetition();
    var random = new Random(seed);
    double total = 0;
    double booked = 0;
    for (int step = 0; step < 60; step++) {
      total += random.nextDouble() * 1000;
      List<JobView> jobs =
          random.nextBoolean()
              ? List.of(job("j" + random.nextInt(3), step, step, step, FIRST))
              : List.of();
      update(
          snapshot(step * 100L, 10, jobs, gpu(FIRST, total, 700)),
          random.nextBoolean() ? grid(250) : gridWithoutSignal());
      if (random.nextInt(5) == 0) {
        booked += entries().stream().mapToDouble(entry -> entry.usage().joules()).sum();
      }
    }
    booked += entries().stream().mapToDouble(entry -> entry.usage().joules()).sum();
    assertThat(booked).as("seed %d", seed).isCloseTo(total, within(1e-6));
  }
}
