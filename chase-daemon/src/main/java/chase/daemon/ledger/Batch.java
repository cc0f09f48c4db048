package chase.daemon.ledger;

import java.util.List;

/**
 * What is written in one transaction.
 *
 * @param token its name, by which the database knows that it has it already
 * @param entries what is added to rows
 * @param jobs the jobs as they are now
 */
record Batch(String token, List<Entry> entries, List<JobLine> jobs) {
  /** Copies the lists. */
  Batch {
    entries = List.copyOf(entries);
    jobs = List.copyOf(jobs);
  }

  boolean isEmpty() {
    return entries.isEmpty() && jobs.isEmpty();
  }

  int rows() {
    return entries.size() + jobs.size();
  }
}
