package chase.daemon.batchsize;

import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.StudySpec;

/** A recurring job as its client describes it. */
public sealed interface RecurringJob permits ZeusJob, ChaseJob {
  /** The maximum length of a name. */
  int MAX_NAME_LENGTH = 200;

  /** The maximum number of batch sizes: the cost model's arithmetic grows with its cube. */
  int MAX_BATCH_SIZES = 100;

  /** Which API it was registered through. */
  enum Api {
    /** That of Zeus's batch-size server. */
    ZEUS,
    /** Chase's own, {@code /v1/batch-sizes}. */
    CHASE
  }

  /** Its name; not blank. */
  String name();

  /** Which API it was registered through. */
  Api api();

  /** What a joule is charged by. */
  JouleWeight.CostBasis cost();

  /** The model of its GPUs; blank where unknown. */
  String gpuModel();

  /** How many GPUs it trains on. */
  int gpuCount();

  /** How its batch size is chosen; {@code otherwise} where its description does not say. */
  SearchMethod method(SearchMethod otherwise);

  /** The spec of its study, which leaves power limits to the daemon's policy. */
  StudySpec study(SearchMethod method);

  /** The description as JSON in ASCII: equal for equal ones, and read back by {@link #of}. */
  String json();

  /**
   * Whether a job may be called that: not blank, not longer than {@link #MAX_NAME_LENGTH}, and
   * nothing in it that a database cannot hold, such as a control character or half a character.
   */
  static boolean isValidName(String name) {
    return !name.isBlank()
        && name.length() <= MAX_NAME_LENGTH
        && name.codePoints()
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  /** Reads what {@link #json} wrote. */
  static RecurringJob of(Api api, String json) {
    return switch (api) {
      case ZEUS -> ZeusJob.stored(json);
      case CHASE -> ChaseJob.stored(json);
    };
  }
}
