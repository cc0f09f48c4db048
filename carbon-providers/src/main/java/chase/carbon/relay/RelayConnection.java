package chase.carbon.relay;

import static chase.carbon.http.StatusMeaning.status;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** One Chase that is asked for its outlook; a body that has not changed is not sent again. */
final class RelayConnection {
  private static final String PATH = "v1/outlook";

  private static final StatusMeaning MEANING =
      StatusMeaning.of(
          status(
              404,
              FailureReason.PROVIDER_DOWN,
              "it serves no outlook; set metrics.outlook: true there"),
          status(421, FailureReason.PROVIDER_DOWN, "it is not called by that name"),
          StatusMeaning.webPage("it is no Chase"));

  private final URI url;
  private final String subject;
  private final OtherChase.RelayOptions options;
  private final ProviderHttp http;
  private final InstantSource clock;
  private volatile Optional<TaggedOutlook> last = Optional.empty();
  private volatile AwaitedHosts awaited = AwaitedHosts.NONE;

  private record TaggedOutlook(Optional<String> tag, RelayedOutlook outlook) {}

  RelayConnection(
      URI url, OtherChase.RelayOptions options, ProviderHttp http, InstantSource clock) {
    this.url = url;
    this.subject =
        "%s %s from %s".formatted(OtherChase.PROVIDER, options.region(), url.getAuthority());
    this.options = options;
    this.http = http;
    this.clock = clock;
  }

  ProviderHttp http() {
    return http;
  }

  String subject() {
    return subject;
  }

  /** What it knows now. */
  RelayedOutlook fetch() throws CarbonUnavailable, InterruptedException {
    ProviderResponse response = send(request().unlessStill(last.flatMap(TaggedOutlook::tag)));
    Optional<TaggedOutlook> before = last;
    if (response.isUnchanged() && before.isPresent()) {
      return before.get().outlook();
    }
    RelayedOutlook outlook =
        new OutlookParser(MEANING.requireSuccess(response).json(), options.own(), clock.instant())
            .read();
    last = Optional.of(new TaggedOutlook(response.tag(), outlook));
    return outlook;
  }

  private ProviderResponse send(ProviderRequest request)
      throws CarbonUnavailable, InterruptedException {
    ProviderResponse response;
    try {
      response = http.get(request);
    } catch (CarbonUnavailable why) {
      throw explained(why);
    }
    if (response.status() == 401) {
      throw response.unavailable(
          FailureReason.BAD_KEY,
          options.token().isPresent()
              ? "the token of carbon.chase.token-file is not that of its metrics listener"
              : "its metrics listener wants a token: set carbon.chase.token-file");
    }
    return response;
  }

  /** A loop does not mend itself, so that the pause that the other wants does not count. */
  private CarbonUnavailable explained(CarbonUnavailable why) {
    if (why.retryAfter().isEmpty()) {
      // A Chase that waits sends a pause: this is another failure.
      awaited = AwaitedHosts.NONE;
    }
    return awaited
        .loop(options.own())
        .map(loop -> new CarbonUnavailable(FailureReason.NO_DATA, subject + ": " + loop))
        .orElse(why);
  }

  /** For whom it waited when it was asked last; nobody where it did not. */
  AwaitedHosts awaited() {
    return awaited;
  }

  private ProviderRequest request() {
    ProviderRequest plain =
        ProviderRequest.to(subject, url, PATH)
            .onResponse(response ->
                awaited = AwaitedHosts.parse(response.header(AwaitedHosts.HEADER), options.own()));
    return options
        .token()
        .map(secret -> plain.header("Authorization", "Bearer " + secret).hiding(secret))
        .orElse(plain);
  }
}
