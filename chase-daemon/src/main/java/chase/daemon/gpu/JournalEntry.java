package chase.daemon.gpu;

import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.List;

/**
 * What the journal knows of one GPU.
 *
 * @param model the product's name
 * @param original the limit found, which is put back
 * @param chaseLimits the limits that may be there because of Chase: confirmed or intended
 * @param at when this was written
 */
public record JournalEntry(String model, Watts original, List<Watts> chaseLimits, Instant at) {
  /** Copies the list. */
  public JournalEntry {
    chaseLimits = List.copyOf(chaseLimits);
  }

  /** Whether a card that shows {@code limit} shows one of Chase's own. */
  public boolean isChaseLimit(Watts limit) {
    return chaseLimits.stream().anyMatch(limit::sameLimitAs);
  }
}
