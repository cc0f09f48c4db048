package chase.zeus.engine;

import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.policy.SlowdownBound;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a job registers about itself when it starts.
 *
 * @param name its name, which recurring runs share
 * @param gpus the GPUs that work on it together, each once
 * @param batchSize samples a step, over all GPUs
 * @param totalSteps the count at which it is done
 * @param deadline when it must be done; only with {@code totalSteps}
 * @param idle the power draw of a GPU while the job pauses, 0 W when it releases the GPU; empty for
 *     a job that may not be paused; only with {@code deadline}
 * @param slowdownBound the maximum slowdown against full power, such as 0.03
 * @param labels labels that distinguish jobs for people, such as team and experiment
 * @param user the owner, as the host knows; empty where it does not
 * @param uid the number of the same user, which alone tells two users apart; empty where it is not
 *     known
 * @param key the key by which a repeated registration of the same user is recognized
 */
public record JobSpec(
    String name,
    List<GpuId> gpus,
    Optional<Integer> batchSize,
    Optional<Long> totalSteps,
    Optional<Instant> deadline,
    Optional<Watts> idle,
    Optional<Double> slowdownBound,
    Map<String, String> labels,
    Optional<String> user,
    Optional<Long> uid,
    Optional<String> key) {
  /** Nanoseconds in 64 bits reach 292 years; plans need no more. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_KEY = 100;

  /** A job without labels, owner and key. */
  public JobSpec(
      String name,
      List<GpuId> gpus,
      Optional<Integer> batchSize,
      Optional<Long> totalSteps,
      Optional<Instant> deadline,
      Optional<Watts> idle,
      Optional<Double> slowdownBound) {
    this(
        name,
        gpus,
        batchSize,
        totalSteps,
        deadline,
        idle,
        slowdownBound,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A job whose owner's number is not known. */
  public JobSpec(
      String name,
      List<GpuId> gpus,
      Optional<Integer> batchSize,
      Optional<Long> totalSteps,
      Optional<Instant> deadline,
      Optional<Watts> idle,
      Optional<Double> slowdownBound,
      Map<String, String> labels,
      Optional<String> user,
      Optional<String> key) {
    this(
        name,
        gpus,
        batchSize,
        totalSteps,
        deadline,
        idle,
        slowdownBound,
        labels,
        user,
        Optional.empty(),
        key);
  }

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException with one line on the first value that cannot be, or that
   *     contradicts another
   */
  public JobSpec {
    gpus = List.copyOf(gpus);
    labels = Labels.checked(labels);
    require(
        isPrintable(name, LONGEST_NAME),
        "a job's name has 1 to " + LONGEST_NAME + " printable characters");
    require(
        key.isEmpty() || isPrintable(key.get(), LONGEST_KEY),
        "a registration's key has 1 to " + LONGEST_KEY + " printable characters");
    require(!gpus.isEmpty(), "a job needs at least one GPU");
    requireEachOnce(gpus);
    require(batchSize.orElse(1) > 0, "a batch size must be above 0: " + batchSize.orElse(1));
    require(totalSteps.orElse(1L) > 0, "total steps must be above 0: " + totalSteps.orElse(1L));
    require(
        deadline.isEmpty() || totalSteps.isPresent(),
        "a deadline can only be kept when the total of steps is known");
    require(
        deadline.isEmpty()
            || (!deadline.get().isBefore(EARLIEST) && !deadline.get().isAfter(LATEST)),
        "a deadline must be from " + EARLIEST + " to " + LATEST);
    require(idle.isEmpty() || deadline.isPresent(), "a deferrable job needs a deadline");
    slowdownBound.ifPresent(PowerPolicy::budget); // refuses impossible bounds
  }

  /** The policy that the job registers; empty when its GPU's or host's policy decides. */
  public Optional<PowerPolicy> policy() {
    return slowdownBound.isPresent() || deadline.isPresent()
        ? Optional.of(PowerPolicy.budget(slowdownBound.orElse(SlowdownBound.DEFAULT.share())))
        : Optional.empty();
  }

  /** Whether both are runs of one user's job on the same GPUs; never where the user is unknown. */
  public boolean isRunOfTheSame(JobSpec other) {
    return user.isPresent()
        && user.equals(other.user)
        && name.equals(other.name)
        && new HashSet<>(gpus).equals(new HashSet<>(other.gpus));
  }

  private static boolean isPrintable(String text, int longest) {
    return !text.isBlank()
        && text.length() <= longest
        && text.chars().noneMatch(Character::isISOControl);
  }

  private static void requireEachOnce(List<GpuId> gpus) {
    HashSet<GpuId> seen = new HashSet<>();
    gpus.forEach(gpu -> require(seen.add(gpu), "GPU " + gpu + " is named twice"));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** The labels that a job may have. */
  static final class Labels {
    private static final int MOST = 16;
    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_SHOWN = 80;

    /** As in Kubernetes, but without its prefixes. */
    private static final Pattern KEY =
        Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private Labels() {}

    /**
     * The labels, sorted by key.
     *
     * @throws IllegalArgumentException with one line that names the label that is not allowed
     */
    static Map<String, String> checked(Map<String, String> labels) {
      require(labels.size() <= MOST, "a job has at most " + MOST + " labels, not " + labels.size());
      labels.forEach(Labels::check);
      return Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    private static void check(String key, String value) {
      require(
          KEY.matcher(key).matches(),
          "label '"
              + shown(key)
              + "': a key has 1 to 63 letters, digits, dots, dashes and underscores, and begins and"
              + " ends with a letter or digit");
      require(
          value.length() <= LONGEST_VALUE && value.chars().noneMatch(Character::isISOControl),
          "label '" + key + "': a value has at most " + LONGEST_VALUE + " printable characters");
    }

    private static String shown(String key) {
      String clean = key.replaceAll("\\p{Cntrl}", "?");
      return clean.length() <= LONGEST_SHOWN ? clean : clean.substring(0, LONGEST_SHOWN) + "...";
    }
  }
}
