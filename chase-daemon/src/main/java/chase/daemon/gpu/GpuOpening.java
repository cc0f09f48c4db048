package chase.daemon.gpu;

import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.engine.Event;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import java.lang.System.Logger;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Restores what is on record of a GPU, which needs only its UUID, and then opens it. On the one
 * thread that owns it; may be repeated.
 */
final class GpuOpening {
  private static final Logger LOG = System.getLogger(GpuOpening.class.getName());

  private final GpuSlot slot;
  private final GpuBackend backend;
  private final Optional<GpuJournals> journals;
  private final InstantSource clock;
  private Optional<GpuId> id = Optional.empty();
  private List<RestoreOutcome> logged = List.of();

  /** A GPU that is ready for its orders, and the event that describes it. */
  record Opened(GpuOperations operations, Event.GpuOpened event) {}

  GpuOpening(
      GpuSlot slot, GpuBackend backend, Optional<GpuJournals> journals, InstantSource clock) {
    this.slot = slot;
    this.backend = backend;
    this.journals = journals;
    this.clock = clock;
  }

  /** The GPU's place in the driver's list. */
  int index() {
    return slot.index();
  }

  Opened open() throws GpuException {
    Gpu bare = slot.identify();
    requireSame(bare.traits().id());
    journals.ifPresent(known -> log(new GpuRestorer(bare, known).restore()));
    Gpu gpu = slot.open();
    requireSame(gpu.traits().id());
    GpuOperations operations =
        new GpuOperations(gpu, journals, backend.profile(gpu.traits()), clock);
    return new Opened(operations, operations.describe());
  }

  /** A driver whose GPUs have another order now must be opened anew. */
  private void requireSame(GpuId found) throws GpuException {
    if (id.filter(known -> !known.equals(found)).isPresent()) {
      throw new GpuException(
          GpuException.Kind.REOPEN, "GPU " + slot.index() + " is no longer " + id.get());
    }
    id = Optional.of(found);
  }

  /** A failure that repeats is logged once. */
  private void log(List<RestoreOutcome> outcomes) {
    if (!outcomes.equals(logged)) {
      outcomes.forEach(outcome -> LOG.log(outcome.level(), outcome.line()));
    }
    logged = outcomes;
  }
}
