package chase.daemon.batchsize;

import java.sql.SQLException;
import java.util.List;

/** What is to be done about a database that failed. */
final class SqlFailure {
  /**
   * SQL states (PostgreSQL's, appendix A of its manual) of a connection that was lost, a server
   * that is going, and transactions that lost against others: the same again may well work.
   */
  private static final List<String> PASSING = List.of("08", "57P", "40001", "40P01", "23505");

  private SqlFailure() {}

  /** Whether the same again on a new connection may well work. */
  static boolean mayPass(SQLException e) {
    String state = e.getSQLState();
    return state != null && PASSING.stream().anyMatch(state::startsWith);
  }

  /** Such as {@code the disk is full}, in the database's own words, on one line. */
  static String words(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
  }
}
