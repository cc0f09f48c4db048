package chase.daemon.profiles;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What two runs of a job must share for one to use the other's profile.
 *
 * @param job the job's name, not blank
 * @param gpuModel the model of its GPUs, not blank
 * @param gpuCount how many it uses, at least 1
 * @param batchSize its batch size, at least 1; empty where the job does not name one
 */
public record JobFingerprint(
    String job, String gpuModel, int gpuCount, Optional<Integer> batchSize) {
  private static final int MAX_NAME_LENGTH = 40;

  /** Enough digits that no two jobs of a host have the same hash. */
  private static final int HASH_DIGITS = 16;

  /** Refuses blank names and counts below 1 with {@link IllegalArgumentException}. */
  public JobFingerprint {
    if (job.isBlank() || gpuModel.isBlank()) {
      throw new IllegalArgumentException("job and GPU model must not be blank");
    }
    if (gpuCount < 1) {
      throw new IllegalArgumentException("GPU count must be at least 1: " + gpuCount);
    }
    if (batchSize.isPresent() && batchSize.get() < 1) {
      throw new IllegalArgumentException("batch size must be at least 1: " + batchSize.get());
    }
  }

  /** A file name that people recognise and that no other fingerprint has. */
  String fileName() {
    String words = job.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String name = words.substring(0, Math.min(MAX_NAME_LENGTH, words.length()));
    return name + "-" + hash() + ".json";
  }

  private String hash() {
    // The text from which the files of earlier versions have their names: it must not change.
    String size =
        batchSize.map(samples -> "OptionalInt[" + samples + "]").orElse("OptionalInt.empty");
    String all = String.join("\0", job, gpuModel, "" + gpuCount, size);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Such as {@code resnet-50 on 4 x NVIDIA A100, batch size 256}. */
  @Override
  public String toString() {
    String batch = batchSize.isPresent() ? ", batch size " + batchSize.get() : "";
    return job + " on " + gpuCount + " x " + gpuModel + batch;
  }
}
