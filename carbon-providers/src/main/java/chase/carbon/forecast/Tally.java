package chase.carbon.forecast;

/** The share of what was true lately. */
final class Tally {
  private final double kept;
  private double yes;
  private double all;
  private long count;

  /**
   * Nothing counted.
   *
   * @param kept the share of a weight that is left when one more comes
   */
  Tally(double kept) {
    this.kept = kept;
  }

  void add(boolean isTrue) {
    yes = kept * yes + (isTrue ? 1 : 0);
    all = kept * all + 1;
    count++;
  }

  double ratio() {
    return yes / all;
  }

  long count() {
    return count;
  }
}
