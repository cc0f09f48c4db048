package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonIntensity.Relay;
import chase.carbon.CarbonProvider;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.http.CallLimiter.CallRules;
import chase.carbon.http.ProviderHttp;
import chase.carbon.relay.OtherChase;
import chase.carbon.relay.OutlookJson;
import chase.carbon.relay.RelayedOutlook;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Chase that asks Energy-Charts about Germany and passes on a live value and a day ahead. */
final class RelayApi implements PlayedProvider {
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final Region REGION = new Region("DE");
  private static final Relay OTHER = new Relay("gpu-07", "0707070707070707");
  private static final Relay OWN = new Relay("gpu-08", "0808080808080808");
  private static final String TOKEN = "our-own-token";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration STALE = DAY.multipliedBy(3);
  private static final JsonMapper JSON = new JsonMapper();

  private final TrueCourse course = new TrueCourse(Duration.ofMinutes(15));

  @Override
  public String title() {
    return OtherChase.PROVIDER;
  }

  @Override
  public String toString() {
    return title();
  }

  @Override
  public TrueCourse course() {
    return course;
  }

  @Override
  public SignalKind kind() {
    return KIND;
  }

  @Override
  public CarbonProvider client(URI url, ProviderHttp http, InstantSource clock) {
    var options = new OtherChase.RelayOptions(List.of(url), Optional.of(TOKEN), REGION, KIND, OWN);
    return new OtherChase(options, List.of(http), clock);
  }

  @Override
  public CallRules callRules(int budget) {
    return new CallRules(OtherChase.PROVIDER, budget, 1, Duration.ofMillis(1));
  }

  @Override
  public Set<Fault> impossible() {
    return Set.of(Fault.EXPIRED_TOKEN, Fault.SANDBOX_NUMBERS);
  }

  // A Chase that has no number says so by its level: a null is not of its format.
  @Override
  public Set<RejectReason> heldBack() {
    return Set.of(
        RejectReason.UNREADABLE, RejectReason.JUMP, RejectReason.BACK_DATED, RejectReason.ZERO);
  }

  @Override
  public String body(String path, Instant now, Fault fault) {
    Instant then = fault == Fault.BACK_DATED ? now.minus(STALE) : now;
    List<Instant> past = course.since(then.minus(course.period().multipliedBy(2)), then);
    List<Instant> ahead = course.since(then, then.plus(DAY));
    RelayedOutlook outlook =
        new RelayedOutlook(
            OTHER,
            "energy-charts",
            FallbackLevel.LIVE,
            Optional.of(number(past.getLast(), new Provenance.Measured(), then)),
            ahead.stream().map(from -> expected(from, then)).toList(),
            Optional.empty(),
            List.of(),
            List.of("Energy-Charts, CC BY 4.0"));
    return spoiled(OutlookJson.bytes(outlook), then, fault);
  }

  private CarbonIntensity expected(Instant from, Instant now) {
    Duration lead = Duration.between(now, from);
    return number(
        from, new Provenance.ForecastByProvider(lead.isNegative() ? Duration.ZERO : lead), now);
  }

  private CarbonIntensity number(Instant from, Provenance origin, Instant now) {
    return new CarbonIntensity(
        new GramsPerKwh(course.truth(from)),
        KIND,
        origin,
        "energy-charts",
        REGION,
        from,
        from.plus(course.period()),
        now,
        now,
        Optional.empty());
  }

  /** The outlook with the numbers of a fault. */
  private String spoiled(byte[] outlook, Instant now, Fault fault) {
    try {
      JsonNode body = JSON.readTree(outlook);
      ObjectNode current = (ObjectNode) body.get("current");
      set(current, course.measured(from(current), now, fault));
      for (JsonNode period : body.findValues("periods").getFirst()) {
        set((ObjectNode) period, course.number(from(period), fault));
      }
      return body.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant from(JsonNode period) {
    return Instant.parse(period.get("from").textValue());
  }

  private static void set(ObjectNode period, String number) throws JsonProcessingException {
    period.set("grams_per_kwh", JSON.readTree(number));
  }

  /** What it does where its outlook is turned off, and where it wants another token. */
  @Override
  public ResponseDefinitionBuilder refusal(String path, Fault fault) {
    return aResponse().withStatus(fault == Fault.RETIRED_ZONE ? 404 : 401);
  }

  @Override
  public boolean admits(ServeEvent event, Instant now) {
    return ("Bearer " + TOKEN).equals(event.getRequest().getHeader("Authorization"));
  }
}
