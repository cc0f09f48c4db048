package chase.daemon.reload;

import java.util.List;

/** A configuration was not applied, and nothing changed; the message is a line for each reason. */
public final class ReloadRefused extends RuntimeException {
  private final List<String> reasons;

  ReloadRefused(List<String> reasons) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
  }

  /** Why, a line each, at least one. */
  public List<String> reasons() {
    return reasons;
  }
}
