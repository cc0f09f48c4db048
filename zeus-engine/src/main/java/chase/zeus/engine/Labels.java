package chase.zeus.engine;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What people may write on a job. */
final class Labels {
  private static final int MOST = 16;
  private static final int LONGEST_VALUE = 200;
  private static final int LONGEST_SHOWN = 80;

  /** What is a key to Kubernetes is one here, but for its prefixes. */
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private Labels() {}

  /**
   * Those labels, by key.
   *
   * @throws IllegalArgumentException with one line that names the label that cannot be
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

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
