package chase.daemon;

import chase.carbon.CarbonSource;
import chase.daemon.gpu.GpuOpener;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.profile.PowerProfile;
import java.util.Optional;
import java.util.function.Function;

/**
 * The outside world as the daemon meets it: what a configuration names, made but not yet asked.
 *
 * @param gpus opens the driver, or the simulated cards
 * @param profiles what jobs draw and achieve on a card, where known
 * @param carbon who knows the grid, empty when nobody is to be asked
 */
public record Ends(
    GpuOpener gpus,
    Function<GpuTraits, Optional<PowerProfile>> profiles,
    Optional<CarbonSource> carbon) {}
