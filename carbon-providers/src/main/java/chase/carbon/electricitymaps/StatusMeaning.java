package chase.carbon.electricitymaps;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.http.ProviderResponse;

/** Reads an answer with a 4xx: the status alone does not tell a bad key from a small plan. */
final class StatusMeaning {
  private StatusMeaning() {}

  static CarbonUnavailable of(ProviderResponse answer, String path) {
    FailureReason reason = reason(answer);
    return answer.unavailable(
        reason, meaning(reason, path) + " (" + answer.status() + "): " + answer.errorText());
  }

  private static FailureReason reason(ProviderResponse answer) {
    if (answer.bodyContains("Token unauthorized for zoneKey")) {
      return FailureReason.NOT_ENTITLED;
    }
    if (answer.bodyContains("Endpoint not available")) {
      return FailureReason.ENDPOINT_NOT_IN_PLAN;
    }
    if (answer.bodyContains("does not exist")) {
      return FailureReason.UNKNOWN_REGION;
    }
    return switch (answer.status()) {
      case 401 -> FailureReason.BAD_KEY;
      case 403 -> answer.isHtml() ? FailureReason.PROVIDER_DOWN : FailureReason.NOT_ENTITLED;
      case 404 ->
          answer.bodyContains("\"error\"") ? FailureReason.NO_DATA : FailureReason.PROVIDER_DOWN;
      default -> FailureReason.MALFORMED;
    };
  }

  private static String meaning(FailureReason reason, String path) {
    return switch (reason) {
      case BAD_KEY -> "the token is not accepted";
      case NOT_ENTITLED -> "the token's plan does not cover this zone";
      case ENDPOINT_NOT_IN_PLAN -> "the token's plan does not cover " + path;
      case UNKNOWN_REGION -> "no such zone";
      case NO_DATA -> "no data for this zone now";
      case PROVIDER_DOWN -> "the API was not reached; check the URL";
      case MALFORMED, THROTTLED, HELD_BACK, IMPLAUSIBLE, CLOCK_SKEW -> "the request was refused";
    };
  }
}
