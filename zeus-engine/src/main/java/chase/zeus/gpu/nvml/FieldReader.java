package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import com.sun.jna.Memory;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Several fields of one GPU with one native call; a field that the GPU lacks is queried once. */
final class FieldReader {
  /** The layout of nvmlFieldValue_t on 64-bit Linux. */
  private static final int SIZE = 40;

  private static final int SCOPE = 4;
  private static final int TYPE = 24;
  private static final int RETURN = 28;
  private static final int VALUE = 32;

  private final NvmlDevice device;
  private final Memory values = new Memory((long) SIZE * NvmlField.values().length);
  private final Set<NvmlField> fields = EnumSet.allOf(NvmlField.class);

  FieldReader(NvmlDevice device) {
    this.device = device;
  }

  /** Whether the GPU may have this field. */
  boolean isSupported(NvmlField field) {
    return fields.contains(field);
  }

  /** Stops querying these fields. */
  void exclude(Set<NvmlField> excluded) {
    fields.removeAll(excluded);
  }

  /**
   * The fields that the GPU returned this time.
   *
   * @throws GpuException when the whole call failed, or a field says that GPU or driver are gone
   */
  Map<NvmlField, Long> read() throws GpuException {
    if (fields.isEmpty()) {
      return Map.of();
    }
    List<NvmlField> order = List.copyOf(fields);
    for (int i = 0; i < order.size(); i++) {
      prepare(order.get(i), (long) SIZE * i);
    }
    int code = device.readFields(order.size(), values);
    if (NvmlReturn.isAbsent(code)) {
      fields.clear();
      return Map.of();
    }
    if (code != NvmlReturn.SUCCESS) {
      throw device.failure(code, "nvmlDeviceGetFieldValues");
    }
    Map<NvmlField, Long> read = new EnumMap<>(NvmlField.class);
    for (int i = 0; i < order.size(); i++) {
      NvmlField field = order.get(i);
      result(field, (long) SIZE * i).ifPresent(value -> read.put(field, value));
    }
    return read;
  }

  private void prepare(NvmlField field, long at) {
    values.setInt(at, field.id());
    values.setInt(at + SCOPE, field.scope());
    // A driver that skips a field must not leave the last poll's result there.
    values.setInt(at + RETURN, NvmlReturn.UNKNOWN);
  }

  private Optional<Long> result(NvmlField field, long at) throws GpuException {
    int code = values.getInt(at + RETURN);
    // Older drivers return "invalid argument" for an id or a scope that they do not know.
    if (NvmlReturn.isAbsent(code) || code == NvmlReturn.INVALID_ARGUMENT) {
      fields.remove(field);
      return Optional.empty();
    }
    if (code == NvmlReturn.SUCCESS) {
      return value(at);
    }
    return switch (NvmlReturn.kind(code)) {
      case LOST, REOPEN -> throw device.failure(code, "field " + field.id());
      case RETRY, REFUSED -> Optional.empty();
    };
  }

  /** Decodes the union by its type (nvml.h, nvmlValueType_t); a negative number is no reading. */
  private Optional<Long> value(long at) {
    long value =
        switch (values.getInt(at + TYPE)) {
          case 0 -> rounded(values.getDouble(at + VALUE));
          case 1 -> Integer.toUnsignedLong(values.getInt(at + VALUE));
          case 2, 3, 4 -> values.getLong(at + VALUE);
          case 5 -> values.getInt(at + VALUE);
          case 6 -> Short.toUnsignedInt(values.getShort(at + VALUE));
          default -> -1;
        };
    return value < 0 ? Optional.empty() : Optional.of(value);
  }

  private static long rounded(double value) {
    return Double.isFinite(value) ? Math.round(value) : -1;
  }

  /**
   * A field id of the batched call (nvml.h, NVML_FI_DEV_*) with its scope: 0 the GPU, 1 its module.
   */
  enum NvmlField {
    /** Averaged over 1 s; Ampere (but GA100) and newer. Milliwatts. */
    POWER_AVERAGE(185, 0),
    /** Every architecture. Milliwatts. */
    POWER_INSTANT(186, 0),
    /** Where only the draw of the module of CPU and GPU is reported, such as Grace Hopper. */
    MODULE_POWER_AVERAGE(185, 1),
    MODULE_POWER_INSTANT(186, 1),
    /** Millijoules since the driver was loaded. */
    ENERGY(83, 0),
    /** Milliwatts. */
    ENFORCED_LIMIT(190, 0),
    /** Milliwatts. */
    REQUESTED_LIMIT(192, 0),
    /** Nanoseconds slowed by the power limit since the driver was loaded. */
    POWER_CAPPED(74, 0);

    private final int id;
    private final int scope;

    NvmlField(int id, int scope) {
      this.id = id;
      this.scope = scope;
    }

    int id() {
      return id;
    }

    int scope() {
      return scope;
    }
  }
}
