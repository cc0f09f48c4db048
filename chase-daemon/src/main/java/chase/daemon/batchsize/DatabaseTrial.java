package chase.daemon.batchsize;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * What a PostgreSQL server lets its user do, for {@code chase doctor}. Reads catalogues and changes
 * nothing.
 *
 * @param product the server and its version
 * @param user who signed in
 * @param tables the version of Chase's tables there; empty where there are none yet
 * @param missing the right that is lacking, such as {@code CREATE on schema public}
 * @param failure why it cannot be used, in the server's or the driver's own words; nothing else is
 *     known then
 */
public record DatabaseTrial(
    String product,
    String user,
    Optional<Integer> tables,
    Optional<String> missing,
    Optional<String> failure) {
  /** The version that this Chase makes. */
  public static final int KNOWN_TABLES = StudyStore.SCHEMA.steps().size();

  private static final String EXISTS = "SELECT to_regclass('chase_schema') IS NOT NULL";
  private static final String VERSION = "SELECT version FROM chase_schema WHERE name = ?";
  private static final String MAY_CREATE =
      "SELECT 'CREATE on schema ' || coalesce(current_schema(), 'public') WHERE NOT"
          + " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)";
  private static final String MAY_WRITE =
      "SELECT wanted || ' on table ' || name FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE',"
          + " 'DELETE']) AS wanted, unnest(ARRAY['chase_schema', 'batch_size_jobs',"
          + " 'batch_size_trials']) AS name WHERE NOT"
          + " coalesce(has_table_privilege(to_regclass(name), wanted), false) LIMIT 1";

  /** Signs in and looks. Blocks for some seconds at most. */
  public static DatabaseTrial of(String url, Optional<String> user, Optional<String> password) {
    Properties login = StudyDatabase.login(user, password);
    try (Connection connection = DriverManager.getConnection(url, login)) {
      Optional<Integer> tables =
          first(connection, EXISTS).filter("t"::equals).isPresent()
              ? first(connection, VERSION, StudyStore.SCHEMA.name()).map(Integer::valueOf)
              : Optional.empty();
      return new DatabaseTrial(
          connection.getMetaData().getDatabaseProductName()
              + " "
              + connection.getMetaData().getDatabaseProductVersion(),
          connection.getMetaData().getUserName(),
          tables,
          first(connection, tables.isPresent() ? MAY_WRITE : MAY_CREATE),
          Optional.empty());
    } catch (SQLException e) {
      String why = StudyDatabase.message(e);
      return new DatabaseTrial("", "", Optional.empty(), Optional.empty(), Optional.of(why));
    }
  }

  private static Optional<String> first(Connection connection, String query, String... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
      }
    }
  }
}
