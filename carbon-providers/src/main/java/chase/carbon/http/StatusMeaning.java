package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a status outside 2xx means at one provider, for the status alone does not tell a wrong key
 * from a small plan. The first rule that fits counts; where none fits, the request was refused and
 * the failure is {@code MALFORMED}.
 *
 * @param rules in the order in which they are tried
 */
public record StatusMeaning(List<Rule> rules) {
  private static final Rule REFUSED =
      new Rule(any -> true, FailureReason.MALFORMED, "the request was refused");

  /**
   * One rule.
   *
   * @param fits whether it is about this response
   * @param reason what the caller should do
   * @param meaning the same for people, without status and without the provider's own words
   */
  public record Rule(Predicate<ProviderResponse> fits, FailureReason reason, String meaning) {
    /** The same rule, where the response also meets a condition. */
    public Rule when(Predicate<ProviderResponse> also) {
      return new Rule(fits.and(also), reason, meaning);
    }
  }

  /** Copies the list. */
  public StatusMeaning {
    rules = List.copyOf(rules);
  }

  /** The meaning by these rules. */
  public static StatusMeaning of(Rule... rules) {
    return new StatusMeaning(List.of(rules));
  }

  /** A rule about one status. */
  public static Rule status(int status, FailureReason reason, String meaning) {
    return new Rule(response -> response.status() == status, reason, meaning);
  }

  /** A rule about bodies that hold a phrase, in any case. */
  public static Rule phrase(String phrase, FailureReason reason, String meaning) {
    return new Rule(response -> response.bodyContains(phrase), reason, meaning);
  }

  /** A web page in the API's stead, as proxies and content networks send it. */
  public static Rule webPage(String meaning) {
    return new Rule(ProviderResponse::isHtml, FailureReason.PROVIDER_DOWN, meaning);
  }

  /**
   * The response itself where its status is a 2xx.
   *
   * @throws CarbonUnavailable for any other status, by the first rule that fits; the message holds
   *     the status and the provider's own error text
   */
  public ProviderResponse requireSuccess(ProviderResponse response) throws CarbonUnavailable {
    if (response.isSuccess()) {
      return response;
    }
    Rule rule = rules.stream().filter(one -> one.fits().test(response)).findFirst().orElse(REFUSED);
    throw response.unavailable(
        rule.reason(), rule.meaning() + " (" + response.status() + "): " + response.errorText());
  }
}
