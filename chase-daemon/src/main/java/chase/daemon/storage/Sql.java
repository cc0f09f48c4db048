package chase.daemon.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs single SQL statements with values bound in order; an empty {@link Optional} is a NULL. */
public final class Sql {
  private Sql() {}

  /** Makes a value of a row. */
  public interface RowMapper<T> {
    /** Reads the row that {@code row} is at. */
    T map(ResultSet row) throws SQLException;
  }

  /** Uses a row. */
  public interface RowConsumer {
    /** Reads the row that {@code row} is at. */
    void accept(ResultSet row) throws SQLException;
  }

  /** Runs an INSERT, UPDATE or DELETE; returns how many rows it changed. */
  public static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /** Runs a statement that returns rows; returns what {@code reader} makes of each. */
  public static <T> List<T> query(
      Connection connection, String sql, RowMapper<T> reader, Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    forEach(connection, sql, row -> found.add(reader.map(row)), values);
    return found;
  }

  /** Runs a statement that returns rows, which {@code consumer} gets one by one. */
  public static void forEach(
      Connection connection, String sql, RowConsumer consumer, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          consumer.accept(rows);
        }
      }
    }
  }

  /** The first row of {@link #query}. */
  public static <T> Optional<T> first(
      Connection connection, String sql, RowMapper<T> reader, Object... values)
      throws SQLException {
    return query(connection, sql, reader, values).stream().findFirst();
  }

  /** Binds all values of a statement, from its first parameter on. */
  public static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, bound(values[i]));
    }
  }

  private static @Nullable Object bound(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.isPresent() ? bound(optional.get()) : null;
      default -> value;
    };
  }
}
