package chase.daemon.ledger;

import static chase.daemon.ledger.LedgerScenes.FIRST;
import static chase.daemon.ledger.LedgerScenes.SECOND;
import static chase.daemon.ledger.LedgerScenes.gpu;
import static chase.daemon.ledger.LedgerScenes.grid;
import static chase.daemon.ledger.LedgerScenes.job;
import static chase.daemon.ledger.LedgerScenes.snapshot;

import chase.daemon.grid.GridState;
import chase.zeus.engine.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real ledger of a made-up host, which stands still between what the test lets happen. */
public final class KeptLedger {
  private final LedgerKeeper keeper;
  private volatile Snapshot now =
      snapshot(0, 100, List.of(), gpu(FIRST, 0, 450), gpu(SECOND, 0, 450));
  private volatile GridState grid = grid(360, 100);

  /** A ledger in {@code directory}; deploy its keeper. */
  public KeptLedger(Path directory) {
    this.keeper =
        new LedgerKeeper(
            () -> new Tenants(now, Map.of()),
            () -> grid,
            directory,
            Duration.ofDays(400),
            () -> now.at());
  }

  /** What keeps it. */
  public LedgerKeeper keeper() {
    return keeper;
  }

  /** From now on nobody knows the grid. */
  public void loseSignal() {
    grid = LedgerScenes.silent();
  }

  /** A job on two cards for 100 s: 80 s of work at full power, at 400 W for each card. */
  public void aJobOfTwoCards(String id) throws TimeoutException {
    happen(
        snapshot(
            0,
            100,
            List.of(job(id, 0, 0, 0, FIRST, SECOND)),
            gpu(FIRST, 0, 450),
            gpu(SECOND, 0, 450)));
    happen(
        snapshot(
            100,
            100,
            List.of(job(id, 800, 80, 100, FIRST, SECOND)),
            gpu(FIRST, 40_000, 450),
            gpu(SECOND, 40_000, 450)));
    happen(snapshot(100, 100, List.of(), gpu(FIRST, 40_000, 450), gpu(SECOND, 40_000, 450)));
  }

  /** Lets time pass until {@code next}. */
  void happen(Snapshot next) throws TimeoutException {
    now = next;
    keeper.settle().await(10, TimeUnit.SECONDS);
  }
}
