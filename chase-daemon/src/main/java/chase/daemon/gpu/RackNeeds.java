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
 * @param journals where things are noted before they are changed; without them nothing is changed
 * @param profiles what jobs draw and achieve on a card, where known
 * @param clock the daemon's clock
 * @param timing how often and how patiently
 */
public record RackNeeds(
    Vertx vertx,
    GpuBackend opener,
    Optional<GpuJournals> journals,
    Function<GpuTraits, Optional<PowerProfile>> profiles,
    InstantSource clock,
    GpuTiming timing) {}
