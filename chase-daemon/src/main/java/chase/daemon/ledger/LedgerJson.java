package chase.daemon.ledger;

import chase.daemon.api.ApiJson;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The columns of the ledger that hold JSON. For one thread. */
final class LedgerJson {
  private final JsonMapper mapper = ApiJson.mapper();

  /** A point of a profile, as it is written. */
  private record ProfilePoint(double limitWatts, double powerWatts, double throughput) {}

  String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value, e);
    }
  }

  String profile(PowerProfile profile) {
    return write(
        profile.points().stream()
            .map(point ->
                new ProfilePoint(point.limit().value(), point.power().value(), point.throughput()))
            .toList());
  }

  FigureSources sources(String text) throws SQLException {
    return read(text, new TypeReference<>() {});
  }

  Map<String, String> labels(String text) throws SQLException {
    return read(text, new TypeReference<>() {});
  }

  List<String> gpus(String text) throws SQLException {
    return read(text, new TypeReference<>() {});
  }

  PowerProfile profile(String text) throws SQLException {
    List<ProfilePoint> points = read(text, new TypeReference<>() {});
    try {
      return new PowerProfile(
          points.stream()
              .map(point ->
                  new Point(
                      new Watts(point.limitWatts), new Watts(point.powerWatts), point.throughput))
              .toList());
    } catch (IllegalArgumentException e) {
      throw new SQLException("the ledger holds no profile: " + text, e);
    }
  }

  private <T> T read(String text, TypeReference<T> type) throws SQLException {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new SQLException("the ledger holds what it did not write: " + text, e);
    }
  }
}
