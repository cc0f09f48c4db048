package chase.daemon.control;

import java.util.Comparator;
import java.util.List;

/** Guesses which word a mistyped one was meant to be. */
final class Nearest {
  private Nearest() {}

  /** The candidate with the fewest letters to change (Levenshtein distance), of at least one. */
  static String to(String typed, List<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(typed, candidate)))
        .orElseThrow();
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(swap, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
