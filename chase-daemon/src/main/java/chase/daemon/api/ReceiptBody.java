package chase.daemon.api;

/**
 * What one job used, emitted and cost.
 *
 * @param line its line of a report
 * @param method how the comparisons are made
 */
public record ReceiptBody(ReportBody.Line line, String method) {}
