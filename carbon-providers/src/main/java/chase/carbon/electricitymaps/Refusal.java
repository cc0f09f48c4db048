package chase.carbon.electricitymaps;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.http.Answer;

/** Reads an answer with a 4xx: the status alone does not tell a bad key from a small plan. */
final class Refusal {
  private Refusal() {}

  static CarbonUnavailable of(Answer answer, String path) {
    Reason reason = reason(answer);
    return answer.unavailable(
        reason, meaning(reason, path) + " (" + answer.status() + "): " + answer.words());
  }

  private static Reason reason(Answer answer) {
    if (answer.mentions("Token unauthorized for zoneKey")) {
      return Reason.NOT_ENTITLED;
    }
    if (answer.mentions("Endpoint not available")) {
      return Reason.ENDPOINT_NOT_IN_PLAN;
    }
    if (answer.mentions("does not exist")) {
      return Reason.UNKNOWN_REGION;
    }
    return switch (answer.status()) {
      case 401 -> Reason.BAD_KEY;
      case 403 -> answer.isHtml() ? Reason.PROVIDER_DOWN : Reason.NOT_ENTITLED;
      case 404 -> answer.mentions("\"error\"") ? Reason.NO_DATA : Reason.PROVIDER_DOWN;
      default -> Reason.MALFORMED;
    };
  }

  private static String meaning(Reason reason, String path) {
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
