package chase.daemon.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which GPUs a command will use, as far as that is known before it begins. */
public sealed interface VisibleGpus {
  /**
   * These, by index or UUID.
   *
   * @param chosen whether the user chose them for this command, and not the environment
   */
  record NamedGpus(List<String> names, boolean chosen) implements VisibleGpus {}

  /** None: there is no job. */
  record HiddenGpus(String why) implements VisibleGpus {}

  /** Those on which it will be seen to compute. */
  record UnknownGpus() implements VisibleGpus {}

  /**
   * What an option, or else the environment says.
   *
   * @param option the GPUs after {@code --gpus}, separated by commas
   * @param cuda the variable {@code CUDA_VISIBLE_DEVICES}; CUDA sees those before the first that is
   *     no GPU
   * @throws IllegalArgumentException when the option names none
   */
  static VisibleGpus of(Optional<String> option, Optional<String> cuda) {
    if (option.isPresent()) {
      List<String> names = names(option.get());
      if (names.isEmpty()) {
        throw new IllegalArgumentException("--gpus names no GPU");
      }
      return new NamedGpus(names, true);
    }
    if (cuda.isEmpty()) {
      return new UnknownGpus();
    }
    List<String> visible =
        names(cuda.get()).stream().takeWhile(name -> isGpu(name)).distinct().toList();
    boolean partition = names(cuda.get()).stream().anyMatch(name -> name.startsWith("MIG"));
    if (!visible.isEmpty()) {
      return new NamedGpus(visible, false);
    }
    return new HiddenGpus(
        partition
            ? "CUDA_VISIBLE_DEVICES names a MIG device, which Chase only observes"
            : "CUDA_VISIBLE_DEVICES hides every GPU");
  }

  private static boolean isGpu(String name) {
    return name.matches("\\d+") || name.toLowerCase(Locale.ROOT).startsWith("gpu-");
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }
}
