package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Electricity Maps v4 for a zone whose numbers come every five minutes. */
final class ElectricityMapsApi implements FaultyServer.Api {
  static final Duration PERIOD = Duration.ofMinutes(5);
  private static final int POINTS = 24 * 12;

  /** The truth: a course of the day and a little that looks like chance, 200 to 400 g/kWh. */
  static double truth(Instant from) {
    double hours = from.getEpochSecond() / 3600.0;
    long slot = from.getEpochSecond() / PERIOD.toSeconds();
    return Math.rint(300 + 90 * Math.sin(hours * Math.PI / 12) + slot * 7919 % 17 - 8);
  }

  @Override
  public String body(String path, Instant now, Fault fault) {
    Instant period = fault == Fault.BACK_DATED ? slot(now).minus(Duration.ofDays(1)) : slot(now);
    return path.contains("/forecast") ? forecast(slot(now), now) : latest(period, now, fault);
  }

  private static Instant slot(Instant at) {
    long seconds = PERIOD.toSeconds();
    return Instant.ofEpochSecond(at.getEpochSecond() / seconds * seconds);
  }

  private static String latest(Instant from, Instant now, Fault fault) {
    return """
    {"zone":"DE","carbonIntensity":%s,"datetime":"%s","updatedAt":"%s",\
    "createdAt":"%s","emissionFactorType":"lifecycle","isEstimated":%s,\
    "estimationMethod":%s,"temporalGranularity":"5_minutes"}\
    """
        .formatted(
            number(from, fault),
            from,
            fault == Fault.BACK_DATED ? from : now,
            from,
            fault == Fault.SANDBOX_NUMBERS,
            fault == Fault.SANDBOX_NUMBERS ? "\"SANDBOX_MODE_DATA\"" : "null");
  }

  private static String number(Instant from, Fault fault) {
    return switch (fault) {
      case NO_NUMBER -> "null";
      case ZERO_FOR_MISSING -> "0";
      case FLAPPING_VALUE -> "45";
      case SANDBOX_NUMBERS -> "123";
      case CHANGED_UNITS -> String.format(Locale.ROOT, "%.0f", 1000 * truth(from));
      default -> String.format(Locale.ROOT, "%.0f", truth(from));
    };
  }

  private static String forecast(Instant first, Instant now) {
    return IntStream.range(0, POINTS)
        .mapToObj(i -> first.plus(PERIOD.multipliedBy(i)))
        .map(from ->
            String.format(
                Locale.ROOT, "{\"datetime\":\"%s\",\"carbonIntensity\":%.0f}", from, truth(from)))
        .collect(
            Collectors.joining(
                ",",
                "{\"zone\":\"DE\",\"temporalGranularity\":\"5_minutes\",\"updatedAt\":\""
                    + now
                    + "\",\"forecast\":[",
                "]}"));
  }

  @Override
  public ResponseDefinitionBuilder refusal(String path, Fault fault) {
    return fault == Fault.RETIRED_ZONE
        ? aResponse().withStatus(404).withBody("{\"error\":\"Zone 'DE' does not exist\"}")
        : aResponse().withStatus(401).withBody("");
  }

  @Override
  public boolean admits(ServeEvent event, Instant now) {
    return "key".equals(event.getRequest().getHeader("auth-token"));
  }
}
