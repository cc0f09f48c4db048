package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import chase.carbon.fixtures.TestClock;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;

/**
 * A provider on a real socket that answers well, or with the fault of the hour. It lives in true
 * time, whatever the host's clock says, and counts the calls.
 */
final class FaultyServer implements ResponseDefinitionTransformerV2 {
  /** What a provider says when nothing is wrong, and how it refuses. */
  interface Api {
    /** The answer to a path at {@code now}, as JSON, spoiled by a fault of the data. */
    String body(String path, Instant now, Fault fault);

    /** How a key that is not accepted, or a zone that is gone, is refused; the login included. */
    ResponseDefinitionBuilder refusal(String path, Fault fault);

    /** Whether the request carries what it needs; a token may be too old. */
    boolean admits(ServeEvent event, Instant now);
  }

  private static final int TOO_LONG_MILLIS = 1_500;
  private static final byte[] TEN_MEGABYTES = new byte[10 << 20];

  private final Api api;
  private final TestClock trueTime;
  private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
  private final Map<Fault, Integer> served = new EnumMap<>(Fault.class);
  private final Deque<Instant> lastHour = new ArrayDeque<>();
  private int mostInAnHour;
  private int total;

  FaultyServer(Api api, TestClock trueTime) {
    this.api = api;
    this.trueTime = trueTime;
  }

  @Override
  public String getName() {
    return "faulty-server";
  }

  void breaksBy(Fault next) {
    fault.set(next);
  }

  Map<Fault, Integer> served() {
    return served;
  }

  int mostInAnHour() {
    return mostInAnHour;
  }

  int total() {
    return total;
  }

  @Override
  public ResponseDefinition transform(ServeEvent event) {
    Instant now = trueTime.instant();
    count(now);
    Fault wrong = fault.get();
    served.merge(wrong, 1, Integer::sum);
    return answer(event, now, wrong).build();
  }

  private void count(Instant now) {
    total++;
    lastHour.addLast(now);
    while (!lastHour.getFirst().isAfter(now.minus(Duration.ofHours(1)))) {
      lastHour.removeFirst();
    }
    mostInAnHour = Math.max(mostInAnHour, lastHour.size());
  }

  private ResponseDefinitionBuilder answer(ServeEvent event, Instant now, Fault wrong) {
    String path = event.getRequest().getUrl();
    return switch (wrong) {
      case TIMEOUT -> good(event, now, wrong).withFixedDelay(TOO_LONG_MILLIS);
      case THROTTLED -> aResponse().withStatus(429).withBody("{\"error\":\"slow down\"}");
      case THROTTLED_WITH_RETRY_AFTER ->
          aResponse().withStatus(429).withHeader("Retry-After", "900");
      case ERROR_500 -> aResponse().withStatus(500).withBody("oops");
      case ERROR_503_WITH_RETRY_AFTER ->
          aResponse().withStatus(503).withHeader("Retry-After", "600");
      case EMPTY_BODY -> aResponse().withStatus(200).withBody("");
      case HTML_INSTEAD_OF_JSON ->
          aResponse().withStatus(200).withBody("<html><body>Maintenance</body></html>");
      case TRUNCATED_JSON -> {
        String whole = api.body(path, now, Fault.NONE);
        yield aResponse().withBody(whole.substring(0, whole.length() / 2));
      }
      case SLOW_DRIP -> good(event, now, wrong).withChunkedDribbleDelay(20, TOO_LONG_MILLIS);
      case CONNECTION_RESET, OUTAGE ->
          aResponse()
              .withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER);
      case GARBAGE_ON_THE_WIRE ->
          aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.RANDOM_DATA_THEN_CLOSE);
      case HUGE_BODY -> aResponse().withStatus(200).withBody(TEN_MEGABYTES);
      case GZIP_THAT_LIES ->
          aResponse()
              .withHeader("Content-Encoding", "gzip")
              .withBody(halfOf(packed(api.body(path, now, Fault.NONE))));
      case REDIRECT_TO_ANOTHER_HOST ->
          aResponse().withStatus(302).withHeader("Location", "http://127.0.0.2:9/elsewhere");
      case EXPIRED_TOKEN, REVOKED_TOKEN, RETIRED_ZONE -> api.refusal(path, wrong);
      case NONE,
          NO_NUMBER,
          BACK_DATED,
          ZERO_FOR_MISSING,
          SANDBOX_NUMBERS,
          FLAPPING_VALUE,
          CHANGED_UNITS,
          CLOCK_AHEAD,
          CLOCK_BEHIND ->
          good(event, now, wrong);
    };
  }

  private static byte[] packed(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream packing = new GZIPOutputStream(bytes)) {
      packing.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] halfOf(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private ResponseDefinitionBuilder good(ServeEvent event, Instant now, Fault spoiled) {
    String path = event.getRequest().getUrl();
    return api.admits(event, now)
        ? aResponse().withBody(api.body(path, now, spoiled))
        : api.refusal(path, Fault.EXPIRED_TOKEN);
  }
}
