package chase.daemon.simulation;

/**
 * The frame of a picture: from values to places in an SVG of 900 by {@code height}.
 *
 * @param height the picture's height
 * @param left the value at the left edge
 * @param right the value at the right edge, above {@code left}
 * @param low the value at the lower edge
 * @param high the value at the upper edge, above {@code low}
 */
record Axes(int height, double left, double right, double low, double high) {
  static final int WIDTH = 900;
  private static final int MARGIN = 50;
  private static final int TICKS = 5;

  double x(double value) {
    return MARGIN + (value - left) / (right - left) * (WIDTH - 2 * MARGIN);
  }

  double y(double value) {
    return height - MARGIN / 1.5 - (value - low) / (high - low) * (height - MARGIN);
  }

  /** Lines and numbers across the picture, and what the vertical numbers mean. */
  String rules(String meaning) {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i <= TICKS; i++) {
      double value = low + (high - low) * i / TICKS;
      rules.append(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
              .formatted(place(x(left)), place(x(right)), place(y(value)), place(y(value))));
      rules.append(label(MARGIN - 6, y(value) + 4, "end", SimulationPage.number("%.1f", value)));
    }
    return rules + label(4, 12, "start", meaning);
  }

  /** Numbers under the picture, and what they mean. */
  String feet(String meaning, double factor) {
    StringBuilder feet = new StringBuilder();
    for (int i = 0; i <= TICKS; i++) {
      double value = left + (right - left) * i / TICKS;
      String number = SimulationPage.number("%.1f", value * factor);
      feet.append(label(x(value), height - 16, "middle", number));
    }
    return feet + label(x((left + right) / 2), height - 2, "middle", meaning);
  }

  static String label(double x, double y, String anchor, String text) {
    return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
        .formatted(place(x), place(y), anchor, SimulationPage.text(text));
  }

  static String place(double value) {
    return SimulationPage.number("%.1f", value);
  }

  String svg(String content) {
    return "<svg viewBox=\"0 0 %d %d\" role=\"img\">%s</svg>".formatted(WIDTH, height, content);
  }

  /** A colour for the {@code i}th policy. */
  static String colour(int i) {
    return "hsl(%d,70%%,48%%)".formatted(210 + 137 * i);
  }
}
