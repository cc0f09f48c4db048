package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;

/** A card that keeps its limit, fails and hangs as told, and remembers who called. */
public final class FakeGpu implements Gpu {
  private static final PowerRange RANGE = new PowerRange(new Watts(100), new Watts(400));

  private volatile GpuTraits traits;
  private volatile Optional<String> unwritable = Optional.empty();
  private volatile boolean hidesLimits;
  private volatile BinaryOperator<Watts> keeps = (asked, before) -> asked;
  private final List<Watts> writes = new CopyOnWriteArrayList<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger reads = new AtomicInteger();
  private final FakeKnobs knobs = new FakeKnobs(this);
  private volatile List<GpuProcess> processes = List.of();
  private volatile Optional<Joules> counter = Optional.empty();
  private volatile Watts draw = new Watts(90);
  private volatile Watts requested = new Watts(400);
  private volatile Optional<Kind> trouble = Optional.empty();
  private volatile Optional<Kind> writeTrouble = Optional.empty();
  private volatile Optional<Kind> openingTrouble = Optional.empty();
  private final AtomicInteger failingWrites = new AtomicInteger();
  private volatile Kind failingKind = Kind.RETRY;
  private volatile Runnable beforeWrite = () -> {};
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** A card of 100 W to 400 W, at 400 W. */
  public FakeGpu(int index) {
    traits =
        new GpuTraits(
            new GpuId("GPU-" + index),
            index,
            "Fake card",
            Optional.empty(),
            "1.0",
            Optional.of(RANGE),
            Optional.of(RANGE.max()),
            Optional.empty(),
            false);
  }

  @Override
  public GpuTraits traits() {
    return traits;
  }

  @Override
  public GpuTraits refreshTraits() throws GpuException {
    call();
    traits =
        new GpuTraits(
            traits.id(),
            traits.index(),
            traits.model(),
            traits.pciBusId(),
            traits.driverVersion(),
            traits.powerRange(),
            traits.defaultLimit(),
            unwritable,
            traits.simulated());
    return traits;
  }

  @Override
  public GpuReading read() throws GpuException {
    call();
    reads.incrementAndGet();
    return new GpuReading(
        hidesLimits ? Optional.empty() : Optional.of(new PowerLimits(requested, requested)),
        Optional.of(draw),
        counter,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Watts powerDraw() throws GpuException {
    call();
    return draw;
  }

  @Override
  public Joules energy() throws GpuException {
    call();
    return counter.orElseThrow(() -> new GpuException(Kind.REFUSED, "it has no energy counter"));
  }

  @Override
  public GpuSettings settings() {
    return knobs;
  }

  @Override
  public PowerLimits powerLimits() throws GpuException {
    call();
    if (hidesLimits) {
      throw new GpuException(Kind.REFUSED, "it tells no power limit");
    }
    return new PowerLimits(requested, requested);
  }

  @Override
  public List<GpuProcess> processes() throws GpuException {
    call();
    return processes;
  }

  /** From now on that process computes on it. */
  public void computes(long pid) {
    processes = List.of(new GpuProcess(pid, OptionalLong.empty()));
  }

  @Override
  public void limitPower(Watts limit) throws GpuException {
    call();
    refuseWrite();
    if (!RANGE.contains(limit)) {
      throw new GpuException(Kind.REFUSED, limit + " is outside " + RANGE);
    }
    beforeWrite.run();
    requested = keeps.apply(limit, requested);
    writes.add(limit);
  }

  void call() throws GpuException {
    threads.add(Thread.currentThread().getName());
    awaitGate();
    if (trouble.isPresent()) {
      throw new GpuException(trouble.get(), "call: " + trouble.get());
    }
  }

  void opening() throws GpuException {
    call();
    if (openingTrouble.isPresent()) {
      throw new GpuException(openingTrouble.get(), "opening: " + openingTrouble.get());
    }
  }

  void refuseWrite() throws GpuException {
    if (failingWrites.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new GpuException(failingKind, "write: " + failingKind);
    }
    if (writeTrouble.isPresent()) {
      throw new GpuException(writeTrouble.get(), "write: " + writeTrouble.get());
    }
  }

  /** Like a hung driver, not even an interrupt ends it. */
  private void awaitGate() {
    boolean open = false;
    while (!open) {
      try {
        gate.await();
        open = true;
      } catch (InterruptedException e) {
        open = gate.getCount() == 0;
      }
    }
  }

  /** Somebody else's write. */
  public void foreignWrite(Watts limit) {
    requested = limit;
  }

  /** From now on it must not be written, for that reason, or may be again. */
  public void forbid(Optional<String> why) {
    unwritable = why;
  }

  /** Whether it tells no limit from now on. */
  public void hideLimits(boolean hide) {
    hidesLimits = hide;
  }

  /** What the driver keeps from now on of a limit asked for, given the one before. */
  public void keep(BinaryOperator<Watts> kept) {
    keeps = kept;
  }

  /** Every call fails from now on, or none. */
  public void fail(Optional<Kind> kind) {
    trouble = kind;
  }

  /** Opening it fails from now on, or not; its limits can be read and set all the same. */
  public void failOpening(Optional<Kind> kind) {
    openingTrouble = kind;
  }

  /** Every write fails from now on, or none. */
  public void failWrites(Optional<Kind> kind) {
    writeTrouble = kind;
  }

  /** The next {@code times} writes fail. */
  public void failNextWrites(int times, Kind kind) {
    failingKind = kind;
    failingWrites.set(times);
  }

  /** Runs before each write reaches the card. */
  public void beforeWrite(Runnable action) {
    beforeWrite = action;
  }

  /** Calls hang until {@link #release}. */
  public void hang() {
    gate = new CountDownLatch(1);
  }

  /** Calls go on. */
  public void release() {
    gate.countDown();
  }

  /** The limit now. */
  public Watts requested() {
    return requested;
  }

  /** What its job draws from now on. */
  public void draw(Watts watts) {
    draw = watts;
  }

  /** What its energy counter shows from now on; it has none before. */
  public void count(Joules shown) {
    counter = Optional.of(shown);
  }

  /** The knobs, with what was turned. */
  public FakeKnobs turned() {
    return knobs;
  }

  /** All limits that were written. */
  public List<Watts> writes() {
    return List.copyOf(writes);
  }

  /** How often it was read. */
  public int reads() {
    return reads.get();
  }

  /** The names of all threads that called. */
  public Set<String> threads() {
    return Set.copyOf(threads);
  }
}
