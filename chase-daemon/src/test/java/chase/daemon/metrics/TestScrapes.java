package chase.daemon.metrics;

import chase.daemon.fixtures.TestConfigs;
import chase.daemon.gpu.DriverState;
import chase.daemon.grid.GridState;
import chase.daemon.http.FailureCounter;
import chase.daemon.ledger.EmissionsMeter;
import chase.zeus.energy.GpuEnergy;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.KeptState.OperatorPause;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.fixtures.TestSnapshots;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.RejectedReadings;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host with one GPU that reports everything and one that reports nothing. */
public final class TestScrapes {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final GpuId TALKATIVE = new GpuId("GPU-aaaa");
  static final GpuId MUTE = new GpuId("GPU-bbbb");

  private TestScrapes() {}

  /** The name of every metric that a page can show. */
  public static List<String> everyMetricName() {
    return everyMetric()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", -1)[2])
        .toList();
  }

  /** A page that shows every metric. */
  public static String everyMetric() {
    var calls = new DriverCallMetrics();
    calls.onReturned("read", Duration.ofMillis(1));
    calls.onFailed("read", GpuException.Kind.RETRY);
    return page(calls).render(null).text();
  }

  static MetricsPage page(DriverCallMetrics calls) {
    return new MetricsPage(TestScrapes::scrape, calls, requests());
  }

  /** All that there is, read at {@link #NOW}. */
  static Scrape scrape() {
    return scrape(snapshot(SafetyRules.Mode.CONTROL, false), TestGrids.grid(NOW));
  }

  /** One fault, and one client that took too long. */
  static RequestMetrics requests() {
    var requests = new RequestMetrics();
    requests.audited(true, 2);
    requests.failed("metrics");
    requests.closed("control", FailureCounter.CloseReason.SLOW_REQUEST);
    requests.unauthorized("metrics");
    requests.certificateExpires("metrics", Instant.ofEpochSecond(1_800_000_000));
    return requests;
  }

  static Scrape scrape(Snapshot snapshot, GridState grid) {
    return new Scrape(
        snapshot,
        grid,
        TestGrids.signalCalls(),
        emissions(),
        new DriverState.Open(),
        1,
        TestLedgerStatus.standing(),
        TestJobs.totals(),
        TestBatchSizeCounters.counts(),
        3,
        0,
        true,
        TestConfigs.defaults(NOW),
        NOW,
        "0.1.0");
  }

  static Snapshot snapshot(SafetyRules.Mode mode, boolean paused) {
    return new Snapshot(
        NOW,
        mode,
        paused
            ? new Snapshot.Pauses(Optional.of(new OperatorPause(NOW, Optional.empty())), Map.of())
            : Snapshot.Pauses.NONE,
        PowerPolicy.max(),
        Optional.of(outlook()),
        new HostPower(new Watts(95), HostPower.PowerSource.MEASURED),
        List.of(talkative(), mute()),
        List.of(TestJobs.job()),
        Snapshot.Requests.none(NOW),
        Map.of(
            TALKATIVE,
            new Lease(
                Optional.empty(),
                new Lease.Holder("alice", Optional.of(4711L)),
                NOW.plusSeconds(600))),
        List.of(),
        List.of());
  }

  private static EnergyOutlook outlook() {
    return new EnergyOutlook(
        List.of(new EnergyOutlook.Slot(NOW.minusSeconds(60), NOW.plusSeconds(3540), 390)),
        520,
        NOW.plusSeconds(7200));
  }

  static EmissionsMeter.EmissionTotals emissions() {
    return new EmissionsMeter.EmissionTotals(
        Map.of(
            TALKATIVE,
            new EmissionsMeter.EmissionTotals.GpuEmissions(
                Map.of("measured", 12.5), new Joules(3600))));
  }

  /** A GPU that was read well, but not recently, by a daemon whose snapshot is as old. */
  static Scrape scrapeOfSilentCard() {
    Snapshot before = snapshot(SafetyRules.Mode.CONTROL, false);
    return scrape(
        TestSnapshots.snapshot(
            before.at(),
            before.mode(),
            false,
            before.policy(),
            before.outlook(),
            List.of(talkative().asOf(NOW.plusSeconds(11)))),
        TestGrids.silentGrid());
  }

  private static GpuView talkative() {
    var limits = new PowerLimits(new Watts(420), new Watts(400));
    var traits =
        new GpuTraits(
            TALKATIVE,
            0,
            "NVIDIA H100 80GB HBM3",
            Optional.of("00000000:17:00.0"),
            "570.00",
            Optional.of(new PowerRange(new Watts(200), new Watts(700))),
            Optional.of(new Watts(700)),
            Optional.empty(),
            false);
    var reading =
        new GpuReading(
            Optional.of(limits),
            Optional.of(new Watts(398.25)),
            Optional.of(new Joules(1e6)),
            Optional.of(0.97),
            Optional.of(1755),
            Optional.of(2619),
            Optional.of(61),
            Optional.of(Set.of(GpuReading.ClockEventReason.SW_POWER_CAP)),
            Optional.of(Duration.ofMillis(1500)),
            Optional.of(true),
            Optional.of(new GpuReading.Activity(7.5e8, GpuReading.Activity.Source.GPM)));
    return new GpuView(
        traits,
        Optional.of(new Watts(700)),
        Optional.of(new PowerRange(new Watts(420), new Watts(700))),
        Optional.of(new Watts(420)),
        new Reason.Chosen(),
        Optional.of(limits),
        false,
        Optional.empty(),
        Optional.of(reading),
        Optional.of(NOW.minusSeconds(1)),
        Optional.of(
            new GpuEnergy(
                new Joules(123_456.75), new Joules(800.5), GpuEnergy.EnergyBasis.COUNTER)),
        Optional.empty(),
        RejectedReadings.NONE
            .plus(RejectedReadings.ReadingFault.ENERGY_BACK, NOW.minusSeconds(61))
            .plus(RejectedReadings.ReadingFault.ENERGY_BACK, NOW.minusSeconds(60)),
        new GpuView.GpuContact(
            GpuView.GpuContact.ContactState.ANSWERING,
            NOW.minusSeconds(1),
            NOW.plusSeconds(10),
            Optional.empty()),
        new GpuView.WriteCounts(4, 1, 2, 3, 5, 116));
  }

  private static GpuView mute() {
    var traits =
        new GpuTraits(
            MUTE,
            1,
            "Simulated NVIDIA V100",
            Optional.empty(),
            "simulated",
            Optional.empty(),
            Optional.empty(),
            Optional.of("no such setting"),
            true);
    return TestSnapshots.gpu(
        traits,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Reason.Unwritable("no such setting"),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        GpuView.WriteCounts.NONE);
  }
}
