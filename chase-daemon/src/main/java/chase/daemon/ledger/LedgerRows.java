package chase.daemon.ledger;

import java.util.List;

/**
 * What is written in one transaction.
 *
 * @param token its name, by which the database knows that it has it already
 * @param usage what is added to rows
 * @param jobs the jobs as they are now
 */
record LedgerRows(String token, List<Entry> usage, List<JobLine> jobs) {
  /** Copies the lists. */
  LedgerRows {
    usage = List.copyOf(usage);
    jobs = List.copyOf(jobs);
  }

  boolean isEmpty() {
    return usage.isEmpty() && jobs.isEmpty();
  }

  int size() {
    return usage.size() + jobs.size();
  }
}
