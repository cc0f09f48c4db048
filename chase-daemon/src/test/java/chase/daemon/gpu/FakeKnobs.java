package chase.daemon.gpu;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The knobs of a {@link FakeGpu}, which fail and hang with it and remember what was turned. */
public final class FakeKnobs implements GpuSettings {
  private final FakeGpu gpu;
  private final Map<GpuSettings.ClockDomain, GpuSettings.ClockRange> locked =
      new ConcurrentHashMap<>();
  private final List<String> turns = new CopyOnWriteArrayList<>();
  private volatile boolean persistence;
  private volatile boolean keepsPersistence;
  private volatile Runnable beforeTurn = () -> {};

  FakeKnobs(FakeGpu gpu) {
    this.gpu = gpu;
  }

  @Override
  public boolean persistenceMode() throws GpuException {
    gpu.call();
    return persistence;
  }

  @Override
  public void persistenceMode(boolean on) throws GpuException {
    write("persistence " + on);
    persistence = keepsPersistence ? persistence : on;
  }

  @Override
  public void lockClocks(GpuSettings.ClockDomain domain, GpuSettings.ClockRange range)
      throws GpuException {
    write(domain + " " + range);
    locked.put(domain, range);
  }

  @Override
  public void unlockClocks(GpuSettings.ClockDomain domain) throws GpuException {
    write(domain + " unlocked");
    locked.remove(domain);
  }

  private void write(String turn) throws GpuException {
    gpu.call();
    gpu.refuseWrite();
    beforeTurn.run();
    turns.add(turn);
  }

  /** Runs before each turn reaches the card. */
  public void beforeTurn(Runnable action) {
    beforeTurn = action;
  }

  /** Whether it accepts every persistence mode from now on and keeps the one that it has. */
  public void keepsPersistence(boolean keeps) {
    keepsPersistence = keeps;
  }

  /** The clocks that are locked now. */
  public Optional<GpuSettings.ClockRange> locked(GpuSettings.ClockDomain domain) {
    return Optional.ofNullable(locked.get(domain));
  }

  /** Whether persistence mode is on now. */
  public boolean persistent() {
    return persistence;
  }

  /** Everything that was turned, oldest first. */
  public List<String> turns() {
    return List.copyOf(turns);
  }
}
