package chase.zeus.engine;

/** Who counts a job's work. */
public enum WorkSource {
  /** The job reports its steps. */
  REPORTED("reported");

  private final String word;

  WorkSource(String word) {
    this.word = word;
  }

  /** What it is called wherever it shows. */
  public String word() {
    return word;
  }
}
