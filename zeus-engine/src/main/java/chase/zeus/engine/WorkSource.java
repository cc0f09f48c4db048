package chase.zeus.engine;

import chase.zeus.gpu.Activity;

/** Who counts a job's work. */
public enum WorkSource {
  /** The job reports its steps. */
  REPORTED("reported"),
  /** Hardware counters of the card. */
  GPM("gpm"),
  /** The card's clock and how busy it is, which overstates a slowdown. */
  CLOCK("clock");

  private final String word;

  WorkSource(String word) {
    this.word = word;
  }

  static WorkSource of(Activity.Source source) {
    return switch (source) {
      case GPM -> GPM;
      case CLOCK -> CLOCK;
    };
  }

  /** What it is called wherever it shows. */
  public String word() {
    return word;
  }
}
