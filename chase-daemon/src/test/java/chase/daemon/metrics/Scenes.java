package chase.daemon.metrics;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.GramsPerKwh;
import chase.carbon.Origin;
import chase.carbon.Region;
import chase.carbon.Signal;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.Emissions;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.HostPower;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Lease;
import chase.zeus.engine.Mode;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.Activity;
import chase.zeus.gpu.ClockEventReason;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.Progress;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A host with one card that tells everything and one that tells nothing. */
public final class Scenes {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final GpuId TALKATIVE = new GpuId("GPU-aaaa");
  static final GpuId MUTE = new GpuId("GPU-bbbb");

  private Scenes() {}

  /** The name of every metric that a page can show. */
  public static List<String> everyMetricName() {
    var calls = new CallMetrics();
    calls.took("read", Duration.ofMillis(1));
    calls.failed("read", GpuException.Kind.RETRY);
    return new MetricsPage(sources(calls), () -> NOW)
        .render(null)
        .text()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", -1)[2])
        .toList();
  }

  static MetricsSources sources(CallMetrics calls) {
    return new MetricsSources(
        () -> snapshot(Mode.CONTROL, false), () -> grid(NOW), Scenes::emissions, calls, "0.1.0");
  }

  static Scrape scrape(Snapshot snapshot, GridState grid) {
    return new Scrape(snapshot, grid, emissions(), NOW, "0.1.0");
  }

  static Snapshot snapshot(Mode mode, boolean paused) {
    return new Snapshot(
        NOW,
        mode,
        paused,
        PowerPolicy.max(),
        Optional.empty(),
        new HostPower(new Watts(95), HostPower.Basis.MEASURED),
        List.of(talkative(), mute()),
        List.of(job()),
        Map.of(),
        Map.of(
            TALKATIVE,
            new Lease(
                Optional.empty(),
                new Lease.Holder("alice", OptionalLong.of(4711)),
                NOW.plusSeconds(600))));
  }

  private static JobView job() {
    var spec =
        new JobSpec(
            "resnet",
            List.of(TALKATIVE),
            OptionalInt.of(256),
            OptionalLong.of(90_000),
            Optional.of(NOW.plusSeconds(7200)),
            Optional.of(Watts.ZERO),
            OptionalDouble.of(0.05));
    var progress = Progress.of(NOW.minusSeconds(1020), NOW, 1000, 5000);
    return new JobView(
        new JobId("a1"),
        spec,
        PowerPolicy.budget(0.05),
        NOW.minusSeconds(1100),
        NOW.minusSeconds(4),
        OptionalLong.of(15_000),
        OptionalDouble.of(14.5),
        OptionalDouble.of(15),
        Optional.of(progress),
        Optional.of(new Slack(280, 300)),
        Optional.of(new Watts(420)),
        Optional.empty(),
        Optional.empty(),
        false,
        false);
  }

  static Emissions emissions() {
    return new Emissions(Map.of(TALKATIVE, new Emissions.Share(12.5, new Joules(3600))));
  }

  /** A number whose period ended ten minutes before {@code now}; half an hour is the most. */
  static GridState grid(Instant now) {
    var intensity =
        new CarbonIntensity(
            new GramsPerKwh(412.5),
            new Signal(Signal.Margin.AVERAGE, Signal.Scope.LIFECYCLE),
            new Origin.Measured(),
            "electricitymaps",
            new Region("US-CAL-CISO"),
            now.minusSeconds(4200),
            now.minusSeconds(600),
            now.minusSeconds(900),
            now.minusSeconds(300),
            Optional.empty());
    return grid(Optional.of(intensity), Optional.empty(), OptionalDouble.of(520));
  }

  static GridState silentGrid() {
    var trouble = new GridState.Trouble(CarbonUnavailable.Reason.PROVIDER_DOWN, "no answer", NOW);
    return grid(Optional.empty(), Optional.of(trouble), OptionalDouble.empty());
  }

  private static GridState grid(
      Optional<CarbonIntensity> current,
      Optional<GridState.Trouble> trouble,
      OptionalDouble reference) {
    return new GridState(
        "electricitymaps",
        new Region("US-CAL-CISO"),
        current,
        trouble,
        Duration.ofMinutes(30),
        reference,
        7,
        2);
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
            OptionalDouble.of(0.97),
            OptionalInt.of(1755),
            OptionalInt.of(2619),
            OptionalInt.of(61),
            Optional.of(Set.of(ClockEventReason.SW_POWER_CAP)),
            Optional.of(Duration.ofMillis(1500)),
            Optional.of(true),
            Optional.of(new Activity(7.5e8, Activity.Source.GPM)));
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
        Optional.of(new GpuView.Energy(new Joules(123_456.75), GpuView.Basis.COUNTER)),
        new GpuView.Counts(4, 1, 2, 3));
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
            Optional.of("no such knob"),
            true);
    return new GpuView(
        traits,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Reason.Unwritable("no such knob"),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        GpuView.Counts.NONE);
  }
}
