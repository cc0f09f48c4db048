package chase.daemon.batchsize;

/** The database of batch sizes cannot be used now; nothing was recorded. */
public final class DatabaseLost extends RuntimeException {
  private static final long serialVersionUID = 1;

  DatabaseLost(String why) {
    super("the database of batch sizes cannot be used: " + why);
  }
}
