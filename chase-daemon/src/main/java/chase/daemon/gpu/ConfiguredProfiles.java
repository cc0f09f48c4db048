package chase.daemon.gpu;

import chase.daemon.config.ConfigException;
import chase.daemon.config.GpuConfig;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.ProfileCsv;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  /** A GPU's own profile goes before that of its model, and that before the one for all. */
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
