package chase.daemon.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word a mistyped one was meant to be. */
public final class Suggestions {
  private Suggestions() {}

  /** The known word with the fewest letters to change, if few enough to be a slip of the hand. */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(typed, word)))
        .filter(word -> isSlip(distance(typed, word), typed, word));
  }

  /** A word of which every letter was changed is another word. */
  private static boolean isSlip(int changes, String typed, String word) {
    return changes <= Math.max(2, word.length() / 3) && changes < typed.length();
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swapped = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(swapped, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
