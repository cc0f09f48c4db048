package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import chase.carbon.CarbonProvider;
import chase.carbon.GramsPerKwh;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.http.CallLimiter.CallRules;
import chase.carbon.http.ProviderHttp;
import chase.carbon.pjm.Pjm;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** PJM's feeds, of which a call gets the rows of the stretch that it asks for. */
enum PjmApi implements PlayedProvider {
  /** Five minutes, in pounds for a megawatt hour. */
  MARGINAL(Duration.ofMinutes(5), EmissionScope.DIRECT) {
    @Override
    String item(Instant from, String number) {
      double ofPound = GramsPerKwh.ofPoundsPerMwh(1).value();
      String pounds =
          number.equals("null") ? number : Double.toString(Double.parseDouble(number) / ofPound);
      return "{\"datetime_beginning_utc\":\"%s\",\"pnode_id\":1,\"marginal_co2_rate\":%s}"
          .formatted(UTC.format(from), pounds);
    }

    // What runs at the margin changes from one period to the next, to nothing too.
    @Override
    public Set<Fault> impossible() {
      return Set.of(
          Fault.EXPIRED_TOKEN, Fault.SANDBOX_NUMBERS, Fault.FLAPPING_VALUE, Fault.ZERO_FOR_MISSING);
    }

    @Override
    public Set<RejectReason> heldBack() {
      return Set.of(RejectReason.MISSING, RejectReason.UNREADABLE, RejectReason.RANGE);
    }
  },
  /** Hours, calculated from what feeds the grid. */
  AVERAGE(Duration.ofHours(1), EmissionScope.LIFECYCLE) {
    @Override
    String item(Instant from, String number) {
      MixPages.Mix mix = MixPages.Mix.of(number);
      return fuel(from, "Gas", mix.gas()) + "," + fuel(from, "Nuclear", mix.nuclear());
    }

    @Override
    public Set<Fault> impossible() {
      return Set.of(Fault.EXPIRED_TOKEN, Fault.SANDBOX_NUMBERS);
    }

    // In the second half of an hour its value is too old to be live.
    @Override
    public Set<FallbackLevel> best() {
      return Set.of(FallbackLevel.LIVE, FallbackLevel.OWN_FORECAST);
    }
  };

  private static final String KEY = "my-own-key";
  private static final Duration STALE = Duration.ofDays(1);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final Pattern STRETCH =
      Pattern.compile("datetime_beginning_ept=([-0-9]+ [0-9:]+)to([-0-9]+ [0-9:]+)");

  private final Duration period;
  private final EmissionScope scope;

  PjmApi(Duration period, EmissionScope scope) {
    this.period = period;
    this.scope = scope;
  }

  abstract String item(Instant from, String number);

  private static String fuel(Instant from, String fuel, String megawatts) {
    return "{\"datetime_beginning_utc\":\"%s\",\"fuel_type\":\"%s\",\"mw\":%s}"
        .formatted(UTC.format(from), fuel, megawatts.isEmpty() ? "null" : megawatts);
  }

  @Override
  public String title() {
    return Pjm.PROVIDER + "-" + name().toLowerCase(Locale.ROOT);
  }

  @Override
  public TrueCourse course() {
    return new TrueCourse(period);
  }

  @Override
  public SignalKind kind() {
    return new SignalKind(Margin.valueOf(name()), scope);
  }

  @Override
  public CarbonProvider client(URI url, ProviderHttp http, InstantSource clock) {
    var options = new Pjm.AreaOptions(url, KEY, new Region("PJM"), kind().margin(), scope);
    return new Pjm(options, http, clock);
  }

  @Override
  public CallRules callRules(int budget) {
    return Pjm.callRules(budget);
  }

  @Override
  public String body(String path, Instant now, Fault fault) {
    Matcher stretch = STRETCH.matcher(URLDecoder.decode(path, StandardCharsets.UTF_8));
    if (!stretch.find()) {
      throw new IllegalArgumentException("no stretch is asked for: " + path);
    }
    Duration late = fault == Fault.BACK_DATED ? STALE : Duration.ZERO;
    Instant end = eastern(stretch.group(2));
    List<Instant> rows =
        course()
            .since(
                eastern(stretch.group(1)).minus(late), (end.isBefore(now) ? end : now).minus(late));
    return rows.stream()
        .map(from -> item(from, course().measured(from, now, fault)))
        .collect(Collectors.joining(",", "{\"items\":[", "]}"));
  }

  private static Instant eastern(String time) {
    return LocalDateTime.parse(time, MINUTES).atZone(MixPages.EASTERN).toInstant();
  }

  /** A node that is gone has no rows. */
  @Override
  public ResponseDefinitionBuilder refusal(String path, Fault fault) {
    return fault == Fault.RETIRED_ZONE
        ? aResponse().withBody("{\"items\":[]}")
        : aResponse().withStatus(401).withBody("{\"message\":\"invalid subscription key\"}");
  }

  @Override
  public boolean admits(ServeEvent event, Instant now) {
    return KEY.equals(event.getRequest().getHeader("Ocp-Apim-Subscription-Key"));
  }
}
