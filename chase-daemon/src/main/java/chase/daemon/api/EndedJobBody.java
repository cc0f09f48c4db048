package chase.daemon.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A job that has ended, as the ledger knows it: {@code GET /v1/jobs/ID}.
 *
 * @param id its name on this host
 * @param name what people call it
 * @param origin {@code registered} or {@code anonymous}
 * @param user whose it was
 * @param labels what it was told apart by
 * @param gpus the UUIDs of its GPUs
 * @param policy what decided about them last
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param steps the steps that it counted
 * @param slowdownRatio how much slower than at full power it was
 * @param receipt what it used, emitted and cost
 */
public record EndedJobBody(
    String id,
    String name,
    String origin,
    Optional<String> user,
    Map<String, String> labels,
    List<String> gpus,
    Optional<String> policy,
    Instant startedAt,
    Optional<Instant> endedAt,
    OptionalLong steps,
    OptionalDouble slowdownRatio,
    ReceiptBody receipt) {}
