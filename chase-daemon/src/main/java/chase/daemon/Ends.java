package chase.daemon;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.GpuConfig;
import chase.daemon.gpu.ConfiguredProfiles;
import chase.daemon.gpu.GpuBackend;
import chase.daemon.grid.GridSources;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.nvml.NvmlGpus;
import chase.zeus.gpu.simulated.SimulatedGpus;
import chase.zeus.profile.PowerProfile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The outside world as the daemon meets it: what a configuration names, made but not yet asked.
 *
 * @param gpus opens the driver, or the simulated cards
 * @param profiles what jobs draw and achieve on a card, where known
 * @param grid who knows the grid
 */
public record Ends(
    GpuBackend gpus, Function<GpuTraits, Optional<PowerProfile>> profiles, GridSources grid) {
  private static final Logger LOG = System.getLogger(Ends.class.getName());

  /**
   * The ends that {@code config} names. Reads profiles, traces and secrets, and asks nobody yet.
   *
   * @param environment the process's environment variables, where secrets may be kept
   * @throws StartupException with one line that names the file, variable or word that is wrong
   */
  public static Ends of(ChaseConfig config, Map<String, String> environment, InstantSource clock)
      throws StartupException {
    try {
      ConfiguredProfiles named = ConfiguredProfiles.read(config.gpu());
      return of(config.gpu(), named, GridSources.of(config, environment, clock), clock);
    } catch (ConfigException e) {
      throw StartupException.of(e);
    } catch (IllegalArgumentException e) {
      throw StartupException.permanent(String.valueOf(e.getMessage()));
    }
  }

  private static Ends of(
      GpuConfig gpu, ConfiguredProfiles named, GridSources grid, InstantSource clock) {
    return switch (gpu.backend()) {
      case NVML -> new Ends(gpus(gpu, clock), named::of, grid);
      case SIMULATED -> {
        SimulatedGpus cards = SimulatedGpus.named(gpu.simulated(), clock);
        yield new Ends(
            () -> cards, traits -> named.of(traits).or(() -> cards.profileOf(traits.id())), grid);
      }
    };
  }

  /** The driver alone, for whoever only puts limits back. */
  public static GpuBackend gpus(GpuConfig gpu, InstantSource clock) {
    return switch (gpu.backend()) {
      case NVML -> () -> NvmlGpus.open(gpu.library(), remark -> LOG.log(Level.INFO, remark));
      case SIMULATED -> () -> SimulatedGpus.named(gpu.simulated(), clock);
    };
  }
}
