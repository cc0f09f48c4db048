package chase.zeus.gpu.nvml;

import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One round of questions to a card. A passing failure costs the answer that it belongs to; a lost
 * card or driver ends the round.
 */
final class Sample {
  private final NvmlDevice device;
  private Map<Field, Long> fields = Map.of();
  private boolean told;
  private @Nullable GpuException failure;

  private Sample(NvmlDevice device) {
    this.device = device;
  }

  static Sample of(NvmlDevice device, FieldReader batch) throws GpuException {
    Sample sample = new Sample(device);
    try {
      sample.fields = batch.read();
      sample.told = !sample.fields.isEmpty();
    } catch (GpuException e) {
      sample.keepFailure(e);
    }
    return sample;
  }

  /** What the batch told about a field. */
  OptionalLong field(Field field) {
    Long value = fields.get(field);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** The answer to a single call, empty where there is none or not this time. */
  OptionalLong query(NvmlQuery query) throws GpuException {
    try {
      OptionalLong answer = device.query(query);
      told |= answer.isPresent();
      return answer;
    } catch (GpuException e) {
      keepFailure(e);
      return OptionalLong.empty();
    }
  }

  /** What the card's counters tell, empty where they tell nothing this time. */
  OptionalDouble gpmUtilization(GpmReader counters) throws GpuException {
    try {
      return counters.utilization();
    } catch (GpuException e) {
      keepFailure(e);
      return OptionalDouble.empty();
    }
  }

  /** The field, or else the single call. */
  OptionalLong fieldOrQuery(Field field, NvmlQuery query) throws GpuException {
    OptionalLong batched = field(field);
    return batched.isPresent() ? batched : query(query);
  }

  /**
   * Ends the round.
   *
   * @throws GpuException the first failure, when nothing at all was told
   */
  void finish() throws GpuException {
    if (!told) {
      throw failure == null ? device.refusal("the driver tells nothing about it") : failure;
    }
  }

  private void keepFailure(GpuException e) throws GpuException {
    if (e.kind() == Kind.LOST || e.kind() == Kind.REOPEN) {
      throw e;
    }
    if (failure == null) {
      failure = e;
    }
  }
}
