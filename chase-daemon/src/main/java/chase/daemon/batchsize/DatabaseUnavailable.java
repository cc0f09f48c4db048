package chase.daemon.batchsize;

/** The database of batch sizes cannot be used now; nothing was recorded. */
public final class DatabaseUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  DatabaseUnavailable(String why) {
    super("the database of batch sizes cannot be used: " + why);
  }
}
