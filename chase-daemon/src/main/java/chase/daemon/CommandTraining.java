package chase.daemon;

/**
 * Several commands in one process, while the Java runtime records for {@code systemd/aot.sh} what
 * commands load.
 */
final class CommandTraining {
  private CommandTraining() {}

  /** Carries out each of {@code lines}, whatever comes of the one before. */
  public static void main(String[] lines) {
    for (String line : lines) {
      Main.carryOut(line.split(" ", -1));
    }
  }
}
