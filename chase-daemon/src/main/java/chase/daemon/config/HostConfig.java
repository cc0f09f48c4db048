package chase.daemon.config;

import chase.zeus.engine.HostPower;
import chase.zeus.unit.Watts;

/**
 * What else than its GPUs the host runs on.
 *
 * @param wattsPerGpu the draw of processor, memory and fans for each GPU
 * @param measure whether what the processors measure themselves (RAPL) takes its place, where that
 *     can be read
 */
public record HostConfig(Watts wattsPerGpu, boolean measure) {
  /** More than the whole power supply of any server is a mistake in the unit. */
  private static final double MOST_WATTS = 10_000;

  /** Refuses more than any host draws for one GPU. */
  public HostConfig {
    if (wattsPerGpu.value() > MOST_WATTS) {
      throw new IllegalArgumentException(
          "watts-per-gpu must not be above %.0f: %s".formatted(MOST_WATTS, wattsPerGpu));
    }
  }

  /** The host's power as it is configured. */
  public HostPower power() {
    return new HostPower(wattsPerGpu, HostPower.Basis.CONFIGURED);
  }

  static HostConfig read(Section section) throws ConfigException {
    Watts wattsPerGpu =
        section
            .value("watts-per-gpu", "a number of watts, 0 or more", HostConfig::watts)
            .orElse(Watts.ZERO);
    boolean measure = section.yes("measure", false);
    return section.build(() -> new HostConfig(wattsPerGpu, measure));
  }

  private static Watts watts(String text) {
    return new Watts(Double.parseDouble(text));
  }
}
