package chase.daemon.gpu;

import chase.zeus.gpu.GpuTraits;
import chase.zeus.profile.PowerProfile;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the GPUs' workers need from the rest of the daemon.
 *
 * @param vertx where their threads come from
 * @param opener opens the driver again after it went away
 * @param journal where limits are noted before they are written; without one nothing is written
 * @param profiles what jobs draw and achieve on a card, where known
 * @param clock the daemon's clock
 * @param timing how often and how patiently
 */
public record RackNeeds(
    Vertx vertx,
    GpuOpener opener,
    Optional<LimitJournal> journal,
    Function<GpuTraits, Optional<PowerProfile>> profiles,
    InstantSource clock,
    GpuTiming timing) {}
