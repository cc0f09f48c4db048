package chase.zeus.engine;

import static chase.zeus.engine.Given.START;
import static chase.zeus.engine.Given.outlook;
import static chase.zeus.engine.Given.reading;
import static chase.zeus.engine.Given.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever happens, in whatever order. Replay one run with {@code -Dchase.seed=N}. */
class EngineInvariantsTest {
  private static final int STEPS = 2_000;

  static List<Long> seeds() {
    Long replay = Long.getLong("chase.seed");
    return replay != null ? List.of(replay) : new Random(7).longs(40).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ordersAreSafeWhateverHappens(long seed) {
    System.out.println("chase.seed=" + seed);
    World world = new World(new Random(seed));
    for (int step = 0; step < STEPS; step++) {
      world.somethingHappens();
    }
    world.stopAndCheckThatEverythingIsBack();
  }

  /** Two cards with a memory of their own, and a carrier of orders who is sometimes slow. */
  private static final class World {
    private final Random random;
    private final Engine engine =
        new Engine(Given.RULES, PowerPolicy.chase(0.5, OptionalDouble.empty()), START);
    private final List<GpuId> ids = List.of(new GpuId("GPU-a"), new GpuId("GPU-b"));
    private final Map<GpuId, Watts> requested = new HashMap<>();

    /** The limit that a card must get back: the one found, or the last that somebody else set. */
    private final Map<GpuId, Watts> owed = new HashMap<>();

    private final Map<GpuId, Order> onItsWay = new HashMap<>();
    private Instant now = START;

    World(Random random) {
      this.random = random;
      for (GpuId id : ids) {
        requested.put(id, watts(250));
        owed.put(id, watts(250));
        tell(Given.opened(id, 250));
      }
    }

    private Watts limitOf(GpuId gpu) {
      return Objects.requireNonNull(requested.get(gpu));
    }

    private GpuId anyGpu() {
      return ids.get(random.nextInt(ids.size()));
    }

    void somethingHappens() {
      now = now.plusMillis(random.nextInt(30_000));
      switch (random.nextInt(12)) {
        case 0, 1 -> tell(new Event.OutlookChanged(outlook(random.nextDouble(600), now), now));
        case 2, 3 -> tell(new Event.TimePassed(now));
        case 4, 5 -> tellReading(anyGpu());
        case 6, 7, 8 -> carryOut(anyGpu());
        case 9 -> somebodyElseWrites(anyGpu());
        case 10 -> command();
        default -> now = now.plusSeconds(random.nextInt(4_000));
      }
    }

    private void tell(Event event) {
      if (event instanceof Event.Command command && engine.refusal(command).isPresent()) {
        return;
      }
      List<Order> orders = engine.on(event);
      assertThat(orders).extracting(Order::gpu).doesNotHaveDuplicates();
      orders.forEach(this::accept);
    }

    private void accept(Order order) {
      assertThat(onItsWay).doesNotContainKey(order.gpu());
      assertThat(order.limit().value()).isBetween(100.0, 300.0);
      assertThat(order.limit()).isLessThanOrEqualTo(order.original());
      if (!isLeased(order.gpu())) {
        assertThat(order.limit().value()).isGreaterThanOrEqualTo(order.original().value() * 0.6);
      }
      assertThat(order.limit().sameLimitAs(order.expected())).isFalse();
      onItsWay.put(order.gpu(), order);
    }

    private boolean isLeased(GpuId gpu) {
      return engine.snapshot().gpu(gpu).orElseThrow().reason() instanceof Reason.Leased;
    }

    private void tellReading(GpuId gpu) {
      learnForeign(gpu);
      tell(
          new Event.ReadingTaken(
              gpu, reading(limitOf(gpu).value(), Optional.empty(), Optional.empty()), now));
    }

    /** Once Chase sees a limit that it did not set, that limit is the one to put back. */
    private void learnForeign(GpuId gpu) {
      Watts known = engine.snapshot().gpu(gpu).orElseThrow().limits().orElseThrow().requested();
      Order order = onItsWay.get(gpu);
      if (!limitOf(gpu).sameLimitAs(known)
          && (order == null || !limitOf(gpu).sameLimitAs(order.limit()))) {
        owed.put(gpu, limitOf(gpu));
        onItsWay.remove(gpu);
      }
    }

    private void carryOut(GpuId gpu) {
      Order order = onItsWay.remove(gpu);
      if (order == null) {
        return;
      }
      if (!limitOf(gpu).sameLimitAs(order.expected())) {
        owed.put(gpu, limitOf(gpu));
        tell(new Event.ForeignLimitFound(gpu, limitsOf(gpu), now));
        return;
      }
      switch (random.nextInt(8)) {
        case 0 -> tell(failed(order, Kind.RETRY));
        case 1 -> tell(failed(order, Kind.REFUSED));
        default -> {
          requested.put(gpu, order.limit());
          tell(new Event.LimitApplied(gpu, limitsOf(gpu), now));
        }
      }
    }

    private Event failed(Order order, Kind kind) {
      return new Event.LimitFailed(order.gpu(), order.limit(), kind, "by chance", now);
    }

    private PowerLimits limitsOf(GpuId gpu) {
      return new PowerLimits(limitOf(gpu), limitOf(gpu));
    }

    private void somebodyElseWrites(GpuId gpu) {
      if (random.nextInt(5) == 0) {
        requested.put(gpu, watts(100 + random.nextInt(201)));
      }
    }

    private void command() {
      Watts limit = watts(80 + random.nextInt(240));
      tell(
          switch (random.nextInt(9)) {
            case 0 -> new Event.Paused(now);
            case 1, 2 -> new Event.Resumed(now);
            case 3 -> new Event.PolicyChosen(PowerPolicy.fixed(limit), now);
            case 4 -> new Event.PolicyChosen(PowerPolicy.chase(0.5, OptionalDouble.empty()), now);
            case 5, 6 -> lease(Optional.of(limit).filter(some -> random.nextBoolean()));
            case 7 -> new Event.LeaseEnded(anyGpu(), now);
            default ->
                new Event.OverrideSet(
                    anyGpu(), limit, now.plusSeconds(random.nextInt(600) - 60), now);
          });
    }

    private Event lease(Optional<Watts> limit) {
      Lease.Holder holder = new Lease.Holder("alice", OptionalLong.empty());
      return new Event.LeaseTaken(
          anyGpu(), limit, holder, now.plusSeconds(random.nextInt(600) - 60), now);
    }

    void stopAndCheckThatEverythingIsBack() {
      ids.forEach(this::tellReading);
      tell(new Event.Resumed(now));
      tell(new Event.Stopping(now));
      for (int tries = 0; tries < 1_000 && !onItsWay.isEmpty(); tries++) {
        now = now.plusSeconds(1);
        ids.forEach(this::carryOutSurely);
        tell(new Event.TimePassed(now));
      }
      assertThat(requested).isEqualTo(owed);
    }

    private void carryOutSurely(GpuId gpu) {
      Order order = onItsWay.remove(gpu);
      if (order != null) {
        requested.put(gpu, order.limit());
        tell(new Event.LimitApplied(gpu, limitsOf(gpu), now));
      }
    }
  }
}
