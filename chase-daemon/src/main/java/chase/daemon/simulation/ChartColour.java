package chase.daemon.simulation;

import java.util.List;

/**
 * A colour of the pictures on white, and the one in its place for readers who prefer a dark screen;
 * both in hexadecimal.
 */
record ChartColour(String light, String dark) {
  static final ChartColour PAPER = new ChartColour("ffffff", "0d1117");
  static final ChartColour INK = new ChartColour("24292f", "f0f6fc");
  static final ChartColour GREY = new ChartColour("6e7781", "9aa4ae");
  static final ChartColour RULE = new ChartColour("d8dee4", "30363d");

  /**
   * Colours that colour-blind readers can distinguish, the first three by Okabe and Ito; each has a
   * contrast of 3 or more to its paper.
   */
  private static final List<ChartColour> POLICIES =
      List.of(
          new ChartColour("0072b2", "3f97dd"),
          new ChartColour("d55e00", "e8702a"),
          new ChartColour("009e73", "16a67c"),
          new ChartColour("7900f2", "c86fae"),
          new ChartColour("593a1a", "ecd05f"),
          new ChartColour("0031a5", "a4d8fb"),
          INK);

  /** The colour of the {@code i}th policy in every picture. */
  static ChartColour ofPolicy(int i) {
    return POLICIES.get(i % POLICIES.size());
  }
}
