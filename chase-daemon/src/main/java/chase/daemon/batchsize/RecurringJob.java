package chase.daemon.batchsize;

import chase.zeus.batchsize.SearchMethod;
import chase.zeus.batchsize.StudySpec;

/** A recurring job as whoever registered it describes it. */
public sealed interface RecurringJob permits ZeusJob, ChaseJob {
  /** The longest name that is kept. */
  int MAX_NAME_LENGTH = 200;

  /** The most batch sizes of one job: the belief's arithmetic grows with their cube. */
  int MAX_BATCH_SIZES = 100;

  /** Which API it was registered through. */
  enum Api {
    /** That of Zeus's batch-size server. */
    ZEUS,
    /** Chase's own, {@code /v1/batch-sizes}. */
    CHASE
  }

  /** What it is known by; not blank. */
  String name();

  /** Which API it was registered through. */
  Api api();

  /** What a joule is charged by. */
  JouleWeight.CostBasis cost();

  /** The model of its GPUs; blank where nobody said. */
  String gpuModel();

  /** How many GPUs it trains on. */
  int gpuCount();

  /** How it wants its batch size chosen, where it may have no wish of its own. */
  SearchMethod method(SearchMethod otherwise);

  /** Its study, whose power limits are left to whoever governs the GPUs. */
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
      case ZEUS -> ZeusJobText.stored(json);
      case CHASE -> ChaseJob.stored(json);
    };
  }
}
