package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.unit.Watts;
import java.util.EnumSet;

/** The draw at one moment: the instantaneous field where the card has it, else its own average. */
final class PowerNow {
  private final NvmlDevice device;
  private final FieldReader batch;
  private final Field field;

  PowerNow(NvmlDevice device, boolean moduleOnly) {
    this.device = device;
    this.batch = new FieldReader(device);
    this.field = moduleOnly ? Field.MODULE_POWER_INSTANT : Field.POWER_INSTANT;
    this.batch.exclude(EnumSet.complementOf(EnumSet.of(field)));
  }

  Watts read() throws GpuException {
    Long told = batch.read().get(field);
    long milliwatts =
        told != null
            ? told
            : device
                .query(NvmlQuery.POWER_USAGE)
                .orElseThrow(() -> device.refusal("it tells no power draw"));
    return Watts.ofMilliwatts(milliwatts);
  }
}
