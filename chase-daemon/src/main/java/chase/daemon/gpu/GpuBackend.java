package chase.daemon.gpu;

import chase.daemon.config.ConfigException;
import chase.daemon.config.GpuConfig;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.Gpus;
import chase.zeus.gpu.nvml.NvmlGpus;
import chase.zeus.gpu.simulated.SimulatedGpus;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfileCsv;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** NVIDIA's driver or simulated GPUs in its place, and what is known of the GPUs beforehand. */
@FunctionalInterface
public interface GpuBackend {
  /**
   * Opens the driver; again after it went away. Blocks; the caller closes it.
   *
   * @throws GpuException with one readable line when there is no driver
   */
  Gpus open() throws GpuException;

  /** What jobs draw and achieve on a GPU, where the configuration or a preset says it. */
  default Optional<PowerProfile> profile(GpuTraits gpu) {
    return Optional.empty();
  }

  /**
   * Which load of the driver's kernel module is there; empty where there is none, or none is known.
   */
  default Optional<String> loadedModule() {
    return Optional.empty();
  }

  /**
   * The GPUs that a configuration names. Reads their profiles, and opens nothing yet.
   *
   * @throws ConfigException with one line that names the profile that cannot be read
   * @throws IllegalArgumentException with one line that names a profile's line or a preset that is
   *     wrong
   */
  static GpuBackend of(GpuConfig config, InstantSource clock) throws ConfigException {
    ConfiguredProfiles named = ConfiguredProfiles.read(config);
    return switch (config.backend()) {
      case NVML -> new ProfiledGpus(driver(config, clock), named::of);
      case SIMULATED -> simulated(SimulatedGpus.named(config.simulated(), clock), named::of);
    };
  }

  /** Simulated GPUs with the profiles of their presets, where {@code profiles} knows none. */
  static GpuBackend simulated(
      SimulatedGpus gpus, Function<GpuTraits, Optional<PowerProfile>> profiles) {
    return new ProfiledGpus(
        () -> gpus, gpu -> profiles.apply(gpu).or(() -> gpus.profileOf(gpu.id())));
  }

  /** The driver without any profile, to read GPUs or to restore their limits. */
  static GpuBackend driver(GpuConfig config, InstantSource clock) {
    System.Logger log = System.getLogger(GpuBackend.class.getName());
    return switch (config.backend()) {
      case NVML -> new Nvml(config.library(), line -> log.log(Level.INFO, line));
      case SIMULATED -> () -> SimulatedGpus.named(config.simulated(), clock);
    };
  }

  /**
   * The same GPUs with every call to a real one timed and counted.
   *
   * @param nanos a monotonic clock
   */
  default GpuBackend metered(MeteredGpus.CallListener listener, LongSupplier nanos) {
    return new MeteredBackend(this, listener, nanos);
  }

  /** NVIDIA's driver, and its kernel module. */
  record Nvml(Optional<Path> library, Consumer<String> remarks) implements GpuBackend {
    private static final Path MODULE = Path.of("/sys/module/nvidia");

    @Override
    public Gpus open() throws GpuException {
      return NvmlGpus.open(library, remarks);
    }

    /** Every load of a module gives its directory another inode. */
    @Override
    public Optional<String> loadedModule() {
      try {
        return Optional.of(
            String.valueOf(Files.readAttributes(MODULE, BasicFileAttributes.class).fileKey()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * The power profiles that a configuration names, read once.
   *
   * @param byName by UUID or model
   * @param fallback for every other GPU
   */
  record ConfiguredProfiles(Map<String, PowerProfile> byName, Optional<PowerProfile> fallback) {
    static ConfiguredProfiles read(GpuConfig gpu) throws ConfigException {
      Map<String, PowerProfile> byName = new LinkedHashMap<>();
      for (Map.Entry<String, Path> profile : gpu.profiles().entrySet()) {
        byName.put(profile.getKey(), read("gpu.profiles." + profile.getKey(), profile.getValue()));
      }
      return new ConfiguredProfiles(
          byName,
          gpu.profile().isPresent()
              ? Optional.of(read("gpu.profile", gpu.profile().get()))
              : Optional.empty());
    }

    /** A GPU's own profile takes precedence over its model's, and that over the one for all. */
    Optional<PowerProfile> of(GpuTraits traits) {
      return Optional.ofNullable(byName.get(traits.id().uuid()))
          .or(() -> Optional.ofNullable(byName.get(traits.model())))
          .or(() -> fallback);
    }

    private static PowerProfile read(String key, Path file) throws ConfigException {
      try {
        return ProfileCsv.parse(file.toString(), Files.readString(file));
      } catch (NoSuchFileException e) {
        throw new ConfigException.Transient(key + ": " + file + " does not exist");
      } catch (AccessDeniedException e) {
        throw new ConfigException(key + ": no permission to read " + file);
      } catch (IOException e) {
        throw new ConfigException.Transient(key + ": cannot read " + file + ": " + e.getMessage());
      }
    }
  }

  /** A driver whose calls are timed and counted. */
  record MeteredBackend(GpuBackend driver, MeteredGpus.CallListener listener, LongSupplier nanos)
      implements GpuBackend {
    @Override
    public Gpus open() throws GpuException {
      return new MeteredGpus(driver.open(), listener, nanos);
    }

    @Override
    public Optional<PowerProfile> profile(GpuTraits gpu) {
      return driver.profile(gpu);
    }

    @Override
    public Optional<String> loadedModule() {
      return driver.loadedModule();
    }
  }

  /** A driver and the profiles of its GPUs. */
  record ProfiledGpus(GpuBackend driver, Function<GpuTraits, Optional<PowerProfile>> profiles)
      implements GpuBackend {
    @Override
    public Gpus open() throws GpuException {
      return driver.open();
    }

    @Override
    public Optional<String> loadedModule() {
      return driver.loadedModule();
    }

    @Override
    public Optional<PowerProfile> profile(GpuTraits gpu) {
      return profiles.apply(gpu);
    }
  }
}
