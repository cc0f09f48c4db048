package chase.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.Region;
import chase.daemon.events.Notification;
import chase.daemon.fixtures.FakeGpu;
import chase.daemon.grid.GridState;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotificationTextTest {
  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final PowerLimits FOUND = new PowerLimits(new Watts(400), new Watts(400));

  private final FakeGpu gpu = new FakeGpu(0);

  private GridState grid = GridState.withoutProvider(new Region("none"), Duration.ofHours(2));

  private List<String> texts(SafetyRules.Mode mode, PowerPolicy policy, Event... events) {
    SafetyRules rules =
        new SafetyRules(mode, 0.5, Duration.ZERO, Duration.ofMinutes(10), Duration.ofSeconds(5));
    Engine engine = new Engine(rules, policy, START);
    List<String> texts = new ArrayList<>();
    for (Event event : events) {
      Snapshot before = engine.snapshot();
      engine.on(event);
      NotificationText.of(event, before, engine.snapshot(), () -> grid).stream()
          .map(Notification::text)
          .forEach(texts::add);
    }
    return texts;
  }

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  private Event opened() {
    return new Event.GpuOpened(gpu.traits(), Optional.of(FOUND), Optional.empty(), at(1));
  }

  @Test
  void anObservedDecisionIsDescribedAsWhatWouldHappen() {
    Event chosen = new Event.PolicyChosen(PowerPolicy.fixed(new Watts(250)), at(2));
    assertThat(
            texts(
                SafetyRules.Mode.OBSERVE,
                PowerPolicy.max(),
                opened(),
                chosen,
                new Event.TimePassed(at(3))))
        .containsExactly(
            "GPU 0 is Fake GPU, limit 400 W",
            "the policy is fixed:250",
            "GPU 0 would go to 250 W (observe mode): policy fixed:250 always chooses this limit");
  }

  @Test
  void aSignalThatGrewTooOldIsReportedOnce() {
    EnergyOutlook outlook =
        new EnergyOutlook(List.of(new EnergyOutlook.Slot(at(0), at(10), 300)), 400, at(20));
    assertThat(
            texts(
                SafetyRules.Mode.CONTROL,
                PowerPolicy.max(),
                new Event.OutlookChanged(outlook, at(1)),
                new Event.TimePassed(at(19)),
                new Event.TimePassed(at(20)),
                new Event.TimePassed(at(21))))
        .containsExactly("the last number is too old to act on since 2026-11-23T10:00:20Z");
  }

  @Test
  void aFailureNamesTheLimitAndTheReason() {
    Event failed =
        new Event.LimitFailed(gpu.traits().id(), new Watts(250), Kind.REFUSED, "no right", at(2));
    assertThat(texts(SafetyRules.Mode.CONTROL, PowerPolicy.fixed(new Watts(250)), opened(), failed))
        .last()
        .isEqualTo("GPU 0 was not set to 250 W: no right");
  }

  @Test
  void aJobsLifeIsReported() {
    JobId id = new JobId("a1");
    JobSpec spec =
        new JobSpec(
            "resnet",
            List.of(gpu.traits().id()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0.05));
    assertThat(
            texts(
                SafetyRules.Mode.CONTROL,
                PowerPolicy.max(),
                opened(),
                new Event.JobStarted(id, spec, at(2)),
                new Event.StepsReported(id, 1, at(3)),
                new Event.JobEnded(id, at(4)),
                new Event.JobStarted(id, spec, at(5)),
                new Event.TimePassed(at(605))))
        .containsExactly(
            "GPU 0 is Fake GPU, limit 400 W",
            "job a1 (resnet) began on GPU 0 under budget:0.05 (at most 5 % slower)",
            "job a1 (resnet) ended",
            "job a1 (resnet) began on GPU 0 under budget:0.05 (at most 5 % slower)",
            "GPU 0 has not answered since 2026-11-23T10:00:01Z; it has no figures until it does",
            "job a1 (resnet) reported nothing for too long: ended");
  }

  @Test
  void aGpuThatStopsAnsweringIsReportedOnceAndAgainWhenItIsBack() throws Exception {
    Event read = new Event.ReadingTaken(gpu.traits().id(), gpu.read(), at(2));
    assertThat(
            texts(
                SafetyRules.Mode.CONTROL,
                PowerPolicy.max(),
                opened(),
                read,
                new Event.ReadingFailed(gpu.traits().id(), "Unknown Error", at(3)),
                new Event.ReadingFailed(gpu.traits().id(), "Unknown Error", at(62)),
                new Event.TimePassed(at(63)),
                new Event.TimePassed(at(64)),
                new Event.ReadingTaken(gpu.traits().id(), gpu.read(), at(65)),
                new Event.GpuLost(
                    gpu.traits().id(),
                    "no answer within 10 s",
                    GpuView.GpuContact.ContactState.HUNG,
                    at(66))))
        .containsExactly(
            "GPU 0 is Fake GPU, limit 400 W",
            "GPU 0 has not answered since 2026-11-23T10:00:02Z: Unknown Error; it has no figures"
                + " until it does",
            "GPU 0 answers again",
            "GPU 0 hangs: no answer within 10 s");
  }

  /** The log, the events and {@code chase explain} have one narrator. */
  @Test
  void whereMoneyAloneCountsALimitIsExplainedInMoney() {
    grid = PriceTextTest.pricedFrom(START);
    Event observed =
        new Event.OutlookChanged(
            new EnergyOutlook(
                List.of(new EnergyOutlook.Slot(at(0), at(3600), 60)), 110, at(7200), "EUR/MWh", 1),
            at(2));
    PowerProfile profile =
        new PowerProfile(
            List.of(
                new PowerProfile.Point(new Watts(200), new Watts(190), 90),
                new PowerProfile.Point(new Watts(400), new Watts(380), 100)));
    assertThat(
            texts(
                SafetyRules.Mode.OBSERVE,
                PowerPolicy.parse("chase:1"),
                new Event.GpuOpened(gpu.traits(), Optional.of(FOUND), Optional.of(profile), at(1)),
                observed,
                new Event.TimePassed(at(3))))
        .last()
        .isEqualTo(
            "GPU 0 would go to 200 W (observe mode): policy chase:1 finds this limit cheapest while"
                + " energy in DK1 costs 82.50 EUR/MWh (measured), 75 % of the reference 110");
  }
}
