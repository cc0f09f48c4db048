package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** WattTime v3 with a marginal signal that jumps, and tokens that live for half an hour. */
final class WattTimeApi implements FaultyServer.Api {
  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(30);
  private static final double GRAMS_PER_POUND = 0.45359237;
  private static final int POINTS = 24 * 12;

  /** The truth: half hours of curtailment between hours of gas, 35 or 460 g/kWh. */
  static double truth(Instant from) {
    long halfHour = from.getEpochSecond() / 1800;
    long slot = from.getEpochSecond() / PERIOD.toSeconds();
    return ((halfHour * 2_654_435_761L) >>> 8) % 4 == 0 ? 35 + slot % 5 : 460 - slot % 7;
  }

  @Override
  public String body(String path, Instant now, Fault fault) {
    if (path.startsWith("/login")) {
      return "{\"token\":\"issued-" + now.getEpochSecond() + "\"}";
    }
    Instant first = fault == Fault.BACK_DATED ? slot(now).minus(Duration.ofDays(1)) : slot(now);
    if (fault == Fault.NO_NUMBER) {
      return "{\"data\":[]," + meta(first) + "}";
    }
    String meta = meta(first).replace("lbs_", fault == Fault.CHANGED_UNITS ? "kg_" : "lbs_");
    return IntStream.range(0, path.contains("horizon_hours=0") ? 1 : POINTS)
        .mapToObj(i -> first.plus(PERIOD.multipliedBy(i)))
        .map(from ->
            "{\"point_time\":\"%s\",\"value\":%s}".formatted(from, truth(from) / GRAMS_PER_POUND))
        .collect(Collectors.joining(",", "{\"data\":[", "]," + meta + "}"));
  }

  private static Instant slot(Instant at) {
    long seconds = PERIOD.toSeconds();
    return Instant.ofEpochSecond(at.getEpochSecond() / seconds * seconds);
  }

  private static String meta(Instant generated) {
    return """
    "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH","warnings":[],\
    "signal_type":"co2_moer","model":{"date":"2023-03-01"},"units":"lbs_co2_per_mwh",\
    "generated_at_period_seconds":300,"generated_at":"%s"}\
    """
        .formatted(generated);
  }

  @Override
  public ResponseDefinitionBuilder refusal(String path, Fault fault) {
    return switch (fault) {
      case RETIRED_ZONE ->
          path.startsWith("/login")
              ? aResponse().withBody(body(path, Instant.EPOCH, Fault.NONE))
              : aResponse().withStatus(404).withBody("{\"error\":\"region not found\"}");
      case EXPIRED_TOKEN ->
          path.startsWith("/login")
              ? aResponse().withBody(body(path, Instant.EPOCH, Fault.NONE))
              : aResponse().withStatus(401).withBody("{\"error\":\"token expired\"}");
      default -> aResponse().withStatus(401).withBody("{\"error\":\"no such account\"}");
    };
  }

  /** The token holds when it was issued. */
  @Override
  public boolean admits(ServeEvent event, Instant now) {
    if (event.getRequest().getUrl().startsWith("/login")) {
      return true;
    }
    String header = String.valueOf(event.getRequest().getHeader("Authorization"));
    if (!header.startsWith("Bearer issued-")) {
      return false;
    }
    Instant issued =
        Instant.ofEpochSecond(Long.parseLong(header.substring("Bearer issued-".length())));
    return now.isBefore(issued.plus(TOKEN_LIFE));
  }
}
