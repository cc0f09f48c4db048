package chase.carbon;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A provider gave no usable value; {@link #reason()} names what an operator or caller should do.
 */
public final class CarbonUnavailable extends Exception {
  /** Why, in terms of the reaction. */
  public enum FailureReason {
    /** The key, user or password is wrong: a person must mend the configuration. */
    BAD_KEY,
    /** The key is good, but its plan does not cover this region. */
    NOT_ENTITLED,
    /** The key is good, but its plan does not cover this endpoint. */
    ENDPOINT_NOT_IN_PLAN,
    /** The provider does not know the region. */
    UNKNOWN_REGION,
    /** The provider works, but has no value for now. */
    NO_DATA,
    /** The provider's time and this host's differ so much that no value can be placed. */
    CLOCK_SKEW,
    /** Too many requests: try again after {@link CarbonUnavailable#retryAfter()}. */
    THROTTLED,
    /**
     * Chase itself makes no call, so that its own budget is kept: try again after {@link
     * CarbonUnavailable#retryAfter()}.
     */
    HELD_BACK,
    /** No response, or a failure on the provider's side: try again later. */
    PROVIDER_DOWN,
    /** A response that cannot be understood. */
    MALFORMED,
    /** A value that cannot be true, or is marked as not real. */
    IMPLAUSIBLE
  }

  private final FailureReason reason;
  private final Optional<Duration> retryAfter;
  private final Optional<RejectReason> rejectReason;

  /** A failure with one readable line that names provider and region, and never a secret. */
  public CarbonUnavailable(FailureReason reason, String message) {
    this(reason, message, Optional.empty());
  }

  /** A failure after which the provider must not be called for a while. */
  public CarbonUnavailable(FailureReason reason, String message, Optional<Duration> retryAfter) {
    this(reason, message, retryAfter, Optional.empty());
  }

  private CarbonUnavailable(
      FailureReason reason,
      String message,
      Optional<Duration> retryAfter,
      Optional<RejectReason> rejectReason) {
    super(PlainLine.of(message));
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.rejectReason = rejectReason;
  }

  /** The same, of a value that was there and is not believed for {@code why}. */
  public CarbonUnavailable rejectedFor(RejectReason why) {
    String message = Objects.requireNonNull(getMessage());
    return new CarbonUnavailable(reason, message, retryAfter, Optional.of(why));
  }

  /** The same, where the provider must not be called for a while. */
  public CarbonUnavailable until(Optional<Duration> left) {
    String message = Objects.requireNonNull(getMessage());
    return new CarbonUnavailable(reason, message, left, rejectReason);
  }

  /** Why a value that was there is not believed; empty for every other failure. */
  public Optional<RejectReason> rejectReason() {
    return rejectReason;
  }

  /** Why. */
  public FailureReason reason() {
    return reason;
  }

  /** How long the provider must not be called. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
