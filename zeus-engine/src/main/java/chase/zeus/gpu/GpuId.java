package chase.zeus.gpu;

/**
 * The identity of a GPU, which survives reboots and reordering.
 *
 * @param uuid the driver's UUID, such as {@code GPU-6e8a...}
 */
public record GpuId(String uuid) {
  /** Refuses a blank UUID with {@link IllegalArgumentException}. */
  public GpuId {
    if (uuid.isBlank()) {
      throw new IllegalArgumentException("a GPU's UUID must not be blank");
    }
  }

  @Override
  public String toString() {
    return uuid;
  }
}
