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
  private static final Range<Double> WATTS_PER_GPU = Range.numbers(0, 10_000);

  /** The host's power as it is configured. */
  public HostPower power() {
    return new HostPower(wattsPerGpu, HostPower.PowerSource.CONFIGURED);
  }

  static HostConfig read(Section section) throws ConfigException {
    Watts wattsPerGpu = new Watts(section.number("watts-per-gpu", 0, WATTS_PER_GPU));
    boolean measure = section.flag("measure", false);
    return section.build(() -> new HostConfig(wattsPerGpu, measure));
  }
}
