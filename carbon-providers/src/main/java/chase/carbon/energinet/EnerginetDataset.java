package chase.carbon.energinet;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks for the rows of one dataset and one price area.
 *
 * <p>The API takes the times of a question for Danish ones, one or two hours ahead of UTC. They are
 * sent in UTC all the same, the end two hours later, so that at most too much comes back, in either
 * season; whoever reads the rows goes by their UTC column.
 *
 * @param url the API, without a query
 * @param area the price area, such as {@code DK1}
 * @param http how to ask
 */
record EnerginetDataset(URI url, Region area, ProviderHttp http) {
  /** Energinet's API. */
  static final URI DEFAULT_URL = URI.create("https://api.energidataservice.dk");

  /** Thirty-four days of five minutes; without a limit the API stops at 100 rows. */
  private static final int MOST_ROWS = 10_000;

  private static final Duration DANISH_SUMMER = Duration.ofHours(2);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The rows from {@code from} on in ascending order, until {@code to} or as far as there are. */
  ProviderResponse rows(String dataset, String timeColumn, Instant from, Optional<Instant> to)
      throws CarbonUnavailable, InterruptedException {
    ProviderRequest question =
        ProviderRequest.to(Energinet.PROVIDER + " " + area, url, "dataset/" + dataset)
            .query("start", MINUTES.format(from))
            .query("filter", "{\"PriceArea\":[\"" + area + "\"]}")
            .query("sort", timeColumn + " asc")
            .query("limit", Integer.toString(MOST_ROWS));
    if (to.isPresent()) {
      question = question.query("end", MINUTES.format(to.get().plus(DANISH_SUMMER)));
    }
    ProviderResponse answer = http.get(question);
    if (!answer.isSuccess()) {
      String said = " (" + answer.status() + "): " + answer.errorText();
      throw answer.isHtml() || answer.status() == 403
          ? answer.unavailable(FailureReason.PROVIDER_DOWN, "the API was not reached" + said)
          : answer.unavailable(FailureReason.MALFORMED, "the request was refused" + said);
    }
    return answer;
  }
}
