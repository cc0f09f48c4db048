package chase.daemon.cli;

/** What the process tells its caller. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}
